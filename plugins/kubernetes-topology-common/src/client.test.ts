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
    ['kinds', c => c.kinds(), 'GET', '/kinds'],
    [
      "a cluster's kinds",
      c => c.kinds({ cluster: 'a' }),
      'GET',
      '/kinds?cluster=a',
    ],
    ['all nodes', c => c.nodes({}), 'GET', '/nodes'],
    [
      'some nodes',
      c =>
        c.nodes(
          { namespace: '', kind: ['Pod', 'Job.batch'], level: ['down'] },
          { limit: 5, cursor: 'c' },
        ),
      'GET',
      '/nodes?namespace=&kind=Pod&kind=Job.batch&level=down&limit=5&cursor=c',
    ],
    [
      'an entity in the past',
      c => c.entityTopology('system:shop', { at: '-10m' }),
      'GET',
      '/entities/system/default/shop/graph?at=-10m',
    ],
    [
      'a node in the past',
      c => c.node('c/Pod/s/p', { at: 7 }),
      'GET',
      '/node?key=c%2FPod%2Fs%2Fp&at=7',
    ],
    [
      'ancestors',
      c => c.ancestors('c/Pod/s/p', { depth: 2 }),
      'GET',
      '/ancestors?key=c%2FPod%2Fs%2Fp&depth=2',
    ],
    [
      'descendants',
      c => c.descendants('c/Pod/s/p', { at: 7, limit: 5, cursor: 'c' }),
      'GET',
      '/descendants?key=c%2FPod%2Fs%2Fp&limit=5&at=7&cursor=c',
    ],
    [
      'history',
      c => c.history('c/Pod/s/p', { from: '-1h' }),
      'GET',
      '/history?key=c%2FPod%2Fs%2Fp&from=-1h',
    ],
    [
      'what changed',
      c => c.diff({ from: '-1h', query: 'G.V()' }),
      'GET',
      '/diff?from=-1h&query=G.V%28%29',
    ],
    [
      'impact',
      c => c.impact('c/Pod/s/p', { limit: 3 }),
      'GET',
      '/impact?key=c%2FPod%2Fs%2Fp&limit=3',
    ],
    ['all incidents', c => c.incidents({}), 'GET', '/incidents'],
    [
      "an entity's incidents",
      c => c.incidents({ entityRef: 'system:shop' }, { limit: 3 }),
      'GET',
      '/incidents?entityRef=system%3Ashop&limit=3',
    ],
    ['favourites', c => c.favourites(), 'GET', '/favourites'],
    [
      'a new favourite',
      c => c.addFavourite({ name: 'a', query: 'G' }),
      'POST',
      '/favourites',
    ],
    [
      'another favourite',
      c => c.changeFavourite('a/b', { name: 'a', query: 'G' }),
      'PUT',
      '/favourites/a%2Fb',
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

  it('tells of a word that is probably misspelt', async () => {
    const hint = 'no kind is called "pods"; did you mean pod?';
    const { client } = clientAnswering(() =>
      Response.json([], { headers: { 'X-Kubernetes-Topology-Hint': hint } }),
    );
    await expect(client.query('G.V()')).resolves.toEqual({ value: [], hint });
  });

  it('asks for a form, and for a time', async () => {
    const { client, sent } = clientAnswering(
      () =>
        new Response('digraph g {}', {
          headers: { 'X-Kubernetes-Topology-Cut': 'after 10000 rows' },
        }),
    );
    await expect(client.queryAs('dot', 'G', { at: '-10m' })).resolves.toEqual({
      text: 'digraph g {}',
      cut: 'after 10000 rows',
    });
    expect(sent[0].headers.Accept).toBe('text/vnd.graphviz');
    expect(JSON.parse(sent[0].body!)).toEqual({ query: 'G', at: '-10m' });
  });

  it('has nothing to say of a favourite that is gone', async () => {
    const { client, sent } = clientAnswering(
      () => new Response(undefined, { status: 204 }),
    );
    await expect(client.removeFavourite('a')).resolves.toBeUndefined();
    expect(sent).toMatchObject([
      { method: 'DELETE', url: `${base}/favourites/a` },
    ]);
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
