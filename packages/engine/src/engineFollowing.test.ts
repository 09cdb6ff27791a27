import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ClusterSimulator,
  demoLandscape,
} from '@kubernetes-topology/cluster-simulator';
import { Knex } from 'knex';
import { builtFromScratch } from './cluster/__testUtils__/builtFromScratch';
import { eventually } from './cluster/__testUtils__/eventually';
import { quickTuning, silentLogger } from './cluster/__testUtils__/quickTuning';
import { storedState } from './cluster/__testUtils__/storedState';
import { TopologyEngine } from './engine';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

/** Patient, as the tests share the processor with what they test. */
const probe = { every: 200, everyWhileAway: 200, timeout: 5_000 };

describe.each(databases.eachSupportedId())('following, %s', database => {
  let simulator: ClusterSimulator;
  let knex: Knex;
  let engine: TopologyEngine;

  async function start() {
    engine = await TopologyEngine.create({
      knex,
      clusters: [
        {
          name: 'demo',
          connection: { url: simulator.url },
          headers: async () => ({}),
        },
      ],
      logger: silentLogger,
      workers: false,
      reading: { ...quickTuning, pageSize: 10, probe },
      replicas: { removalGrace: 0 },
    });
    engine.start();
  }

  async function inStep() {
    await eventually(async () => {
      // Building is hard work, and the engine has to get its turn.
      await new Promise(done => setTimeout(done, 200));
      expect(await storedState(knex, 'demo')).toEqual(
        await builtFromScratch(simulator),
      );
    }, 60_000);
  }

  async function writtenSince(revision: number) {
    await eventually(async () =>
      expect(await engine.revision()).toBeGreaterThan(revision),
    );
  }

  async function request(method: string, path: string, body?: object) {
    const response = await fetch(simulator.url + path, {
      method,
      headers: {
        'content-type':
          method === 'PATCH'
            ? 'application/merge-patch+json'
            : 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    expect([path, response.status, response.ok]).toEqual([
      path,
      response.status,
      true,
    ]);
  }

  const scale = (replicas: number) =>
    request(
      'PATCH',
      '/apis/apps/v1/namespaces/default/deployments/hello-node',
      {
        spec: { replicas },
      },
    );

  beforeEach(async () => {
    simulator = await ClusterSimulator.start({
      objects: demoLandscape(),
      controllers: true,
      speed: 20,
    });
    knex = await databases.init(database);
  });

  afterEach(async () => {
    await engine.stop();
    await simulator.stop();
  });

  it('is in step with a living cluster', async () => {
    await start();
    await inStep();
    await scale(4);
    await request('POST', '/api/v1/namespaces/default/secrets', {
      metadata: { name: 'fresh' },
      data: { key: 'dmFsdWU=' },
    });
    await inStep();
    await scale(0);
    await request('DELETE', '/api/v1/namespaces/default/secrets/fresh');
    await inStep();
    expect(JSON.stringify(await storedState(knex, 'demo'))).not.toContain(
      'dmFsdWU=',
    );
  }, 120_000);

  it('writes after a restart only what differs', async () => {
    await start();
    await inStep();
    await engine.stop();
    const before = await engine.revision();
    await scale(3);
    await eventually(() =>
      expect(
        simulator
          .list('Pod', 'default')
          .filter(({ metadata }) => metadata.name.startsWith('hello-node'))
          .length,
      ).toBe(3),
    );
    await start();
    await inStep();
    const [{ written }] = await knex('revisions')
      .where('id', '>', before)
      .sum({ written: 'nodes' });
    const all = Object.keys((await storedState(knex, 'demo')).nodes).length;
    expect(Number(written)).toBeGreaterThan(0);
    expect(Number(written)).toBeLessThan(all / 3);
  }, 120_000);

  it('loses nothing when it is stopped in the middle, again and again', async () => {
    for (let round = 0; round < 5; round++) {
      await start();
      await writtenSince(round);
      await scale(round % 3);
      await engine.stop();
    }
    await start();
    await inStep();
    expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]);
  }, 120_000);

  it('takes a cluster out that is not configured any more', async () => {
    await start();
    await inStep();
    await engine.setClusters([]);
    expect(await engine.clusters()).toEqual([]);
    expect(await storedState(knex, 'demo')).toEqual({
      nodes: {},
      edges: [],
      events: [],
    });
  }, 120_000);

  it('says when the API server is away, keeps the picture, and catches up', async () => {
    await start();
    await inStep();
    const before = Object.keys((await storedState(knex, 'demo')).nodes);
    const away = simulator.faults.goAway(1_000);
    await eventually(async () =>
      expect(await engine.clusters()).toMatchObject([{ state: 'failing' }]),
    );
    expect(Object.keys((await storedState(knex, 'demo')).nodes)).toEqual(
      expect.arrayContaining(before),
    );
    await away;
    await scale(3);
    await eventually(async () =>
      expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]),
    );
    await inStep();
  }, 120_000);
});
