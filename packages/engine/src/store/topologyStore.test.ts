import { Knex } from 'knex';
import {
  CAPTURED_STATES,
  capturedUpdates,
} from '../graph/__testUtils__/capturedUpdates';
import { DeltaTable, sorted } from '../graph/__fixtures__/deltaTable';
import { ClusterGraph, newNodesAtMost } from '../graph/clusterGraph';
import { GraphDelta } from '../graph/delta';
import { StoredCluster } from '../graph/storedCluster';
import { KIND_DEFINITIONS, POD, RELATIONS, SECRET } from '../kinds';
import { databases } from './__testUtils__/databases';
import { HandMade } from './__testUtils__/handMade';
import { migrateDown, migrateUp } from './migrate';
import { NodeIdsExhaustedError } from './nodeIds';
import { TopologyStore } from './topologyStore';

jest.setTimeout(60_000);

const NOW = Date.parse('2026-01-01T00:00:00Z');

function graphOf(store: TopologyStore, restored?: StoredCluster): ClusterGraph {
  return ClusterGraph.create({
    cluster: 'lab',
    kinds: KIND_DEFINITIONS,
    relations: RELATIONS,
    allocateId: store.nodeIds.allocate,
    restored,
  });
}

/** Lists a captured state into a graph and its deltas into the store, as the engine does. */
async function sync(
  store: TopologyStore,
  graph: ClusterGraph,
  name: string,
): Promise<GraphDelta[]> {
  const deltas: GraphDelta[] = [];
  for (const update of capturedUpdates(name, 'lab', NOW)) {
    await store.nodeIds.reserve(newNodesAtMost(update));
    const delta = graph.apply(update, NOW);
    await store.write(delta);
    deltas.push(delta);
  }
  return deltas;
}

function rowsOf(deltas: readonly GraphDelta[]): number {
  return deltas.reduce(
    (sum, delta) =>
      sum +
      delta.nodes.length +
      (delta.verdicts?.length ?? 0) +
      delta.removedNodes.length +
      delta.edges.length +
      delta.removedEdges.length +
      delta.events.length +
      delta.removedEvents.length,
    0,
  );
}

async function counts(knex: Knex): Promise<Record<string, number>> {
  const tables = ['nodes', 'edges', 'object_events', 'revisions'];
  const found: Record<string, number> = {};
  for (const table of tables) {
    const [row] = await knex(table).count({ count: '*' });
    found[table] = Number(row.count);
  }
  return found;
}

describe.each(databases.eachSupportedId())('TopologyStore on %s', id => {
  let knex: Knex;
  beforeEach(async () => {
    knex = await databases.init(id);
  });

  it('migrates up and down and up again', async () => {
    await migrateUp(knex);
    await migrateDown(knex);
    expect(await knex.schema.hasTable('nodes')).toBe(false);
    await migrateUp(knex);
    expect(await knex.schema.hasTable('nodes')).toBe(true);
  });

  it.each(CAPTURED_STATES.slice(0, 3))(
    'holds the graph of %s as its deltas tell it',
    async name => {
      const store = await TopologyStore.create({ knex });
      const graph = graphOf(store);
      const table = new DeltaTable();
      const deltas = await sync(store, graph, name);
      deltas.forEach(delta => table.apply(delta));
      const stored = await store.loadCluster('lab');
      expect(stored.nodes.length).toBeGreaterThan(50);
      expect(stored.edges.length).toBeGreaterThan(100);
      expect(sorted(stored.nodes)).toEqual(sorted(graph.stored().nodes));
      expect(sorted(stored.edges)).toEqual(sorted([...table.edges.values()]));
      expect(sorted(stored.events)).toEqual(sorted([...table.events.values()]));
      const row = [...table.nodes.values()].find(
        each => each.kind.kind === 'Pod',
      )!;
      expect(await store.reads.node(row.key)).toMatchObject({
        key: row.key,
        cluster: 'lab',
        kind: POD,
        uid: row.uid,
        labels: row.labels,
        properties: row.properties,
        // As JSON, which knows no undefined.
        verdict: JSON.parse(JSON.stringify(row.verdict)),
        createdAt: row.createdAt,
      });
    },
  );

  it('after a restart writes only what differs', async () => {
    const store = await TopologyStore.create({ knex });
    const first = await sync(store, graphOf(store), 'cascade-db-crash.before');
    const restarted = await TopologyStore.create({ knex });
    const same = await sync(
      restarted,
      graphOf(restarted, await restarted.loadCluster('lab')),
      'cascade-db-crash.before',
    );
    expect(rowsOf(same)).toBe(0);
    const again = await TopologyStore.create({ knex });
    const graph = graphOf(again, await again.loadCluster('lab'));
    const changed = await sync(again, graph, 'cascade-db-crash');
    expect(rowsOf(changed)).toBeGreaterThan(0);
    expect(rowsOf(changed)).toBeLessThan(rowsOf(first) / 5);
    const stored = await again.loadCluster('lab');
    expect(sorted(stored.nodes)).toEqual(sorted(graph.stored().nodes));
    expect(sorted(stored.edges)).toEqual(sorted(graph.stored().edges));
  });

  it('writes all of a delta or nothing', async () => {
    const store = await TopologyStore.create({ knex });
    const made = new HandMade();
    const pod = made.node(POD, 'shop/cart');
    const secret = made.node(SECRET, 'shop/password');
    made.edge(pod, 'pod-secret', secret);
    const revision = await store.write(made.delta());
    const before = await counts(knex);
    const broken = made.delta({
      removedNodes: [made.id(secret)],
      nodes: [{ ...made.nodes[0], hash: 'other', name: 'other' }],
      edges: [{ ...made.edges[0], relation: 'no-such-relation' }],
    });
    await expect(store.write(broken)).rejects.toThrow(
      "Unknown relation 'no-such-relation'",
    );
    expect(await counts(knex)).toEqual(before);
    expect(await store.reads.node(pod)).toMatchObject({ name: 'cart' });
    expect(await store.reads.revision()).toBe(revision);
  });

  it('leaves a row alone whose hash did not change, and counts the revisions of the others', async () => {
    const store = await TopologyStore.create({ knex });
    const made = new HandMade();
    const pod = made.node(POD, 'shop/cart');
    await store.write(made.delta());
    await store.write(made.delta({ at: 5 }));
    expect(await store.reads.node(pod)).toMatchObject({ revision: 1 });
    const [row] = made.nodes;
    await store.write(made.delta({ nodes: [{ ...row, hash: 'other' }] }));
    await store.write(
      made.delta({
        nodes: [],
        verdicts: [
          {
            id: row.id,
            verdict: { level: 'down', reason: 'Crash', evidence: [] },
            hash: 'third',
          },
        ],
      }),
    );
    expect(await store.reads.node(pod)).toMatchObject({
      revision: 3,
      properties: { made: 'by hand' },
      verdict: { level: 'down', reason: 'Crash' },
    });
  });

  it('lets a name come back under another id in the same delta', async () => {
    const store = await TopologyStore.create({ knex });
    const made = new HandMade();
    const pod = made.node(POD, 'shop/cart');
    const secret = made.node(SECRET, 'shop/password');
    made.edge(pod, 'pod-secret', secret);
    await store.write(made.delta());
    const [row] = made.nodes;
    await store.write(
      made.delta({
        removedNodes: [row.id],
        nodes: [{ ...row, id: 77 as typeof row.id }],
        edges: [],
      }),
    );
    expect(await store.reads.node(pod)).toBeDefined();
    expect((await counts(knex)).edges).toBe(0);
  });

  it('stores what a termination message may hold', async () => {
    const store = await TopologyStore.create({ knex });
    const made = new HandMade();
    const pod = made.node(POD, 'shop/cart');
    const message = 'before\u0000after \ud800 \\u0000 „ü“ 🙂';
    made.nodes[0].verdict = {
      level: 'down',
      reason: 'Error',
      message,
      evidence: [],
    };
    const event = {
      about: pod,
      reason: 'Failed',
      source: 'kubelet',
      eventType: 'Warning' as const,
      message,
      count: 1,
      firstAt: 1,
      lastAt: 2,
    };
    await store.write(made.delta({ events: [event] }));
    const node = await store.reads.node(pod);
    expect(node?.verdict.message).toContain('\\u0000 „ü“ 🙂');
    const [row] = await store.reads.events(pod);
    expect(row.message).toContain('\\u0000 „ü“ 🙂');
    expect({ ...row, message }).toEqual(event);
  });

  it('knows the state of clusters and their kinds', async () => {
    const store = await TopologyStore.create({ knex });
    const made = new HandMade();
    await store.write(
      made.delta({
        kindStates: [
          { state: 'listing', kind: POD },
          { state: 'listed', kind: POD, resourceVersion: '12', objects: 3 },
          { state: 'forbidden', kind: SECRET, message: 'no right' },
        ],
        clusterState: { state: 'ready', message: '' },
      }),
    );
    const [demo] = await store.reads.clusters();
    const at = 1_700_000_001_000;
    expect(demo).toEqual({
      name: 'demo',
      state: 'ready',
      message: '',
      at,
      kinds: [
        { state: 'listed', kind: POD, resourceVersion: '12', objects: 3, at },
        { state: 'forbidden', kind: SECRET, message: 'no right', at },
      ],
    });
    await store.setClusterState(
      'demo',
      { state: 'failing', message: 'connection refused' },
      9,
    );
    expect((await store.reads.clusters())[0]).toMatchObject({
      state: 'failing',
      message: 'connection refused',
      at: 9,
    });
  });

  it('takes a cluster out and leaves the others', async () => {
    const store = await TopologyStore.create({ knex });
    const made = new HandMade();
    const pod = made.node(POD, 'shop/cart');
    made.edge(pod, 'pod-secret', made.node(SECRET, 'shop/password'));
    await store.write(made.delta());
    const other = new HandMade();
    const kept = other.node(POD, 'shop/cart', { cluster: 'demo2' });
    await store.write(
      other.delta({
        cluster: 'demo2',
        nodes: other.nodes.map(node => ({
          ...node,
          id: 50 as typeof node.id,
        })),
      }),
    );
    await store.removeCluster('demo', 3);
    expect(await store.reads.node(pod)).toBeUndefined();
    expect(await store.reads.node(kept)).toBeDefined();
    expect((await store.reads.clusters()).map(({ name }) => name)).toEqual([
      'demo2',
    ]);
    expect((await counts(knex)).edges).toBe(0);
  });

  it('hands out node ids once, and only reserved ones', async () => {
    const store = await TopologyStore.create({ knex });
    const other = await TopologyStore.create({ knex });
    expect(() => store.nodeIds.allocate()).toThrow(NodeIdsExhaustedError);
    const ids = new Set<number>();
    for (let round = 0; round < 3; round++) {
      await Promise.all([
        store.nodeIds.reserve(3000),
        other.nodeIds.reserve(3000),
      ]);
      for (let each = 0; each < 3000; each++) {
        ids.add(store.nodeIds.allocate());
        ids.add(other.nodeIds.allocate());
      }
    }
    expect(ids.size).toBe(18_000);
  });

  it('numbers the writes of several writers without a gap or a tie', async () => {
    const stores = [
      await TopologyStore.create({ knex }),
      await TopologyStore.create({ knex }),
    ];
    const written = await Promise.all(
      stores.flatMap((store, nth) =>
        [1, 2, 3].map(at =>
          store.write({
            ...new HandMade().delta({ at }),
            cluster: `cluster-${nth}`,
          }),
        ),
      ),
    );
    expect([...written].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
