import { TestDatabases } from '@backstage/backend-test-utils';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import request from 'supertest';
import { startPlugin } from '../__testUtils__/startPlugin';
import { MadeEdge, storedTopology } from '../__testUtils__/storedTopology';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const T = 1_700_000_000_000;
const PODS = 1000;
/** Bytes. Skydive's form names each pod three times. */
const WIRE = 22_000;

/** As generators name pods: the last part is what compresses least. */
function podName(index: number): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  let rest = (index * 2_654_435_761) % 2 ** 32;
  let suffix = '';
  for (let i = 0; i < 5; i++) {
    suffix += letters[rest % letters.length];
    rest = Math.floor(rest / letters.length);
  }
  return `web-7d4b9c6f58-${suffix}`;
}

/** As the portal's root router does it. */
function compressed(body: Buffer): Buffer {
  return brotliCompressSync(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
  });
}

describe('the weight of answers', () => {
  let started: Awaited<ReturnType<typeof startPlugin>>;
  let stored: Awaited<ReturnType<typeof storedTopology>>;

  beforeAll(async () => {
    stored = await storedTopology(await databases.init('SQLITE_3'));
    const replicaSet = 'demo/ReplicaSet.apps/shop/web-7d4b9c6f58';
    const pods = Array.from(
      { length: PODS },
      (_, index) => `demo/Pod/shop/${podName(index)}`,
    );
    await stored.write(
      T,
      [
        { key: replicaSet },
        ...pods.map((key, index) => ({
          key,
          labels: { app: 'web', 'pod-template-hash': '7d4b9c6f58' },
          properties: {
            Status: 'Running',
            IP: `10.${index % 7}.${index % 31}.${index % 251}`,
            Node: `node-${index % 20}`,
          },
        })),
      ],
      pods.map((pod): MadeEdge => [replicaSet, 'replicaset-pod', pod]),
    );
    started = await startPlugin({ topology: stored.engine });
  });
  afterAll(() => started.stop());

  it.each<[string, object | undefined]>([
    ['/query', { query: "G.V().Has('Type','pod')" }],
    ['/nodes?limit=1000&kind=Pod', undefined],
  ])(`${PODS} objects from %s stay small on the wire`, async (path, body) => {
    const url = `/api/kubernetes-topology${path}`;
    const ask = () =>
      (body
        ? request(started.server).post(url).send(body)
        : request(started.server).get(url)
      )
        .buffer(true)
        .parse((response, done) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => done(null, Buffer.concat(chunks)));
        });
    const spent: number[] = [];
    let sizes = '';
    let wire = 0;
    for (let i = 0; i < 15; i++) {
      const before = process.cpuUsage();
      const answer = await ask();
      // As the portal's root router compresses it; a test backend's does not.
      const brotli = compressed(answer.body);
      const { user, system } = process.cpuUsage(before);
      wire = brotli.length;
      sizes = `${answer.body.length} bytes, ${wire} as brotli, ${
        gzipSync(answer.body).length
      } as gzip`;
      expect(answer.status).toBe(200);
      spent.push((user + system) / 1000);
    }
    const median = spent.sort((one, other) => one - other)[7];
    // eslint-disable-next-line no-console
    console.info(
      `${path}: ${sizes}, ${median.toFixed(
        1,
      )} ms of CPU of client, server and compression`,
    );
    expect(wire).toBeLessThan(WIRE);
  });

  it('are made and compressed in little time', async () => {
    const spent: Record<string, number[]> = { read: [], written: [], br: [] };
    const { engine } = stored;
    const note = (what: string, { user, system }: NodeJS.CpuUsage) =>
      spent[what].push((user + system) / 1000);
    for (let i = 0; i < 31; i++) {
      const start = process.cpuUsage();
      const { value } = await engine.query("G.V().Has('Type','pod')");
      note('read', process.cpuUsage(start));
      expect(value).toHaveLength(PODS);
      const afterRead = process.cpuUsage();
      const text = JSON.stringify(value);
      note('written', process.cpuUsage(afterRead));
      const afterText = process.cpuUsage();
      compressed(Buffer.from(text));
      note('br', process.cpuUsage(afterText));
    }
    const medians = Object.entries(spent).map(
      ([what, each]) =>
        `${what} ${each.sort((a, b) => a - b)[15].toFixed(1)} ms`,
    );
    // eslint-disable-next-line no-console
    console.info(`CPU of the server: ${medians.join(', ')}`);
  });
});
