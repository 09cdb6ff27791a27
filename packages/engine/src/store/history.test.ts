import fc from 'fast-check';
import { Knex } from 'knex';
import { systemClock } from '../cluster/clock';
import { POD, SECRET } from '../kinds';
import { fixtureKey } from '../gremlin/__testUtils__/fixtureGraph';
import { DICTIONARY } from '../gremlin/__testUtils__/randomGraphs';
import {
  clear,
  DICTIONARY_KINDS,
  DICTIONARY_RELATIONS,
  record,
  scripts,
  START,
  stateAt,
} from '../gremlin/__testUtils__/recordedRun';
import { testStore } from '../gremlin/__testUtils__/testStore';
import { databases } from './__testUtils__/databases';
import { HandMade } from './__testUtils__/handMade';
import { HistoryEndsError } from './moment';
import { HistoryRetention, Pruned } from './retention';
import { TopologyStore } from './topologyStore';

jest.setTimeout(300_000);

const T = 1_700_000_000_000;
const logger = { info() {}, warn() {}, error() {}, debug() {} };
const never = new AbortController().signal;

/** Without its pauses. */
function prune(
  knex: Knex,
  now: number,
  limits: { maxAge?: number; maxVersions?: number },
): Promise<Pruned> {
  const clock = { ...systemClock, now: () => now, sleep: async () => {} };
  return new HistoryRetention({ knex, clock, logger, limits }).prune(never);
}

async function count(knex: Knex, table: string): Promise<number> {
  const [row] = await knex(table).count({ count: '*' });
  return Number(row.count);
}

describe.each(databases.eachSupportedId())('history on %s', id => {
  describe('of hand-made objects', () => {
    let knex: Knex;
    let store: TopologyStore;
    const made = new HandMade();
    const pod = made.node(POD, 'shop/cart', { labels: { app: 'cart' } });
    const secret = made.node(SECRET, 'shop/password');
    made.edge(pod, 'pod-secret', secret);

    beforeEach(async () => {
      knex = await databases.init(id);
      store = await TopologyStore.create({ knex });
      await store.write(made.delta({ at: T }));
    });

    const changed = (at: number, hash: string, status: string) =>
      made.delta({
        at,
        nodes: [{ ...made.nodes[0], hash, properties: { status } }],
        edges: [],
      });

    it('writes no version for what is new, nor for a heartbeat', async () => {
      await store.write(made.delta({ at: T + 1000 }));
      expect(await count(knex, 'node_versions')).toBe(0);
      expect(await count(knex, 'edge_versions')).toBe(0);
      expect((await store.reads.node(pod))!.updatedAt).toBe(T);
    });

    it('tells what changed, the newest first', async () => {
      await store.write(changed(T + 1000, 'a', 'Pending'));
      await store.write(
        made.delta({
          at: T + 2000,
          nodes: [],
          edges: [],
          verdicts: [
            {
              id: made.id(pod),
              verdict: { level: 'down', reason: 'Crashed', evidence: [] },
              hash: 'b',
            },
          ],
        }),
      );
      const { versions, more } = await store.reads.history(pod);
      expect(more).toBe(false);
      expect(
        versions.map(({ from, to, changes }) => ({ from, to, changes })),
      ).toEqual([
        {
          from: T + 2000,
          to: undefined,
          changes: [
            { part: 'level', before: 'ok', after: 'down' },
            { part: 'reason', before: 'Made', after: 'Crashed' },
          ],
        },
        {
          from: T + 1000,
          to: T + 2000,
          changes: [
            { part: 'property', name: 'made', before: 'by hand' },
            { part: 'property', name: 'status', after: 'Pending' },
          ],
        },
        { from: T, to: T + 1000, changes: undefined },
      ]);
      expect(versions.map(({ node }) => node.revision)).toEqual([3, 2, 1]);
    });

    it('is bounded, and cut to a span of time', async () => {
      for (let i = 1; i <= 5; i++) {
        await store.write(changed(T + i * 1000, `${i}`, `${i}`));
      }
      const last = await store.reads.history(pod, { limit: 2 });
      expect(last.versions.map(({ from }) => from - T)).toEqual([5000, 4000]);
      expect(last.more).toBe(true);
      expect(last.versions[1].changes).toHaveLength(1);
      const span = await store.reads.history(pod, {
        from: T + 1500,
        to: T + 2500,
      });
      expect(span.versions.map(({ from }) => from - T)).toEqual([2000, 1000]);
    });

    it.each([
      ['namespace', 'other', 0],
      ['namespace', 'shop', 2],
      ['kind', 'Secret', 0],
      ['cluster', 'demo', 2],
      ['key', pod, 2],
    ] as const)(
      'shows to a caller who may see the %s %s so many versions: %d',
      async (key, value, versions) => {
        await store.write(changed(T + 1000, 'a', 'Pending'));
        const filter = { key, values: [value] };
        const found = await store.reads.history(pod, { filter });
        expect(found.versions).toHaveLength(versions);
        const then = await store.reads.node(pod, { filter, at: T + 500 });
        expect(then === undefined).toBe(versions === 0);
      },
    );

    it('keeps what was removed, and tells it from what came again under its name', async () => {
      await store.write(
        made.delta({
          at: T + 1000,
          nodes: [],
          edges: [],
          removedNodes: [made.id(pod)],
        }),
      );
      const again = {
        ...made.nodes[0],
        id: 77 as (typeof made.nodes)[0]['id'],
        uid: 'another',
      };
      await store.write(
        made.delta({ at: T + 2000, nodes: [again], edges: [] }),
      );
      const { versions } = await store.reads.history(pod);
      expect(
        versions.map(({ from, to, node }) => [from, to, node.uid]),
      ).toEqual([
        [T + 2000, undefined, 'another'],
        [T, T + 1000, `uid-of-${pod}`],
      ]);
      expect(versions[0].changes).toBeUndefined();
      expect(await store.reads.node(pod, { at: T + 1500 })).toBeUndefined();
      const { neighbours } = await store.reads.neighbours(secret, {
        at: T + 999,
      });
      expect(neighbours.map(({ node }) => node.key)).toEqual([pod]);
      expect((await store.reads.neighbours(secret)).neighbours).toEqual([]);
    });

    it('notes an edge that becomes optional', async () => {
      const optional = [{ ...made.edges[0], required: false }];
      await store.write(made.delta({ at: T + 1000, edges: optional }));
      const required = async (at?: number) =>
        (await store.reads.neighbours(pod, { at })).neighbours[0].required;
      expect([
        await required(T + 999),
        await required(T + 1000),
        await required(),
      ]).toEqual([true, false, false]);
    });

    it('shows the graph of an entity as it was', async () => {
      await store.write(
        made.delta({
          at: T + 1000,
          nodes: [],
          edges: [],
          removedEdges: [made.edges[0]],
        }),
      );
      const keys = async (at?: number) =>
        (
          await store.reads.graph(
            [{ labels: [{ key: 'app', operator: 'In', values: ['cart'] }] }],
            { at },
          )
        ).nodes.map(({ key }) => key);
      expect(await keys(T + 500)).toEqual([pod, secret]);
      expect(await keys(T - 1)).toEqual([]);
      expect(await keys()).toEqual([pod]);
    });

    it('forgets a cluster that is taken out', async () => {
      await store.write(changed(T + 1000, 'a', 'Pending'));
      await store.removeCluster('demo', T + 2000);
      expect(await count(knex, 'node_versions')).toBe(0);
      expect((await store.reads.history(pod)).versions).toEqual([]);
    });

    it('keeps as many versions as it is told to, and refuses times before', async () => {
      for (let i = 1; i <= 10; i++) {
        await store.write(changed(T + i * 1000, `${i}`, `${i}`));
      }
      const pruned = await prune(knex, T + 11_000, { maxVersions: 4 });
      expect(pruned.nodes).toBe(6);
      expect(await count(knex, 'node_versions')).toBe(4);
      const status = async (at: number) =>
        (await store.reads.node(pod, { at }))!.properties.status;
      expect(await status(T + 6000)).toBe('6');
      await expect(status(T + 5999)).rejects.toThrow(HistoryEndsError);
      const { versions, since } = await store.reads.history(pod);
      expect(since).toBe(T + 6000);
      expect(versions).toHaveLength(5);
    });

    it('takes many rows off in steps, and revisions with them', async () => {
      await store.write(changed(T + 1000, 'a', 'Pending'));
      const [row] = await knex('node_versions').select();
      const { version: _, ...content } = row;
      for (let at = 0; at < 1000; at += 20) {
        await knex('node_versions').insert(
          Array.from({ length: 20 }, (__, nth) => ({
            ...content,
            labels: JSON.stringify({}),
            properties: JSON.stringify({}),
            verdict: JSON.stringify({}),
            valid_from: T + at + nth,
            valid_to: T + at + nth + 1,
          })),
        );
      }
      const pruned = await prune(knex, T + 10_000, { maxAge: 9_500 });
      expect(pruned).toEqual({ nodes: 500, edges: 0, revisions: 1 });
      expect(await count(knex, 'node_versions')).toBe(501);
      expect(await store.reads.revision()).toBe(2);
    });
  });

  it('reads at every time that is kept what was recorded then', async () => {
    const knex = await testStore(databases, id, DICTIONARY);
    const store = await TopologyStore.create({
      knex,
      runMigrations: false,
      kinds: DICTIONARY_KINDS,
      relations: DICTIONARY_RELATIONS,
    });
    await fc.assert(
      fc.asyncProperty(
        scripts,
        fc.integer({ min: -20, max: 3000 }),
        async (script, horizon) => {
          await clear(knex);
          await knex('history').update({ since: 0 });
          const states = await record(store, script);
          await prune(knex, START + horizon + 1000, { maxAge: 1000 });
          const keys = script.pool.nodes.map(fixtureKey);
          const times = [
            ...states.flatMap(({ at }) => [at - 1, at]),
            START + horizon,
            START + 100_000,
          ];
          for (const at of times.filter(time => time >= START + horizon)) {
            const { nodes, edges } = stateAt(states, at);
            const found = await store.reads.nodes(keys, { at });
            expect(found.map(shown).sort()).toEqual(
              nodes
                .map(node =>
                  shown({
                    ...node,
                    key: fixtureKey(node),
                    verdict: { level: node.level },
                  }),
                )
                .sort(),
            );
            for (const node of nodes) {
              const { neighbours } = await store.reads.neighbours(
                fixtureKey(node),
                { at },
              );
              const keyOf = (nodeId: number) =>
                fixtureKey(nodes.find(each => each.id === nodeId)!);
              expect(
                neighbours
                  .map(each =>
                    [each.direction, each.relation.name, each.node.key].join(),
                  )
                  .sort(),
              ).toEqual(
                edges
                  .flatMap(({ source, relation, target }) => [
                    ...(source === node.id
                      ? [['out', relation, keyOf(target)].join()]
                      : []),
                    ...(target === node.id
                      ? [['in', relation, keyOf(source)].join()]
                      : []),
                  ])
                  .sort(),
              );
            }
          }
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
  });
});

function shown(node: {
  key: string;
  verdict: { level: string };
  labels: unknown;
  properties: unknown;
  createdAt?: number;
  updatedAt: number;
  revision: number;
}): string {
  const { key, verdict, labels, properties, ...rest } = node;
  const { createdAt, updatedAt, revision } = rest;
  return JSON.stringify([
    key,
    verdict.level,
    inOrder(labels),
    inOrder(properties),
    createdAt,
    updatedAt,
    revision,
  ]);
}

/** PostgreSQL has an order of its own for the keys of objects. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOrder);
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, each]) => [name, inOrder(each)])
    : value;
}
