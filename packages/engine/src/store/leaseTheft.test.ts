import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import knexFactory, { Knex } from 'knex';
import { GraphDelta } from '../graph/delta';
import { POD } from '../kinds';
import { HandMade } from './__testUtils__/handMade';
import { ClusterLease, LeaseLostError } from './clusterLease';
import { Leases } from './leases';
import { openSqlite } from './openSqlite';
import { TopologyStore } from './topologyStore';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const LEASE_FOR = 60_000;
const WRITES = 120;

/** Repeatable numbers in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A process, as far as the database can tell: it has connections of its own. */
class Writer {
  lease: ClusterLease | undefined;
  /** Runs before each of its statements. */
  beforeStatement: (() => Promise<void>) | undefined;

  /** @param like whose database, and by what client, it opens anew */
  static async create(id: string, like: Knex): Promise<Writer> {
    const writer = new Writer(id, like);
    writer.#store = await TopologyStore.create({ knex: writer.knex });
    return writer;
  }

  readonly knex: Knex;
  readonly leases: Leases;
  #store: TopologyStore | undefined;

  private constructor(readonly id: string, like: Knex) {
    const { config } = like.client;
    const beforeStatement = () => this.beforeStatement?.();
    class WatchedClient extends like.client.constructor {
      async _query(...args: unknown[]) {
        await beforeStatement();
        return super._query(...args);
      }
    }
    this.knex = knexFactory({ ...config, client: WatchedClient });
    this.knex.client.config.client = config.client;
    this.leases = new Leases(this.knex, LEASE_FOR);
  }

  get store(): TopologyStore {
    return this.#store!;
  }

  /** As if the holder had been silent for too long. */
  async steal(): Promise<boolean> {
    await this.knex('cluster_leases').update({ expires_at: 1 });
    const [state] = (await this.leases.read()).leases;
    this.lease = (await this.leases.take(this.id, state)) ?? this.lease;
    return this.lease !== undefined;
  }
}

function delta(nth: number): GraphDelta {
  const made = new HandMade();
  made.node(POD, `shop/${nth}`);
  made.nodes.forEach(node => Object.assign(node, { id: nth, isNew: true }));
  return made.delta();
}

async function proveOneWriter(
  writers: readonly Writer[],
  seed: number,
): Promise<{ written: number; refused: number }> {
  const random = randomFrom(seed);
  const [first] = writers;
  await first.leases.heartbeat({ id: first.id, clusters: ['demo'] });
  await first.steal();
  const expected: string[] = [];
  let refused = 0;
  for (let nth = 1; nth <= WRITES; nth++) {
    const holder = writers[Math.floor(random() * writers.length)];
    const thief = writers.find(writer => writer !== holder)!;
    const lease = holder.lease ?? { cluster: 'demo', fencing: 0 };
    let left = Math.floor(random() * 14);
    let theft: Promise<unknown> = Promise.resolve();
    holder.beforeStatement = async () => {
      if (left-- === 0) {
        theft = thief.steal().catch(() => false);
        // It has to wait for a write under way, and is through at once otherwise.
        await Promise.race([theft, new Promise(done => setTimeout(done, 40))]);
      }
    };
    const outcome = await holder.store.write(delta(nth), lease).then(
      () => 'written',
      error => error,
    );
    holder.beforeStatement = undefined;
    await theft;
    if (outcome === 'written') {
      expected.push(`${nth}`);
    } else {
      expect(outcome).toBeInstanceOf(LeaseLostError);
      refused++;
    }
  }
  const names = await first.knex('nodes').orderBy('id').pluck('name');
  expect(names).toEqual(expected);
  // In the order of the commits nobody wrote after somebody who got the lease later.
  const fencings: unknown[] = await first
    .knex('revisions')
    .orderBy('id')
    .pluck('fencing');
  expect(fencings).toHaveLength(expected.length);
  const numbers = fencings.map(Number);
  expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
  expect(new Set(numbers).size).toBeGreaterThan(WRITES / 30);
  return { written: expected.length, refused };
}

describe('a lease stolen between any two statements of a write', () => {
  describe.each(databases.eachSupportedId())('%s', database => {
    it.each([1, 2, 3])('never leaves two writers, seed %d', async seed => {
      const knex = await databases.init(database);
      const writers = [
        await Writer.create('r', knex),
        await Writer.create('s', knex),
      ];
      const { written, refused } = await proveOneWriter(writers, seed);
      expect(written).toBeGreaterThan(WRITES / 10);
      expect(refused).toBeGreaterThan(WRITES / 10);
      await Promise.all(writers.map(writer => writer.knex.destroy()));
    });

    it('ends a write that stands still, and nothing of it is kept', async () => {
      const knex = await databases.init(database);
      const still = await Writer.create('r', knex);
      const thief = await Writer.create('s', knex);
      const leases = new Leases(thief.knex, 1_000);
      await still.leases.heartbeat({ id: 'r', clusters: ['demo'] });
      await still.steal();
      let statements = 0;
      let wakeUp: () => void = () => {};
      still.beforeStatement = async () => {
        statements++;
        if (statements === 6) {
          await new Promise<void>(done => {
            wakeUp = done;
          });
        }
      };
      const writing = still.store
        .write(delta(1), still.lease)
        .catch(error => error);
      while (statements < 6) {
        await new Promise(done => setTimeout(done, 10));
      }
      await knex('cluster_leases').update({ expires_at: 1 });
      const began = Date.now();
      const [state] = (await leases.read()).leases;
      const taken = await leases.take('s', state);
      expect(taken).toBeDefined();
      expect(Date.now() - began).toBeLessThan(4_000);
      await thief.store.write(delta(2), taken);
      wakeUp();
      expect(await writing).toBeInstanceOf(Error);
      expect(await knex('nodes').pluck('name')).toEqual(['2']);
      await Promise.all([still, thief].map(writer => writer.knex.destroy()));
    });
  });

  describe('a file of SQLite', () => {
    let folder: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'lease-theft-'));
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    it.each([1, 2, 3])('never leaves two writers, seed %d', async seed => {
      const file = openSqlite(join(folder, 'topology.sqlite'));
      const writers = [
        await Writer.create('r', file),
        await Writer.create('s', file),
      ];
      for (const { knex } of writers) {
        // Both are in this thread: one that waited would keep the other one from going on.
        await knex.raw('PRAGMA busy_timeout = 0');
      }
      const { written, refused } = await proveOneWriter(writers, seed);
      expect(written).toBeGreaterThan(WRITES / 10);
      expect(refused).toBeGreaterThan(WRITES / 10);
      await Promise.all(writers.map(writer => writer.knex.destroy()));
      await file.destroy();
    });
  });
});
