import { TestDatabases } from '@backstage/backend-test-utils';
import { ClusterSimulator } from '@kubernetes-topology/cluster-simulator';
import {
  LiveEvent,
  TopologyClient,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { PORTAL_TOKEN, startPortal } from './__testUtils__/startPortal';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

const secret = (name: string, labels = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'shop', labels },
  data: { password: 'c2VjcmV0' },
});
const QUERY = "G.V().Has('Type', 'secret')";

const namesOf = (elements: unknown) =>
  (elements as any[]).map(({ Metadata }) => Metadata.Name);

describe.each(databases.eachSupportedId())('GET /live, %s', database => {
  async function setUp() {
    const simulator = await ClusterSimulator.start({
      objects: [secret('first')],
      tokens: { 'cluster-token': { user: 'portal' } },
    });
    const portal = await startPortal({
      knex: await databases.init(database),
      clusters: [{ name: 'demo', url: simulator.url, token: 'cluster-token' }],
    });
    const client = new TopologyClient({
      discoveryApi: {
        getBaseUrl: async () => `${portal.url}/api/kubernetes-topology`,
      },
    });
    const stop = async () => {
      await portal.stop();
      await simulator.stop();
    };
    return { simulator, client, stop };
  }

  /** Reads until an event is as wanted. */
  async function until(
    events: AsyncGenerator<LiveEvent>,
    wanted: (event: LiveEvent) => boolean,
  ): Promise<LiveEvent> {
    for (;;) {
      const { value, done } = await events.next();
      if (done) {
        throw new Error('the stream has ended');
      }
      if (wanted(value)) {
        return value;
      }
    }
  }

  it('tells what changes in the cluster, goes on after a drop, and shows no value of a Secret', async () => {
    const { simulator, client, stop } = await setUp();
    const token = PORTAL_TOKEN;
    const leaving = new AbortController();
    try {
      const events = client.live(QUERY, { token, signal: leaving.signal });
      const has = (list: 'added' | 'changed', name: string) =>
        until(
          events,
          event =>
            event.type === 'changes' && namesOf(event[list]).includes(name),
        );
      await until(
        events,
        event =>
          (event.type === 'answer' && namesOf(event.value).includes('first')) ||
          (event.type === 'changes' && namesOf(event.added).includes('first')),
      );
      simulator.apply(secret('second'));
      const second = await has('added', 'second');
      expect(JSON.stringify(second)).not.toContain('c2VjcmV0');
      leaving.abort();

      simulator.apply(secret('third'));
      const again = new AbortController();
      const later = client.live(QUERY, {
        token,
        signal: again.signal,
        since: (second as { revision: number }).revision,
      });
      const third = await until(
        later,
        event =>
          event.type === 'answer' ||
          (event.type === 'changes' && event.added.length > 0),
      );
      expect(third).toMatchObject({ type: 'changes' });
      expect(namesOf((third as { added: unknown }).added)).toEqual(['third']);
      again.abort();
    } finally {
      await stop();
    }
  }, 60_000);

  it.each([
    ["G.V().Hsa('x')", 400, 'there is no step "Hsa"'],
    ['', 400, 'query'],
  ])(
    'answers the query %j with %d before any event',
    async (text, status, message) => {
      const { client, stop } = await setUp();
      try {
        await expect(
          client.live(text, { token: PORTAL_TOKEN }).next(),
        ).rejects.toMatchObject({
          statusCode: status,
          cause: { message: expect.stringContaining(message) },
        });
        await expect(client.live(QUERY).next()).rejects.toMatchObject({
          statusCode: 401,
        });
      } finally {
        await stop();
      }
    },
    60_000,
  );
});
