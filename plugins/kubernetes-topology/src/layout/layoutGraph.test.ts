import { bookinfoTopology } from '../fixtures/bookinfo';
import { randomLayoutInput } from '../__testUtils__/randomLayoutInput';
import { taskPvTopology } from '../fixtures/taskPv';
import { wordpressTopology } from '../fixtures/wordpress';
import { cascadeOf } from '../model/cascade';
import { drawingOf } from '../model/drawing';
import { layoutInputOf } from '../components/TopologyCanvas/flowElements';
import { collisions } from '../__testUtils__/collisions';
import { layoutGraph } from './layoutGraph';
import { LayoutInput } from './types';

function inputOf(topology: ReturnType<typeof wordpressTopology>): LayoutInput {
  return layoutInputOf(
    drawingOf(topology, {
      cascade: cascadeOf(topology.causes),
      opened: new Set(),
    }),
  );
}

describe('layoutGraph', () => {
  it.each([
    ['task-pv', inputOf(taskPvTopology())],
    ['wordpress', inputOf(wordpressTopology())],
    ['bookinfo', inputOf(bookinfoTopology(9))],
    ...[1, 2, 3, 4, 5, 6, 7, 8].map(
      seed =>
        [`a random landscape ${seed}`, randomLayoutInput(seed, 60)] as const,
    ),
  ] as [string, LayoutInput][])(
    'lays nothing over anything in %s',
    (_name, input) => {
      const layout = layoutGraph(input);
      expect(Object.keys(layout.positions)).toHaveLength(input.nodes.length);
      expect(collisions(input, layout)).toEqual([]);
    },
  );

  it('gives the same picture whatever the order', () => {
    const input = inputOf(wordpressTopology());
    expect(
      layoutGraph({
        nodes: [...input.nodes].reverse(),
        edges: [...input.edges].reverse(),
      }).positions,
    ).toEqual(layoutGraph(input).positions);
  });

  it('reads from left to right, volumes outside of the namespace', () => {
    const input = inputOf(wordpressTopology());
    const { positions, frames } = layoutGraph(input);
    const x = (key: string) => positions[`demo/${key}`].x;
    expect(x('Deployment.apps/wordpress/wordpress')).toBeLessThan(
      x('ReplicaSet.apps/wordpress/wordpress-764497fd54'),
    );
    expect(x('Pod/wordpress/wordpress-764497fd54-4nfqh')).toBeLessThan(
      x('Secret/wordpress/mysql-pass'),
    );
    const frame = frames.find(f => f.namespace === 'wordpress')!;
    expect(
      x('PersistentVolume//pvc-ead766fa-a563-41d6-bdd4-0c1b9e7b8e31'),
    ).toBeGreaterThan(frame.x + frame.width);
  });

  it('leads long edges around the nodes on their way', () => {
    const node = (id: string) => ({
      id,
      width: 224,
      height: 74,
      cluster: 'demo',
      namespace: 'shop',
    });
    const edge = (source: string, target: string) => ({
      id: `${source}-${target}`,
      source,
      target,
    });
    const { positions, routes } = layoutGraph({
      nodes: ['a', 'b', 'c', 'd'].map(node),
      edges: [edge('a', 'b'), edge('b', 'c'), edge('c', 'd'), edge('a', 'd')],
    });
    expect(Object.keys(routes)).toEqual(['a-d']);
    for (const point of routes['a-d']) {
      for (const id of ['b', 'c']) {
        const inColumn =
          point.x >= positions[id].x && point.x <= positions[id].x + 224;
        const inRow =
          point.y > positions[id].y && point.y < positions[id].y + 74;
        expect(inColumn && inRow).toBe(false);
      }
    }
  });

  it('copes with circles', () => {
    const input = randomLayoutInput(3, 12);
    const [first, second] = input.nodes;
    input.edges.push(
      { id: 'there', source: first.id, target: second.id },
      { id: 'back', source: second.id, target: first.id },
      { id: 'self', source: first.id, target: first.id },
    );
    expect(collisions(input, layoutGraph(input))).toEqual([]);
  });
});
