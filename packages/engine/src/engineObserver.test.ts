import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ClusterSimulator,
  demoLandscape,
} from '@kubernetes-topology/cluster-simulator';
import { Knex } from 'knex';
import { eventually } from './cluster/__testUtils__/eventually';
import { quickTuning, silentLogger } from './cluster/__testUtils__/quickTuning';
import { TopologyEngine } from './engine';
import { WrittenBatch } from './engineObserver';
import { selectRows } from './store/sqlDialect';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('an observer, %s', database => {
  let simulator: ClusterSimulator;
  let knex: Knex;
  let engine: TopologyEngine;
  let batches: WrittenBatch[];
  let told: string[];

  async function start(workers: boolean) {
    simulator = await ClusterSimulator.start({
      objects: demoLandscape(),
      tokens: {
        reader: {
          user: 'reader',
          rules: [
            {
              verbs: ['list', 'watch'],
              apiGroups: ['', 'apps'],
              resources: ['pods', 'services', 'deployments', 'replicasets'],
            },
          ],
        },
      },
    });
    knex = await databases.init(database);
    batches = [];
    told = [];
    engine = await TopologyEngine.create({
      knex,
      clusters: [
        {
          name: 'demo',
          connection: { url: simulator.url },
          headers: async () => ({ Authorization: 'Bearer reader' }),
        },
      ],
      logger: silentLogger,
      workers,
      reading: { ...quickTuning, pageSize: 10 },
      replicas: { removalGrace: 0 },
      observer: {
        followed: cluster => told.push(`followed ${cluster}`),
        unfollowed: cluster => told.push(`unfollowed ${cluster}`),
        wrote: batch => batches.push(batch),
      },
    });
    engine.start();
    await eventually(
      async () =>
        expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]),
      30_000,
    );
    // A reader may see a revision before the observer is told of it.
    await eventually(async () =>
      expect(batches.at(-1)?.revision).toBe(await engine.revision()),
    );
  }

  async function rows(table: string): Promise<number> {
    const [row] = await selectRows<{ count: number | string }>(
      knex,
      `SELECT COUNT(*) AS count FROM ${table}`,
    );
    return Number(row.count);
  }

  afterEach(async () => {
    await engine.stop();
    await simulator.stop();
  });

  it.each([true, false])(
    'is told what is held and what was written, worker thread: %s',
    async workers => {
      const startedAt = Date.now();
      await start(workers);
      const took = Date.now() - startedAt;
      const last = batches.at(-1)!;
      expect(last.graph).toMatchObject({
        nodes: await rows('nodes'),
        edges: await rows('edges'),
        queued: 0,
      });
      expect(last.graph!.edges).toBeGreaterThan(5);
      expect(last.revision).toBe(await engine.revision());
      expect(batches.map(({ revision }) => revision)).toEqual(
        batches.map((_, nth) => batches[0].revision + nth),
      );
      for (const batch of batches) {
        expect(batch.lag).toBeLessThan(took);
        expect(batch.took).toBeLessThan(took);
      }
      const states = batches.flatMap(({ kindStates }) => kindStates);
      expect(states).toContainEqual(
        expect.objectContaining({
          state: 'forbidden',
          kind: { group: '', kind: 'Secret' },
        }),
      );
      expect(batches.flatMap(({ kinds }) => kinds)).toContainEqual({
        group: '',
        kind: 'Pod',
      });
      const written = batches.reduce(
        (sum, { nodes }) => sum + nodes.written,
        0,
      );
      expect(written).toBeGreaterThanOrEqual(last.graph!.nodes);
      expect(told).toEqual(['followed demo']);
      await engine.stop();
      expect(told).toEqual(['followed demo', 'unfollowed demo']);
    },
    60_000,
  );

  it('tells the size of the database', async () => {
    await start(false);
    const size = await engine.databaseBytes();
    expect(size).toBeGreaterThan(50_000);
    expect(size).toBeLessThan(50_000_000);
  }, 60_000);

  it('takes no cluster away while there may be more than are known', async () => {
    await start(false);
    const stored = await rows('nodes');
    await engine.setClusters([], { isComplete: false });
    expect(told).toEqual(['followed demo', 'unfollowed demo']);
    expect(await rows('nodes')).toBe(stored);
    expect(await engine.clusters()).toMatchObject([
      { name: 'demo', state: 'ready', message: '' },
    ]);
    await engine.setClusters([]);
    expect(await engine.clusters()).toEqual([]);
  }, 60_000);
});
