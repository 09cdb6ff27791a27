import knexFactory, { Knex } from 'knex';
import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { POD, SECRET } from '../kinds';
import { databases } from './__testUtils__/databases';
import { HandMade } from './__testUtils__/handMade';
import { migrateUp } from './migrate';
import { HistoryEndsError } from './moment';
import { openSqlite } from './openSqlite';
import { TopologyStore } from './topologyStore';

jest.setTimeout(120_000);

const T = 1_700_000_000_000;
const directory = join(
  dirname(require.resolve('@kubernetes-topology/engine/package.json')),
  'migrations',
);

/** The schema of the first version, with a pod that reads a Secret: as that version wrote them. */
async function firstVersion(knex: Knex): Promise<HandMade> {
  await knex.migrate.up({
    directory,
    tableName: 'topology_migrations',
    name: '20261123000000_init.js',
  } as Knex.MigratorConfig);
  const made = new HandMade();
  const pod = made.node(POD, 'shop/cart', { labels: { app: 'cart' } });
  made.edge(pod, 'pod-secret', made.node(SECRET, 'shop/password'));
  await knex('clusters').insert({
    id: 1,
    name: 'demo',
    state: 'ready',
    at: T,
  });
  await knex('kinds').insert([
    { id: 1, api_group: '', kind: 'Pod', type: 'pod', text: 'Pod' },
    { id: 2, api_group: '', kind: 'Secret', type: 'secret', text: 'Secret' },
  ]);
  await knex('relations').insert({
    id: 1,
    name: 'pod-secret',
    relation_type: 'pod',
    class: 'config',
    suffers: 'source',
    strength: 'hard',
    metadata: '{}',
  });
  await knex('nodes').insert(
    made.nodes.map((node, nth) => ({
      id: node.id,
      cluster_id: 1,
      kind_id: nth + 1,
      namespace: node.namespace,
      name: node.name,
      key: node.key,
      uid: node.uid,
      level: node.verdict.level,
      labels: JSON.stringify(node.labels),
      properties: JSON.stringify(node.properties),
      verdict: JSON.stringify(node.verdict),
      hash: node.hash,
      created_at: node.createdAt,
      updated_at: T,
      revision: 1,
    })),
  );
  await knex('edges').insert({
    src: made.edges[0].source,
    rel: 1,
    dst: made.edges[0].target,
    required: 1,
    created_at: T,
  });
  await knex('revisions').insert({
    id: 1,
    cluster_id: 1,
    at: T,
    nodes: 2,
    edges: 1,
  });
  await knex('id_blocks').insert([
    { name: 'node', next: 4097 },
    { name: 'revision', next: 2 },
  ]);
  return made;
}

/** Writes and reads on; what a Pod that is changed then was called before, and is now. */
async function labelsOfChangedPod(
  knex: Knex,
  made: HandMade,
): Promise<{ before: object; after: object }> {
  const begun = Date.now();
  const store = await TopologyStore.create({ knex });
  const [pod] = made.nodes;
  expect(await store.reads.node(pod.key)).toMatchObject({
    key: pod.key,
    labels: { app: 'cart' },
    updatedAt: T,
  });
  expect((await store.reads.neighbours(pod.key)).neighbours).toHaveLength(1);
  expect((await store.loadCluster('demo')).nodes).toHaveLength(2);
  // What was removed before there was a log is not known.
  await expect(store.reads.node(pod.key, { at: T })).rejects.toThrow(
    HistoryEndsError,
  );
  const at = begun + 60_000;
  await store.write(
    made.delta({ at, nodes: [{ ...pod, hash: 'other', labels: {} }] }),
  );
  return {
    before: (await store.reads.node(pod.key, { at: at - 1 }))!.labels,
    after: (await store.reads.node(pod.key))!.labels,
  };
}

const CHANGED_LABELS = { before: { app: 'cart' }, after: {} };

describe.each(databases.eachSupportedId())('migrations on %s', id => {
  it('take a database of the first version up, with what is in it', async () => {
    const knex = await databases.init(id);
    expect(await labelsOfChangedPod(knex, await firstVersion(knex))).toEqual(
      CHANGED_LABELS,
    );
  });

  it('go up and down one by one, with rows in the tables', async () => {
    const knex = await databases.init(id);
    const config = { directory, tableName: 'topology_migrations' };
    await firstVersion(knex);
    const [, waiting] = await knex.migrate.list(config);
    expect(waiting.length).toBeGreaterThan(0);
    for (const _ of waiting) {
      await knex.migrate.up(config);
      await knex.migrate.down(config);
      await knex.migrate.up(config);
      const [{ count }] = await knex('nodes').count({ count: '*' });
      expect(Number(count)).toBe(2);
    }
    const [, left] = await knex.migrate.list(config);
    expect(left).toEqual([]);
  });
});

it('opens a file of the version before, in WAL mode, and with safe settings', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'topology-'));
  const file = join(folder, 'topology.sqlite');
  try {
    const old = openSqlite(file);
    const made = await firstVersion(old);
    await old.destroy();
    const knex = openSqlite(file);
    expect(await labelsOfChangedPod(knex, made)).toEqual(CHANGED_LABELS);
    const pragma = async (name: string) =>
      Object.values((await knex.raw(`PRAGMA ${name}`))[0])[0];
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(1);
    expect(await pragma('busy_timeout')).toBe(5000);
    await knex.destroy();
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('prepares a connection that is handed in as its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'topology-'));
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: { filename: join(folder, 'portal.sqlite') },
    useNullAsDefault: true,
  });
  try {
    await knex.raw('SELECT 1');
    await TopologyStore.create({ knex });
    const [{ synchronous }] = await knex.raw('PRAGMA synchronous');
    const [{ journal_mode: mode }] = await knex.raw('PRAGMA journal_mode');
    expect([synchronous, mode]).toEqual([1, 'wal']);
    await migrateUp(knex);
  } finally {
    await knex.destroy();
    await rm(folder, { recursive: true });
  }
});
