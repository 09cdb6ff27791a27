// The limit of freshness: one watch of pods, each event parsed and its row written at once, no graph and no batches.
//
// argv[2]: { url, token, rate, seconds, base, database: <new and empty> }
import http from 'node:http';
import { isPostgres, openBarePostgres, openBareSqlite } from './database';
import { changeOf, lateness, milliseconds, patchPods } from './patching';

interface Options {
  url: string;
  token: string;
  rate: number;
  seconds: number;
  base: number;
  database: string;
}

const TABLE = 'CREATE TABLE pods (key text PRIMARY KEY, restarts integer)';
const UPSERT =
  'INSERT INTO pods (key, restarts) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET restarts = excluded.restarts';

async function openTable(
  database: string,
): Promise<(key: string, restarts: number) => Promise<unknown> | unknown> {
  if (isPostgres(database)) {
    const client = await openBarePostgres(database);
    await client.query(TABLE);
    return (key, restarts) =>
      client.query({ name: 'upsert', text: UPSERT, values: [key, restarts] });
  }
  const file = openBareSqlite(database);
  file.exec(TABLE);
  const upsert = file.prepare(UPSERT.replace(/\$\d/g, '?'));
  return (key, restarts) => upsert.run(key, restarts);
}

function get(url: string, token: string): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { headers: { authorization: `Bearer ${token}` } }, resolve)
      .on('error', reject);
  });
}

async function listPods(url: string, token: string) {
  const pods: string[] = [];
  let next = '';
  let resourceVersion = '';
  do {
    const chunks: Buffer[] = [];
    const page = `${url}/api/v1/pods?limit=500&continue=${encodeURIComponent(
      next,
    )}`;
    for await (const chunk of await get(page, token)) {
      chunks.push(chunk as Buffer);
    }
    const { metadata, items } = JSON.parse(Buffer.concat(chunks).toString());
    for (const pod of items) {
      pods.push(`${pod.metadata.namespace}/${pod.metadata.name}`);
    }
    next = metadata.continue ?? '';
    resourceVersion = metadata.resourceVersion;
  } while (next !== '');
  return { pods, resourceVersion };
}

interface PodEvent {
  object: {
    metadata: { namespace: string; name: string };
    status: { containerStatuses: { restartCount: number }[] };
  };
}

async function main({ url, token, rate, seconds, base, database }: Options) {
  const write = await openTable(database);
  const { pods, resourceVersion } = await listPods(url, token);
  const seen = new Map<number, number>();
  const watch = await get(
    `${url}/api/v1/pods?watch=1&resourceVersion=${resourceVersion}&timeoutSeconds=600`,
    token,
  );
  let rest = '';
  watch.setEncoding('utf8');
  watch.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const { object }: PodEvent = JSON.parse(line);
      const { namespace, name } = object.metadata;
      const restarts = object.status.containerStatuses[0].restartCount;
      void Promise.resolve(write(`${namespace}/${name}`, restarts)).then(() =>
        seen.set(changeOf(restarts, base), milliseconds()),
      );
    }
  });
  const changes = await patchPods({ url, token, pods, rate, seconds, base });
  while (seen.size < changes.length) {
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  process.stdout.write(`${JSON.stringify(lateness(changes, seen))}\n`);
  process.exit(0);
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
