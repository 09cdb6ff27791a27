import {
  randomLayoutInput,
  randomNumbers,
} from '../__testUtils__/randomLayoutInput';
import { collisions } from '../__testUtils__/collisions';
import { layoutGraph } from './layoutGraph';
import { stableLayout } from './stableLayout';
import { LayoutInput } from './types';

const node = (id: string, namespace = 'shop') => ({
  id,
  width: 224,
  height: 74,
  cluster: 'demo',
  namespace,
});
const edge = (source: string, target: string) => ({
  id: `${source}-${target}`,
  source,
  target,
});
const PODS: LayoutInput = {
  nodes: ['rs', 'pod-1', 'pod-2', 'secret'].map(id => node(id)),
  edges: [
    edge('rs', 'pod-1'),
    edge('rs', 'pod-2'),
    edge('pod-1', 'secret'),
    edge('pod-2', 'secret'),
  ],
};

describe('stableLayout', () => {
  it('is a fresh layout where nothing was before', () => {
    expect(stableLayout({ input: PODS })).toEqual(layoutGraph(PODS));
  });

  it('changes nothing where nothing changed', () => {
    const previous = layoutGraph(PODS);
    expect(stableLayout({ input: PODS, previous })).toEqual(previous);
  });

  it('leaves who stays in place when one goes', () => {
    const previous = layoutGraph(PODS);
    const { positions } = stableLayout({
      input: {
        nodes: PODS.nodes.filter(({ id }) => id !== 'pod-1'),
        edges: PODS.edges.filter(({ id }) => !id.includes('pod-1')),
      },
      previous,
    });
    for (const id of ['rs', 'pod-2', 'secret']) {
      expect(positions[id]).toEqual(previous.positions[id]);
    }
  });

  it('gives the place of a pod that went to the one that replaces it', () => {
    const previous = layoutGraph(PODS);
    const replaced: LayoutInput = JSON.parse(
      JSON.stringify(PODS).replaceAll('pod-1', 'pod-0'),
    );
    expect(
      stableLayout({ input: replaced, previous }).positions['pod-0'],
    ).toEqual(previous.positions['pod-1']);
  });

  it('puts a newcomer into its neighbours’ column while the old one is still there', () => {
    const previous = layoutGraph(PODS);
    const input: LayoutInput = {
      nodes: [...PODS.nodes, node('pod-3')],
      edges: [...PODS.edges, edge('rs', 'pod-3'), edge('pod-3', 'secret')],
    };
    const layout = stableLayout({ input, previous });
    for (const { id } of PODS.nodes) {
      expect(layout.positions[id]).toEqual(previous.positions[id]);
    }
    expect(layout.positions['pod-3'].x).toBe(previous.positions['pod-1'].x);
    expect(collisions(input, layout)).toEqual([]);
  });

  it('does not wander off when pods are replaced again and again', () => {
    const holding = (ids: string[]): LayoutInput => ({
      nodes: ['rs', 'secret', ...ids].map(id => node(id)),
      edges: ids.flatMap(id => [edge('rs', id), edge(id, 'secret')]),
    });
    const restarts = [3, 4, 5, 6, 7, 8, 9, 10, 11];
    const heights: number[] = [];
    restarts.reduce((previous, restart) => {
      const [first, second, third] = [2, 1, 0].map(
        age => `pod-${restart - age}`,
      );
      const during = stableLayout({
        input: holding([first, second, third]),
        previous,
      });
      const after = stableLayout({
        input: holding([second, third]),
        previous: during,
      });
      heights.push(after.positions[second].y, after.positions[third].y);
      return after;
    }, layoutGraph(PODS));
    const top = Math.min(
      ...Object.values(layoutGraph(PODS).positions).map(({ y }) => y),
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(top);
    expect(Math.max(...heights)).toBeLessThan(top + 5 * (74 + 22));
  });

  it('makes room for a namespace that was not there', () => {
    const previous = layoutGraph(PODS);
    const input: LayoutInput = {
      nodes: [...PODS.nodes, node('mail', 'mail'), node('volume', '')],
      edges: PODS.edges,
    };
    const layout = stableLayout({ input, previous });
    expect(layout.frames.map(frame => frame.id)).toContain('demo/mail');
    expect(layout.positions.rs).toEqual(previous.positions.rs);
    expect(collisions(input, layout)).toEqual([]);
  });

  it('starts afresh when hardly anything is left', () => {
    const input = randomLayoutInput(5, 40);
    const previous = layoutGraph({ nodes: input.nodes.slice(0, 2), edges: [] });
    expect(stableLayout({ input, previous })).toEqual(layoutGraph(input));
  });

  it('keeps a way around others only while both its ends stay', () => {
    const chain: LayoutInput = {
      nodes: ['a', 'b', 'c'].map(id => node(id)),
      edges: [edge('a', 'b'), edge('b', 'c'), edge('a', 'c')],
    };
    const previous = layoutGraph(chain);
    expect(Object.keys(previous.routes)).toEqual(['a-c']);
    const more = {
      nodes: [...chain.nodes, node('d')],
      edges: [...chain.edges, edge('c', 'd')],
    };
    expect(stableLayout({ input: more, previous }).routes['a-c']).toEqual(
      previous.routes['a-c'],
    );
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'lays nothing over anything while a landscape changes (%d)',
    seed => {
      const random = randomNumbers(seed * 7919);
      const all = randomLayoutInput(seed, 50);
      let previous = undefined;
      for (let change = 0; change < 6; change++) {
        const nodes = all.nodes.filter(() => random() < 0.8);
        const ids = new Set(nodes.map(({ id }) => id));
        const input = {
          nodes,
          edges: all.edges.filter(
            ({ source, target }) => ids.has(source) && ids.has(target),
          ),
        };
        previous = stableLayout({ input, previous });
        expect(collisions(input, previous)).toEqual([]);
      }
    },
  );
});
