import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ClusterSimulator,
  demoLandscape,
} from '@kubernetes-topology/cluster-simulator';
import { Knex } from 'knex';
import { builtFromScratch } from '../cluster/__testUtils__/builtFromScratch';
import { eventually } from '../cluster/__testUtils__/eventually';
import { storedState } from '../cluster/__testUtils__/storedState';
import { Leases } from '../store/leases';
import { migrateUp } from '../store/migrate';
import { openSqlite } from '../store/openSqlite';
import { ReplicaSetUp } from './__testUtils__/replicaMessages';
import { ReplicaProcess } from './__testUtils__/replicaProcess';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const quick = { renewEvery: 300, leaseFor: 1_500, pollEvery: 300 };

let simulators: Record<string, ClusterSimulator>;
let processes: ReplicaProcess[];
let knex: Knex;
let database: ReplicaSetUp['database'];

async function simulate(...names: string[]): Promise<void> {
  for (const name of names) {
    simulators[name] = await ClusterSimulator.start({
      objects: demoLandscape(),
    });
  }
}

const urls = (...names: string[]) =>
  Object.fromEntries(names.map(name => [name, simulators[name].url]));

async function start(
  id: string,
  options: Partial<ReplicaSetUp> = {},
): Promise<ReplicaProcess> {
  const replica = await ReplicaProcess.start({
    id,
    database,
    clusters: urls(...Object.keys(simulators)),
    ...options,
  });
  processes.push(replica);
  return replica;
}

/** `''` for who holds a free one. */
async function holders(): Promise<Record<string, string>> {
  const { leases } = await new Leases(knex, 1_000).read();
  return Object.fromEntries(
    leases.map(({ cluster, holder }) => [cluster, holder ?? '']),
  );
}

/** How many clusters each replica holds, in the order of the ids; `''` for free ones. */
async function counts(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const holder of Object.values(await holders())) {
    found[holder] = (found[holder] ?? 0) + 1;
  }
  return found;
}

let changes = 0;

/** Changes an object of the cluster, and answers by which number: later ones are greater. */
function change(cluster: string): number {
  const [pod] = simulators[cluster]
    .list('Pod')
    .map(each => structuredClone(each));
  const mark = ++changes;
  pod.metadata.labels = { ...pod.metadata.labels, mark: `${mark}` };
  simulators[cluster].load([pod]);
  return mark;
}

async function isWritten(cluster: string, mark: number, within: number) {
  await eventually(async () => {
    await new Promise(done => setTimeout(done, 50));
    const rows = await knex('nodes')
      .join('clusters', 'clusters.id', 'nodes.cluster_id')
      .where('clusters.name', cluster)
      .pluck('labels');
    const marks = rows.map(
      row => (typeof row === 'string' ? JSON.parse(row) : row).mark ?? 0,
    );
    expect(Math.max(...marks.map(Number))).toBeGreaterThanOrEqual(mark);
  }, within);
}

async function areReady(...names: string[]) {
  await eventually(async () => {
    await new Promise(done => setTimeout(done, 100));
    const rows = await knex('clusters')
      .where({ state: 'ready' })
      .orderBy('name')
      .pluck('name');
    expect(rows).toEqual(names);
  }, 60_000);
}

/** In the order of the commits nobody wrote a cluster after somebody who got its lease later. */
async function expectOneWriterAtATime() {
  const rows = await knex('revisions')
    .orderBy('id')
    .select('id', 'cluster_id', 'fencing');
  const latest = new Map<number, number>();
  for (const { cluster_id: cluster, fencing } of rows) {
    expect(Number(fencing)).toBeGreaterThanOrEqual(latest.get(cluster) ?? 1);
    latest.set(cluster, Number(fencing));
  }
  return new Set(rows.map(({ fencing }) => Number(fencing))).size;
}

async function expectInStep(cluster: string) {
  await eventually(async () => {
    await new Promise(done => setTimeout(done, 300));
    const named = (state: object) =>
      JSON.parse(JSON.stringify(state).replaceAll(`${cluster}/`, 'demo/'));
    const expected = await builtFromScratch(simulators[cluster]);
    const stored = named(await storedState(knex, cluster));
    // The name of the cluster is part of what is hashed and shown of its own node.
    for (const state of [expected, stored]) {
      delete state.nodes['demo/Cluster//demo'];
      delete state.nodes[`demo/Cluster//${cluster}`];
      state.edges = state.edges.filter(
        (edge: string) => !edge.includes('Cluster//'),
      );
    }
    expect(stored).toEqual(expected);
  }, 60_000);
}

function expectEachOnceInOrder(revisions: readonly number[]) {
  expect(revisions).toEqual(revisions.map((_, nth) => revisions[0] + nth));
}

beforeEach(() => {
  simulators = {};
  processes = [];
});

afterEach(async () => {
  for (const replica of processes) {
    await replica.kill();
  }
  for (const simulator of Object.values(simulators)) {
    await simulator.stop();
  }
});

describe.each(databases.eachSupportedId())('replicas on %s', id => {
  beforeEach(async () => {
    knex = await databases.init(id);
    await migrateUp(knex);
    const { connection } = knex.client.config;
    // knex hides it from whoever prints the rest.
    database = { postgres: { ...connection, password: connection.password } };
  });

  it('share the clusters, all hear of all, and take over from the dead and from those who leave', async () => {
    const names = ['a', 'b', 'c', 'd'];
    await simulate(...names);
    const first = await start('first');
    await areReady(...names);
    expect(await counts()).toEqual({ first: 4 });

    const second = await start('second');
    await eventually(
      async () => expect(await counts()).toEqual({ first: 2, second: 2 }),
      10_000,
    );
    for (const name of names) {
      await isWritten(name, change(name), 10_000);
    }
    const { rows } = await knex.raw('SELECT MAX(id) AS newest FROM revisions');
    await eventually(() => {
      expect(first.revisions.at(-1)).toBe(Number(rows[0].newest));
      expect(second.revisions.at(-1)).toBe(Number(rows[0].newest));
    });
    expectEachOnceInOrder(first.revisions);
    expectEachOnceInOrder(second.revisions);

    // Its clusters are written again within 15 s, from the reading of its API servers to the row.
    const lost = Object.entries(await holders()).flatMap(([name, holder]) =>
      holder === 'first' ? [name] : [],
    );
    await first.kill();
    const killedAt = Date.now();
    const marks = lost.map(name => change(name));
    for (const [nth, name] of lost.entries()) {
      await isWritten(name, marks[nth], 15_000);
    }
    expect(Date.now() - killedAt).toBeLessThan(15_000);
    expect(await counts()).toEqual({ second: 4 });

    const third = await start('third');
    await eventually(
      async () => expect(await counts()).toEqual({ second: 2, third: 2 }),
      10_000,
    );
    await second.stop();
    // At once: long before a lease expires.
    await eventually(
      async () => expect(await counts()).toEqual({ third: 4 }),
      2_000,
    );
    for (const name of names) {
      await isWritten(name, change(name), 10_000);
    }
    expectEachOnceInOrder(third.revisions);
    expect(await expectOneWriterAtATime()).toBeGreaterThan(4);
  });

  it('never write both, also when one was paused and wakes up after its lease moved', async () => {
    await simulate('a', 'b');
    const replicas = [
      await start('first', { replicas: quick, workers: true }),
      await start('second', { replicas: quick, workers: true }),
    ];
    await areReady('a', 'b');
    const stop = new AbortController();
    const busy = (async () => {
      while (!stop.signal.aborted) {
        change('a');
        change('b');
        await new Promise(done => setTimeout(done, 15));
      }
    })();
    try {
      for (let round = 0; round < 6; round++) {
        const paused = replicas[round % 2];
        const other = replicas[(round + 1) % 2];
        await eventually(
          async () => expect(await counts()).toEqual({ first: 1, second: 1 }),
          20_000,
        );
        paused.pause();
        await eventually(
          async () => expect(await counts()).toEqual({ [other.id]: 2 }),
          20_000,
        );
        await isWritten('a', change('a'), 10_000);
        await isWritten('b', change('b'), 10_000);
        paused.wakeUp();
      }
    } finally {
      stop.abort();
      await busy;
    }
    expect(await expectOneWriterAtATime()).toBeGreaterThan(12);
    await expectInStep('a');
    await expectInStep('b');
    await eventually(() =>
      expect(replicas[0].revisions.at(-1)).toBe(replicas[1].revisions.at(-1)),
    );
    replicas.forEach(({ revisions }) => expectEachOnceInOrder(revisions));
  });

  it('take a cluster out only when nobody has been configured to follow it for a while', async () => {
    await simulate('a', 'b');
    const replicas = { ...quick, removalGrace: 2_000 };
    const former = await start('former', { replicas });
    await areReady('a', 'b');
    const latter = await start('latter', { replicas, clusters: urls('a') });
    await eventually(async () => {
      expect(await holders()).toEqual({ a: 'latter', b: 'former' });
    }, 10_000);
    await new Promise(done => setTimeout(done, 3_000));
    await isWritten('b', change('b'), 5_000);

    // The one goes on and the other one is replaced, as when a portal is upgraded.
    await former.stop();
    await eventually(async () => {
      const [row] = await knex('clusters').where({ name: 'b' });
      expect(row.state).toBe('failing');
      expect(row.message).toMatch(/not configured any more/);
    });
    expect(await knex('nodes').whereLike('key', 'b/%')).not.toEqual([]);
    latter.say({ type: 'setClusters', clusters: urls('a', 'b') });
    await areReady('a', 'b');
    await isWritten('b', change('b'), 5_000);

    latter.say({ type: 'setClusters', clusters: urls('a') });
    await eventually(
      async () => expect(await holders()).toEqual({ a: 'latter' }),
      10_000,
    );
    expect(await knex('clusters').pluck('name')).toEqual(['a']);
    expect(await knex('nodes').whereLike('key', 'b/%')).toEqual([]);
    await isWritten('a', change('a'), 5_000);
    await expectOneWriterAtATime();
  });
});

describe('two processes on one file of SQLite', () => {
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'replicas-'));
    const file = join(folder, 'topology.sqlite');
    knex = openSqlite(file);
    database = { sqlite: file };
    await migrateUp(knex);
  });

  afterEach(async () => {
    await knex.destroy();
    rmSync(folder, { recursive: true });
  });

  it('never write both: the newcomer begins at once, and a killed one is not waited for', async () => {
    await simulate('a');
    const first = await start('first');
    await areReady('a');
    const second = await start('second');
    await eventually(
      async () => expect(await holders()).toEqual({ a: 'second' }),
      3_000,
    );
    await isWritten('a', change('a'), 10_000);
    await second.kill();
    await first.kill();
    await start('third');
    const killedAt = Date.now();
    await isWritten('a', change('a'), 10_000);
    expect(Date.now() - killedAt).toBeLessThan(6_000);
    expect(await expectOneWriterAtATime()).toBeGreaterThan(2);
    await expectInStep('a');
  });
});
