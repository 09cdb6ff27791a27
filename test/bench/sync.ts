// One first sync by the real engine, in a process of its own so that its memory is its own.
//
// The clock runs from the first request to the API server (discovery included) to the commit that makes the cluster
// `ready`. Before it are the migrations and loading code: from sources the worker compiles TypeScript for a second,
// which nobody who installs the built package pays. That time is printed beside (`startSeconds`).
//
// On a database that has the cluster already it is a restart instead, and the clock is the same.
//
// argv[2]: { url, token, database: <SQLite file> | <PostgreSQL connection string> }
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  KIND_DEFINITIONS,
  kindText,
  TopologyEngine,
  openSqlite,
} from '@kubernetes-topology/engine';
import knexFactory, { Knex } from 'knex';
import { keptMemory } from './table/keptMemory';

interface SyncOptions {
  url: string;
  token: string;
  database: string;
}

const silent = {
  debug() {},
  info() {},
  warn(message: string) {
    console.error(message);
  },
  error(message: string, details?: unknown) {
    console.error(message, details);
  },
};

function secondsBetween(from: bigint, to: bigint): number {
  return Number(to - from) / 1e9;
}

/** What the probe has to read: what we have read. */
async function listedPaths(knex: Knex) {
  const listed = await knex('kind_states')
    .join('kinds', 'kinds.id', 'kind_states.kind_id')
    .where('kind_states.state', 'listed')
    .pluck('kinds.text');
  return KIND_DEFINITIONS.filter(({ id }) => listed.includes(kindText(id))).map(
    ({ id, version, plural, metadataOnly }) => ({
      path: `${
        id.group === '' ? `/api/${version}` : `/apis/${id.group}/${version}`
      }/${plural}`,
      metadataOnly: metadataOnly === true,
    }),
  );
}

async function main({ url, token, database }: SyncOptions) {
  const knex = database.startsWith('postgresql:')
    ? knexFactory({ client: 'pg', connection: database })
    : openSqlite(database);
  let began: bigint | undefined;
  let loadedMegabytes = 0;
  const engine = await TopologyEngine.create({
    knex,
    // As the probe reads: the simulator's compression would be measured with us, on the same two cores.
    reading: { encoding: 'identity' },
    logger: silent,
    clusters: [
      {
        name: 'bench',
        connection: { url },
        headers: async () => {
          if (!began) {
            began = process.hrtime.bigint();
            loadedMegabytes = process.memoryUsage().rss / 2 ** 20;
          }
          return { authorization: `Bearer ${token}` };
        },
      },
    ],
  });
  const idleMegabytes = process.memoryUsage().rss / 2 ** 20;
  let peakMegabytes = idleMegabytes;
  const sampling = setInterval(() => {
    peakMegabytes = Math.max(
      peakMegabytes,
      process.memoryUsage().rss / 2 ** 20,
    );
  }, 20);
  const before = await engine.revision();
  const startedAt = process.hrtime.bigint();
  const startedMilliseconds = Date.now();
  const ready = new Promise<bigint>(resolve => {
    engine.onRevision(async () => {
      const now = process.hrtime.bigint();
      const [cluster] = await engine.clusters();
      // After a restart it is ready from before: its lists have to be told anew.
      const isListed =
        before === 0 ||
        cluster?.kinds.every(({ at }) => (at ?? 0) >= startedMilliseconds);
      if (cluster?.state === 'ready' && isListed) {
        resolve(now);
      }
    });
  });
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  engine.start();
  const readyAt = await ready;
  loop.disable();
  const seconds = secondsBetween(began!, readyAt);
  const startSeconds = secondsBetween(startedAt, began!);
  clearInterval(sampling);
  const kept = await keptMemory();
  const [written] = await knex('revisions')
    .where('id', '>', before)
    .select(knex.raw('SUM(nodes + edges) AS "rows"'));
  await engine.stop();
  const count = async (table: string) =>
    Number((await knex(table).count({ rows: '*' }))[0].rows);
  process.stdout.write(
    `${JSON.stringify({
      seconds,
      startSeconds,
      loopP99Milliseconds: loop.percentile(99) / 1e6,
      loopMaxMilliseconds: loop.max / 1e6,
      idleMegabytes,
      loadedMegabytes,
      peakMegabytes,
      kept,
      rowsWritten: Number(written.rows),
      nodes: await count('nodes'),
      edges: await count('edges'),
      paths: await listedPaths(knex),
    })}\n`,
  );
  await knex.destroy();
  process.exit(0);
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
