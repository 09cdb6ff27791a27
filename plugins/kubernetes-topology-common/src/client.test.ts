import { TopologyClient } from './client';

interface Sent {
  url: string;
  method?: string;
  headers: Record<string, string>;
  body?: string;
}

function clientAnswering(answer: () => Response) {
  const sent: Sent[] = [];
  const client = new TopologyClient({
    discoveryApi: {
      getBaseUrl: async id => `http://portal.example/api/${id}`,
    },
    fetchApi: {
      fetch: async (input, init) => {
        sent.push({
          url: String(input),
          method: init?.method,
          headers: init?.headers as Record<string, string>,
          body: init?.body as string | undefined,
        });
        return answer();
      },
    },
  });
  return { client, sent };
}

const base = 'http://portal.example/api/kubernetes-topology';

describe('TopologyClient', () => {
  it.each<
    [string, (client: TopologyClient) => Promise<unknown>, string, string]
  >([
    ['clusters', c => c.clusters(), 'GET', '/clusters'],
    [
      'the health of a cluster',
      c => c.clusterHealth('a/b'),
      'GET',
      '/clusters/a%2Fb/health',
    ],
    [
      'entity',
      c => c.entityTopology('Component:Shop/Cart'),
      'GET',
      '/entities/component/shop/cart/graph',
    ],
    [
      'entity in the default namespace',
      c => c.entityTopology('system:shop'),
      'GET',
      '/entities/system/default/shop/graph',
    ],
    [
      'node',
      c => c.node('a b/Pod/shop/cart-1'),
      'GET',
      '/node?key=a+b%2FPod%2Fshop%2Fcart-1',
    ],
    [
      'neighbours',
      c => c.neighbours('c/Pod/s/p', { limit: 5 }),
      'GET',
      '/neighbours?key=c%2FPod%2Fs%2Fp&limit=5',
    ],
    [
      'explanation',
      c => c.explanation('c/Pod/s/p'),
      'GET',
      '/explanation?key=c%2FPod%2Fs%2Fp',
    ],
    ['restart', c => c.restart({ target: { pods: [] } }), 'POST', '/restarts'],
    ['restart run', c => c.restartRun('a/b'), 'GET', '/restarts/a%2Fb'],
    ['first documents', c => c.documents({}), 'GET', '/documents?'],
    [
      'later documents',
      c => c.documents({ after: 7, limit: 100 }),
      'GET',
      '/documents?after=7&limit=100',
    ],
  ])('asks for %s', async (_, ask, method, path) => {
    const { client, sent } = clientAnswering(() => Response.json({ ok: 1 }));
    await expect(ask(client)).resolves.toEqual({ ok: 1 });
    expect(sent).toMatchObject([{ method, url: `${base}${path}` }]);
  });

  it('sends the query and the token, and tells when the answer was cut', async () => {
    const { client, sent } = clientAnswering(() =>
      Response.json([1], {
        headers: { 'X-Kubernetes-Topology-Cut': 'after 10000 rows' },
      }),
    );
    await expect(client.query('G.V()', { token: 't' })).resolves.toEqual({
      value: [1],
      cut: 'after 10000 rows',
    });
    expect(sent[0].headers.Authorization).toBe('Bearer t');
    expect(JSON.parse(sent[0].body!)).toEqual({ query: 'G.V()' });
  });

  it('has no value for an empty query', async () => {
    const { client } = clientAnswering(
      () => new Response(undefined, { status: 204 }),
    );
    await expect(client.query('')).resolves.toEqual({ value: null });
  });

  it.each(['', 'cart', 'component:', 'a:b/c/d'])(
    'refuses %j as an entity',
    async ref => {
      const { client, sent } = clientAnswering(() => Response.json({}));
      await expect(client.entityTopology(ref)).rejects.toThrow(
        'no entity reference',
      );
      expect(sent).toEqual([]);
    },
  );

  it("rejects with the portal's own words", async () => {
    const { client } = clientAnswering(() =>
      Response.json(
        {
          error: { name: 'NotAllowedError', message: 'you may not' },
          request: { method: 'GET', url: '/clusters' },
          response: { statusCode: 403 },
        },
        { status: 403 },
      ),
    );
    await expect(client.clusters()).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: 403,
      cause: { name: 'NotAllowedError', message: 'you may not' },
    });
  });
});
