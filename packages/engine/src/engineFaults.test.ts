import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ClusterSimulator,
  readObjectsFromFile,
} from '@kubernetes-topology/cluster-simulator';
import Database from 'better-sqlite3';
import { Knex } from 'knex';
import { builtFromScratch } from './cluster/__testUtils__/builtFromScratch';
import { eventually } from './cluster/__testUtils__/eventually';
import { quickTuning, silentLogger } from './cluster/__testUtils__/quickTuning';
import { storedState } from './cluster/__testUtils__/storedState';
import { TopologyEngine } from './engine';
import { WriteTuning } from './engineWriter';
import { openSqlite } from './store/openSqlite';

const state = resolve(
  __dirname,
  '../../../test/fixtures/clusters/bookinfo-healthy.json',
);
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('when the database fails', () => {
  let simulator: ClusterSimulator;
  let knex: Knex;
  let engine: TopologyEngine;

  beforeEach(async () => {
    simulator = await ClusterSimulator.start({
      objects: readObjectsFromFile(state),
    });
  });

  afterEach(async () => {
    await engine.stop();
    await simulator.stop();
  });

  async function start(writing: Partial<WriteTuning> = {}) {
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
      reading: {
        ...quickTuning,
        pageSize: 20,
        probe: { every: 500, everyWhileAway: 500, timeout: 5_000 },
      },
      writing,
    });
    engine.start();
  }

  async function inStep() {
    const expected = await builtFromScratch(simulator);
    await eventually(
      async () => expect(await storedState(knex, 'demo')).toEqual(expected),
      30_000,
    );
  }

  /** A new pod, and a change of an old one. */
  function touch() {
    const pods = simulator.list('Pod');
    const pod = structuredClone(pods[pods.length - 1]) as any;
    pod.metadata.labels = { ...pod.metadata.labels, at: `${Date.now()}` };
    simulator.load([pod]);
    pod.metadata.name = `new-${simulator.resourceVersion}`;
    delete pod.metadata.uid;
    simulator.load([pod]);
  }

  describe('a locked SQLite file', () => {
    let folder: string;
    let file: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'engine-faults-'));
      file = join(folder, 'topology.sqlite');
      knex = openSqlite(file);
    });

    afterEach(async () => {
      await engine.stop();
      await knex.destroy();
      rmSync(folder, { recursive: true });
    });

    async function lockedFor(milliseconds: number, meanwhile: () => void) {
      const other = new Database(file);
      other.exec('BEGIN IMMEDIATE');
      meanwhile();
      await new Promise(done => setTimeout(done, milliseconds));
      other.exec('ROLLBACK');
      other.close();
    }

    it.each([
      ['for a moment, writes again and loses nothing', 300, 20],
      ['for long, reads the cluster anew and loses nothing', 1_500, 2],
    ])(
      '%s',
      async (_, milliseconds, tries) => {
        await start({ tries, backOff: { base: 20, max: 40 } });
        await inStep();
        await knex.raw('PRAGMA busy_timeout = 0');
        await lockedFor(milliseconds, touch);
        touch();
        await inStep();
        expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]);
      },
      60_000,
    );

    it('slows reading down to what is written, and keeps little in between', async () => {
      await start({
        tries: 1_000,
        backOff: { base: 20, max: 40 },
        queueCapacity: 10,
      });
      await inStep();
      await knex.raw('PRAGMA busy_timeout = 0');
      await lockedFor(500, () => {
        // A new list of every kind, while nothing can be written.
        simulator.faults.forgetHistory();
        simulator.faults.expireWatches();
      });
      await inStep();
      touch();
      await inStep();
      expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]);
    }, 60_000);
  });

  describe.each(databases.eachSupportedId())('%s', database => {
    it('whose connections are cut, writes again and loses nothing', async () => {
      knex = await databases.init(database);
      await start({ backOff: { base: 20, max: 100 } });
      for (let round = 0; round < 20; round++) {
        touch();
        await knex
          .raw(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()`,
          )
          .catch(() => undefined);
        await new Promise(done => setTimeout(done, 30));
      }
      await inStep();
      touch();
      await inStep();
      expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]);
    }, 120_000);
  });
});
