import { TestDatabases } from '@backstage/backend-test-utils';
import request from 'supertest';
import { startPlugin } from '../__testUtils__/startPlugin';
import { MadeEdge, storedTopology } from '../__testUtils__/storedTopology';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const T = 1_700_000_000_000;
const PODS = 1000;

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

describe('the weight of answers', () => {
  let started: Awaited<ReturnType<typeof startPlugin>>;

  beforeAll(async () => {
    const stored = await storedTopology(await databases.init('SQLITE_3'));
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
  ])(
    `${PODS} objects from %s stay below 20 KB on the wire`,
    async (path, body) => {
      const url = `/api/kubernetes-topology${path}`;
      const ask = () =>
        (body
          ? request(started.server).post(url).send(body)
          : request(started.server).get(url)
        )
          .set('Accept-Encoding', 'gzip, br')
          .buffer(true)
          .parse((response, done) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('end', () => done(null, Buffer.concat(chunks)));
          });
      const cpu: number[] = [];
      let bytes = 0;
      let encoding = '';
      for (let i = 0; i < 12; i++) {
        const before = process.cpuUsage();
        const answer = await ask();
        const { user, system } = process.cpuUsage(before);
        expect(answer.status).toBe(200);
        cpu.push((user + system) / 1000);
        encoding = String(answer.headers['content-encoding'] ?? 'none');
        bytes = answer.body.length;
      }
      // eslint-disable-next-line no-console
      console.info(
        `${path}: ${encoding}, ${bytes} bytes, ${cpu
          .map(each => each.toFixed(1))
          .join(' ')} ms of CPU of server and client`,
      );
    },
  );
});
