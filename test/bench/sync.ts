// One first sync by the real engine, in a process of its own so that its memory is its own.
//
// argv[2]: { url, token, database: <SQLite file> | <PostgreSQL connection string> }
import {
  KIND_DEFINITIONS,
  TopologyEngine,
  openSqlite,
} from '@kubernetes-topology/engine';
import knexFactory from 'knex';

interface SyncOptions {
  url: string;
  token: string;
  database: string;
}

const silent = {
  debug() {},
  info() {},
  warn() {},
  error(message: string, details?: unknown) {
    console.error(message, details);
  },
};

async function main({ url, token, database }: SyncOptions) {
  const knex = database.startsWith('postgresql:')
    ? knexFactory({ client: 'pg', connection: database })
    : openSqlite(database);
  const engine = await TopologyEngine.create({
    knex,
    logger: silent,
    clusters: [
      {
        name: 'bench',
        connection: { url },
        headers: async () => ({ authorization: `Bearer ${token}` }),
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
  const began = process.hrtime.bigint();
  const ready = new Promise<number>(resolve => {
    engine.onRevision(async () => {
      const [cluster] = await engine.clusters();
      if (cluster?.state === 'ready') {
        resolve(Number(process.hrtime.bigint() - began) / 1e9);
      }
    });
  });
  engine.start();
  const seconds = await ready;
  clearInterval(sampling);
  await engine.stop();
  const count = async (table: string) =>
    Number((await knex(table).count({ rows: '*' }))[0].rows);
  process.stdout.write(
    `${JSON.stringify({
      seconds,
      idleMegabytes,
      peakMegabytes,
      nodes: await count('nodes'),
      edges: await count('edges'),
      paths: KIND_DEFINITIONS.map(({ id, version, plural, metadataOnly }) => ({
        path: `${
          id.group === '' ? `/api/${version}` : `/apis/${id.group}/${version}`
        }/${plural}`,
        metadataOnly: metadataOnly === true,
      })),
    })}\n`,
  );
  await knex.destroy();
  process.exit(0);
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
