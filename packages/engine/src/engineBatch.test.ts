import fc from 'fast-check';
import { DeltaBatch } from './engineBatch';
import { GraphDelta, NodeId, NodeRow } from './graph/delta';
import { NodeKey } from './kinds/identity';
import { Verdict } from './kinds/status';

/** What the tables hold, written in the order of `store/writeDelta.ts`. */
class Tables {
  readonly nodes = new Map<NodeId, Pick<NodeRow, 'key' | 'verdict' | 'hash'>>();
  readonly edges = new Map<string, boolean>();
  readonly events = new Map<string, number>();

  write(delta: GraphDelta): this {
    for (const id of delta.removedNodes) {
      this.nodes.delete(id);
      for (const edge of [...this.edges.keys()]) {
        const [source, target] = edge.split(' ');
        if (source === String(id) || target === String(id)) {
          this.edges.delete(edge);
        }
      }
    }
    for (const { source, target } of delta.removedEdges) {
      this.edges.delete(`${source} ${target}`);
    }
    for (const { id, key, verdict, hash } of delta.nodes) {
      if (
        [...this.nodes].some(([each, row]) => row.key === key && each !== id)
      ) {
        throw new Error(`two nodes are called ${key}`);
      }
      this.nodes.set(id, { key, verdict, hash });
    }
    for (const { id, verdict, hash } of delta.verdicts ?? []) {
      const row = this.nodes.get(id);
      if (!row) {
        throw new Error(`a verdict on node ${id}, which is not there`);
      }
      this.nodes.set(id, { ...row, verdict, hash });
    }
    for (const { source, target, required } of delta.edges) {
      if (!this.nodes.has(source) || !this.nodes.has(target)) {
        throw new Error(`an edge ${source} → ${target} without its ends`);
      }
      this.edges.set(`${source} ${target}`, required);
    }
    delta.removedEvents.forEach(({ reason }) => this.events.delete(reason));
    delta.events.forEach(({ reason, count }) => this.events.set(reason, count));
    return this;
  }
}

type Step =
  | { do: 'node' | 'remove'; name: number; hash: number }
  | { do: 'verdict'; name: number; hash: number }
  | { do: 'edge'; name: number; other: number; required: boolean }
  | { do: 'unlink'; name: number; other: number }
  | { do: 'event' | 'withdraw'; name: number; hash: number };

const name = fc.nat(4);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('node' as const, 'remove' as const),
    name,
    hash: fc.nat(),
  }),
  fc.record({ do: fc.constant('verdict' as const), name, hash: fc.nat() }),
  fc.record({
    do: fc.constant('edge' as const),
    name,
    other: name,
    required: fc.boolean(),
  }),
  fc.record({ do: fc.constant('unlink' as const), name, other: name }),
  fc.record({
    do: fc.constantFrom('event' as const, 'withdraw' as const),
    name,
    hash: fc.nat(9),
  }),
);

/** Turns steps into deltas that a graph could report: one for each step, and an id never comes back. */
function deltasOf(steps: readonly Step[]): GraphDelta[] {
  const ids = new Map<number, NodeId>();
  let lastId = 0;
  const verdict = (hash: number): Verdict => ({
    level: 'ok',
    reason: `R${hash}`,
    evidence: [],
  });
  const event = (reason: number) => ({
    about: 'demo/Pod/a/b' as NodeKey,
    reason: String(reason),
    source: 'kubelet',
  });
  return steps.flatMap((each, at): GraphDelta[] => {
    const delta: GraphDelta = {
      cluster: 'demo',
      at,
      nodes: [],
      removedNodes: [],
      edges: [],
      removedEdges: [],
      events: [],
      removedEvents: [],
      kindStates: [],
    };
    const id = ids.get(each.name);
    switch (each.do) {
      case 'node': {
        const own = id ?? (++lastId as NodeId);
        ids.set(each.name, own);
        const { hash } = each;
        delta.nodes.push({
          id: own,
          key: `demo/Pod/a/${each.name}` as NodeKey,
          kind: { group: '', kind: 'Pod' },
          namespace: 'a',
          name: String(each.name),
          labels: {},
          properties: {},
          verdict: verdict(hash),
          hash: String(hash),
        });
        return [delta];
      }
      case 'remove':
        ids.delete(each.name);
        return id ? [{ ...delta, removedNodes: [id] }] : [];
      case 'verdict': {
        const { hash } = each;
        const row = { verdict: verdict(hash), hash: String(hash) };
        return id ? [{ ...delta, verdicts: [{ id, ...row }] }] : [];
      }
      case 'event':
        delta.events.push({
          ...event(each.name),
          eventType: 'Normal',
          message: '',
          count: each.hash,
          firstAt: 0,
          lastAt: 0,
        });
        return [delta];
      case 'withdraw':
        return [{ ...delta, removedEvents: [event(each.name)] }];
      default: {
        const target = ids.get(each.other);
        if (!id || !target) {
          return [];
        }
        const ends = { source: id, relation: 'r', target };
        return [
          each.do === 'edge'
            ? { ...delta, edges: [{ ...ends, required: each.required }] }
            : { ...delta, removedEdges: [ends] },
        ];
      }
    }
  });
}

describe('DeltaBatch', () => {
  it('leaves the tables as the deltas would one after another, however they are cut into batches', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (steps, size) => {
          const deltas = deltasOf(steps);
          const oneByOne = new Tables();
          deltas.forEach(delta => oneByOne.write(delta));
          const merged = new Tables();
          for (let at = 0; at < deltas.length; at += size) {
            const batch = new DeltaBatch('demo');
            deltas.slice(at, at + size).forEach(delta => batch.add(delta));
            merged.write(batch.delta());
          }
          expect(merged).toEqual(oneByOne);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('keeps the last state of each kind and of the cluster', () => {
    const batch = new DeltaBatch('demo');
    const [empty] = deltasOf([{ do: 'withdraw', name: 0, hash: 0 }]);
    const kind = { group: '', kind: 'Pod' };
    batch.add({ ...empty, at: 5, kindStates: [{ state: 'listing', kind }] });
    batch.add({
      ...empty,
      at: 7,
      kindStates: [{ state: 'listed', kind, resourceVersion: '9', objects: 3 }],
      clusterState: { state: 'ready', message: '' },
    });
    batch.add({ ...empty, at: 6 });
    expect(batch.delta()).toMatchObject({
      at: 7,
      kindStates: [{ state: 'listed', objects: 3 }],
      clusterState: { state: 'ready' },
    });
  });
});
