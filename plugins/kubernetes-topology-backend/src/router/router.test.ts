import { mockCredentials } from '@backstage/backend-test-utils';
import { RELATION_HAS_PART } from '@backstage/catalog-model';
import request from 'supertest';
import { topologyConditions } from '../permissions/conditions';
import { InMemoryTopology, relation } from '../__testUtils__/inMemoryTopology';
import { Decision, startPlugin } from '../__testUtils__/startPlugin';
import { storedNode } from '../__testUtils__/storedNode';

const READ = 'kubernetes.topology.read';
const RESTART = 'kubernetes.topology.restart';

const cart = 'demo/Pod/shop/cart-1';
const cartSet = 'demo/ReplicaSet.apps/shop/cart';
const cartSecret = 'demo/Secret/shop/cart-key';
const teller = 'demo/Pod/bank/teller-1';
const tellerSet = 'demo/ReplicaSet.apps/bank/teller';
const outside = 'other/Node//n1';

function landscape(): InMemoryTopology {
  const topology = new InMemoryTopology([
    storedNode(cart, {
      labels: { app: 'cart', 'backstage.io/kubernetes-id': 'cart' },
      properties: { 'Spec.NodeName': 'n1' },
      verdict: {
        level: 'down',
        reason: 'CrashLoopBackOff',
        evidence: [],
        sequel: {
          at: 1,
          verdict: { level: 'ok', reason: 'later', evidence: [] },
        },
      },
    }),
    storedNode(cartSet, { labels: { app: 'cart' } }),
    storedNode(cartSecret),
    storedNode(teller, { labels: { app: 'teller' } }),
    storedNode(tellerSet),
    storedNode(outside),
  ]);
  const control = relation('replicaset-pod', { class: 'control' });
  topology.link(cartSet, control, cart);
  topology.link(tellerSet, control, teller);
  topology.link(cart, 'pod-secret', cartSecret);
  topology.link(teller, 'pod-secret', cartSecret);
  topology.states = [
    {
      name: 'demo',
      state: 'ready',
      message: '',
      at: 5,
      kinds: [
        {
          state: 'listed',
          kind: { group: '', kind: 'Pod' },
          resourceVersion: '9',
          objects: 2,
        },
        {
          state: 'forbidden',
          kind: { group: '', kind: 'Node' },
          message: 'nodes is forbidden',
        },
      ],
    },
    { name: 'other', state: 'syncing', message: '', at: 6, kinds: [] },
  ];
  topology.eventRows = [
    {
      about: cart as any,
      reason: 'BackOff',
      source: 'kubelet',
      eventType: 'Warning',
      message: 'Back-off restarting failed container',
      count: 3,
      firstAt: 1,
      lastAt: 2,
    },
  ];
  const victim = {
    key: cart as any,
    kind: 'Pod',
    namespace: 'shop',
    name: 'cart-1',
    verdict: topology.all.get(cart)!.verdict,
  };
  topology.explanations.set(cart, {
    answer: 'unexplained',
    victim,
    because: 'the logs know',
  });
  return topology;
}

const component = (name: string, annotations: Record<string, string>) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default', annotations },
});

const entities = [
  component('cart', { 'backstage.io/kubernetes-id': 'cart' }),
  component('teller', {
    'backstage.io/kubernetes-label-selector': 'app=teller',
  }),
  component('faulty', { 'backstage.io/kubernetes-label-selector': 'app=(' }),
  component('elsewhere', {
    'backstage.io/kubernetes-label-selector': 'app=teller',
    'backstage.io/kubernetes-cluster': 'other',
  }),
  component('bare', {}),
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'System',
    metadata: { name: 'all', namespace: 'default' },
    relations: ['cart', 'teller', 'faulty', 'gone', 'bare'].map(name => ({
      type: RELATION_HAS_PART,
      targetRef: `component:default/${name}`,
    })),
  },
];

const inShop = topologyConditions.isInNamespace({ namespaces: ['shop'] });
const base = '/api/kubernetes-topology';
const at = (key: string) => encodeURIComponent(key);

type Ask = (server: any) => request.Test;
const get =
  (path: string): Ask =>
  server =>
    request(server).get(`${base}${path}`);
const post =
  (path: string, body: object): Ask =>
  server =>
    request(server).post(`${base}${path}`).send(body);

/** Every route, once on what lies in the namespace shop and once on what lies outside. */
const routes: {
  route: string;
  inside: Ask;
  outside?: Ask;
  permission?: string;
  /** Says what a condition on the namespace shop must have cut from the answer of `inside`. */
  hides?: string;
}[] = [
  { route: 'GET /clusters', inside: get('/clusters') },
  { route: 'GET /clusters/…/health', inside: get('/clusters/demo/health') },
  {
    route: 'POST /query',
    inside: post('/query', { query: 'G.V()' }),
    hides: teller,
  },
  {
    route: 'GET /entities/…/graph',
    inside: get('/entities/system/default/all/graph'),
    hides: teller,
  },
  {
    route: 'GET /node',
    inside: get(`/node?key=${at(cartSecret)}`),
    outside: get(`/node?key=${at(teller)}`),
    hides: teller,
  },
  {
    route: 'GET /neighbours',
    inside: get(`/neighbours?key=${at(cartSecret)}`),
    outside: get(`/neighbours?key=${at(teller)}`),
    hides: teller,
  },
  {
    route: 'GET /explanation',
    inside: get(`/explanation?key=${at(cart)}`),
    outside: get(`/explanation?key=${at(teller)}`),
  },
  {
    route: 'GET /documents',
    inside: get('/documents'),
    hides: teller,
  },
  {
    route: 'POST /restarts of a pod',
    inside: post('/restarts', { target: { pods: [cart] }, dryRun: true }),
    outside: post('/restarts', { target: { pods: [teller] }, dryRun: true }),
  },
  {
    route: 'POST /restarts of dependents',
    inside: post('/restarts', {
      target: { dependentsOf: cartSecret },
      dryRun: true,
    }),
    outside: post('/restarts', {
      target: { dependentsOf: outside },
      dryRun: true,
    }),
    hides: teller,
  },
];

async function withPlugin(
  decisions: Record<string, Decision>,
  act: (server: any) => Promise<void>,
) {
  const { server, stop } = await startPlugin({
    topology: landscape(),
    entities,
    decisions,
  });
  try {
    await act(server);
  } finally {
    await stop();
  }
}

describe('permissions of every route', () => {
  it('allow: everything is answered', async () => {
    await withPlugin({}, async server => {
      for (const { route, inside, hides } of routes) {
        const { status, text } = await inside(server);
        expect([route, status, hides ? text.includes(hides) : true]).toEqual([
          route,
          200,
          true,
        ]);
      }
    });
  });

  it('deny: everything is refused with the permission that it takes', async () => {
    await withPlugin({ [READ]: 'deny' }, async server => {
      for (const { route, inside, outside: other } of routes) {
        for (const ask of [inside, other ?? inside]) {
          const { status, body } = await ask(server);
          expect([route, status, body.error?.name]).toEqual([
            route,
            403,
            'NotAllowedError',
          ]);
          expect(body.error.message).toContain(READ);
        }
      }
    });
  });

  it('conditional: only what meets the condition, and the rest is absent', async () => {
    await withPlugin({ [READ]: inShop }, async server => {
      for (const { route, inside, outside: other, hides } of routes) {
        const { status, text } = await inside(server);
        expect([route, status, hides && text.includes(hides)]).toEqual([
          route,
          200,
          hides && false,
        ]);
        const beyond = other && (await other(server)).status;
        expect([route, beyond]).toEqual([route, other && 404]);
      }
    });
  });

  it('unauthenticated: nothing is answered', async () => {
    await withPlugin({}, async server => {
      for (const { route, inside } of routes) {
        const { status } = await inside(server).set(
          'authorization',
          mockCredentials.none.header(),
        );
        expect([route, status]).toEqual([route, 401]);
      }
    });
  });

  it('a service is answered too', async () => {
    await withPlugin({}, async server => {
      const { status } = await get('/documents')(server).set(
        'authorization',
        mockCredentials.service.header(),
      );
      expect(status).toBe(200);
    });
  });

  it.each<[string, Decision, Decision, number, object]>([
    ['restart denied', 'allow', 'deny', 403, {}],
    ['read denied', 'deny', 'allow', 403, {}],
    [
      'restart only in another namespace',
      'allow',
      topologyConditions.isInNamespace({ namespaces: ['bank'] }),
      200,
      { [cart]: 'refused', [teller]: 'waiting' },
    ],
    [
      'restart nowhere',
      'allow',
      topologyConditions.isInCluster({ clusters: ['nowhere'] }),
      403,
      {},
    ],
    [
      'read in shop, restart everywhere',
      inShop,
      'allow',
      200,
      { [cart]: 'waiting' },
    ],
    [
      'both everywhere',
      'allow',
      'allow',
      200,
      { [cart]: 'waiting', [teller]: 'waiting' },
    ],
  ])('restarting: %s', async (_, read, restart, status, steps) => {
    await withPlugin({ [READ]: read, [RESTART]: restart }, async server => {
      const answer = await post('/restarts', {
        target: { dependentsOf: cartSecret },
        dryRun: true,
      })(server);
      expect(answer.status).toBe(status);
      expect(
        Object.fromEntries(
          (answer.body.pods ?? []).map((pod: any) => [pod.key, pod.step.state]),
        ),
      ).toEqual(steps);
    });
  });

  it('answers the permission backend for a batch, with what is gone as denied', async () => {
    await withPlugin({}, async server => {
      const { status, body } = await request(server)
        .post(`${base}/.well-known/backstage/permissions/apply-conditions`)
        .set('authorization', mockCredentials.service.header())
        .send({
          items: [
            {
              id: 'a',
              resourceRef: [cart, teller, 'demo/Pod/shop/gone'],
              resourceType: 'kubernetes-topology-node',
              conditions: inShop,
            },
          ],
        });
      expect([status, body.items]).toEqual([
        200,
        [{ id: 'a', result: ['ALLOW', 'DENY', 'DENY'] }],
      ]);
    });
  });
});

describe('routes', () => {
  let started: Awaited<ReturnType<typeof startPlugin>>;
  let topology: InMemoryTopology;

  beforeAll(async () => {
    topology = landscape();
    started = await startPlugin({
      topology,
      entities,
      config: {
        kubernetes: {
          clusterLocatorMethods: [
            {
              type: 'config',
              clusters: [
                { name: 'mine', url: 'https://x', authProvider: 'google' },
              ],
            },
          ],
        },
      },
    });
  });
  afterAll(() => started.stop());
  const ask = (route: Ask) => route(started.server);

  it('lists clusters, also those that cannot be watched', async () => {
    const { body } = await ask(get('/clusters'));
    expect(body).toEqual([
      {
        name: 'demo',
        state: 'ready',
        message: '',
        at: 5,
        kinds: [
          { kind: 'Pod', state: 'listed', objects: 2, message: '' },
          {
            kind: 'Node',
            state: 'forbidden',
            objects: 0,
            message: 'nodes is forbidden',
          },
        ],
      },
      { name: 'other', state: 'syncing', message: '', at: 6, kinds: [] },
      {
        name: 'mine',
        state: 'failing',
        message: expect.stringContaining('"google"'),
        at: expect.any(Number),
        kinds: [],
      },
    ]);
  });

  it.each([
    ["Skydive's field", { GremlinQuery: 'G.V()' }],
    ['our field', { query: 'G.V()' }],
  ])('queries by %s', async (_, body) => {
    const answer = await ask(post('/query', body));
    expect(answer.status).toBe(200);
    expect(answer.body).toHaveLength(6);
    expect(answer.body[0]).toMatchObject({
      ID: cart,
      Metadata: { Name: 'cart-1', Type: 'pod' },
      DeletedAt: null,
    });
    expect(answer.headers['x-kubernetes-topology-cut']).toBeUndefined();
  });

  it('says when an answer was cut, in characters that a header can carry', async () => {
    const { headers } = await ask(post('/query', { query: 'long' }));
    expect(headers['x-kubernetes-topology-cut']).toBe('after 2 rows');
  });

  it('says which word is probably misspelt where nothing was found', async () => {
    const { headers, body } = await ask(post('/query', { query: 'misspelt' }));
    expect(body).toEqual([]);
    expect(headers['x-kubernetes-topology-hint']).toBe(
      'no kind is called " bung"',
    );
  });

  it('answers an empty query with no content, as Skydive does', async () => {
    expect((await ask(post('/query', { GremlinQuery: ' ' }))).status).toBe(204);
  });

  it('says where a query is wrong', async () => {
    const { status, body } = await ask(post('/query', { query: 'bad' }));
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      name: 'InputError',
      message: 'line 1, column 2: not a step',
      line: 1,
      column: 2,
      excerpt: 'bad\n ^',
    });
  });

  it.each<[string, Ask, string]>([
    ['no query', post('/query', { text: 'G.V()' }), 'query'],
    ['a query that is no text', post('/query', { query: 1 }), 'query'],
    ['a long query', post('/query', { query: 'x'.repeat(10_001) }), 'query'],
    ['no key', get('/node'), 'key'],
    ['a long key', get(`/node?key=${'x'.repeat(1201)}`), 'key'],
    ['two keys', get('/node?key=a&key=b'), 'key'],
    ['a limit of 0', get('/neighbours?key=a&limit=0'), 'limit'],
    ['a limit above', get('/neighbours?key=a&limit=101'), 'limit'],
    ['a page above', get('/documents?limit=501'), 'limit'],
    ['a page before', get('/documents?after=-1'), 'after'],
    ['an entity of parts', get('/entities/a%2Fb/c/d/graph'), 'kind'],
    ['an entity of colons', get('/entities/a/c/d:e/graph'), 'name'],
    ['no target', post('/restarts', {}), 'target'],
    ['no pods', post('/restarts', { target: { pods: [] } }), 'target'],
    [
      'too many pods',
      post('/restarts', { target: { pods: Array(201).fill('a') } }),
      'target',
    ],
    [
      'two targets',
      post('/restarts', { target: { pods: ['a'], dependentsOf: 'b' } }),
      'target',
    ],
    [
      'a restart of what is no pod',
      post('/restarts', { target: { pods: [cartSecret] } }),
      'Secret cart-key in namespace shop',
    ],
    [
      'a faulty selector',
      get('/entities/component/default/faulty/graph'),
      'app=(',
    ],
  ])('refuses %s', async (_, route, words) => {
    const { status, body } = await ask(route);
    expect([status, body.error?.name]).toEqual([400, 'InputError']);
    expect(body.error.message).toContain(words);
  });

  it.each<[string, Ask]>([
    ['node', get('/node?key=demo/Pod/shop/none')],
    ['node of a text that is no key', get('/node?key=none')],
    ['neighbours', get('/neighbours?key=demo/Pod/shop/none')],
    ['explanation', get('/explanation?key=demo/Pod/shop/none')],
    ['entity', get('/entities/component/default/none/graph')],
    ['pod to restart', post('/restarts', { target: { pods: ['a/Pod/b/c'] } })],
    ['run', get('/restarts/none')],
    ['route', get('/none')],
  ])('has no such %s', async (_, route) => {
    expect((await ask(route)).status).toBe(404);
  });

  it('tells all of a node', async () => {
    const { body } = await ask(get(`/node?key=${at(cart)}`));
    expect(body).toEqual({
      node: {
        key: cart,
        cluster: 'demo',
        group: '',
        kind: 'Pod',
        namespace: 'shop',
        name: 'cart-1',
        verdict: { level: 'down', reason: 'CrashLoopBackOff', evidence: [] },
        createdAt: 1000,
      },
      labels: { app: 'cart', 'backstage.io/kubernetes-id': 'cart' },
      properties: { 'Spec.NodeName': 'n1' },
      events: [
        {
          reason: 'BackOff',
          source: 'kubelet',
          eventType: 'Warning',
          message: 'Back-off restarting failed container',
          count: 3,
          firstAt: 1,
          lastAt: 2,
        },
      ],
      neighbours: [
        {
          relation: 'replicaset-pod',
          class: 'control',
          direction: 'in',
          nodes: [expect.objectContaining({ key: cartSet })],
          more: 0,
        },
        {
          relation: 'pod-secret',
          class: 'config',
          direction: 'out',
          nodes: [expect.objectContaining({ key: cartSecret })],
          more: 0,
        },
      ],
    });
  });

  it('says how many neighbours there are beyond the limit', async () => {
    const { body } = await ask(
      get(`/neighbours?key=${at(cartSecret)}&limit=1`),
    );
    expect(body.neighbours).toMatchObject([
      { relation: 'pod-secret', direction: 'in', nodes: [{}], more: 1 },
    ]);
  });

  it('explains', async () => {
    const { body } = await ask(get(`/explanation?key=${at(cart)}`));
    expect(body).toMatchObject({
      answer: 'unexplained',
      victim: { key: cart, cluster: 'demo', group: '' },
      because: 'the logs know',
    });
  });

  it.each<[string, string[], string[]]>([
    ['component/default/cart', [cart], ['demo', 'other', 'mine']],
    ['component/default/teller', [teller], ['demo', 'other', 'mine']],
    ['component/default/elsewhere', [], ['other']],
    ['component/default/bare', [], ['demo', 'other', 'mine']],
    ['system/default/all', [cart, teller], ['demo', 'other', 'mine']],
  ])('gathers the graph of %s', async (entity, own, clusters) => {
    const { status, body } = await ask(get(`/entities/${entity}/graph`));
    expect(status).toBe(200);
    expect(body.own).toEqual(own);
    expect(body.clusters.map((c: any) => c.name)).toEqual(clusters);
    expect(body.revision).toBe(1);
    expect(body.entityRef).toBe(entity.replace('/', ':'));
  });

  it('tells the edges, what is unexplained, and which part could not be read', async () => {
    const { body } = await ask(get('/entities/system/default/all/graph'));
    expect(body.edges).toContainEqual({
      source: cart,
      target: cartSecret,
      relation: 'pod-secret',
      relationType: 'pod',
      class: 'config',
      required: true,
    });
    expect(body.unexplained).toMatchObject([{ key: cart }]);
    expect(body.hidden).toEqual([
      {
        count: 1,
        what: expect.stringMatching(/^component:default\/faulty: .*app=\(/),
      },
    ]);
  });

  it('writes audit events of reads with what was asked', async () => {
    started.audits.length = 0;
    await ask(post('/query', { query: 'G.V()' }));
    await ask(post('/query', { query: 'bad' }));
    await ask(get('/entities/component/default/cart/graph'));
    expect(started.audits).toMatchObject([
      {
        event: {
          eventId: 'topology-read',
          severityLevel: 'low',
          meta: { queryType: 'gremlin', query: 'G.V()' },
        },
        end: 'success',
      },
      { event: { meta: { query: 'bad' } }, end: 'fail' },
      {
        event: {
          meta: { queryType: 'by-entity', entityRef: 'component:default/cart' },
        },
        end: 'success',
      },
    ]);
  });

  it('hints at a change on the signals channel', async () => {
    started.signals.length = 0;
    topology.changed();
    expect(started.signals).toEqual([
      {
        recipients: { type: 'broadcast' },
        channel: 'kubernetes-topology',
        message: { revision: await topology.revision() },
      },
    ]);
  });
});

it('starts and stops the engine with the backend', async () => {
  const topology = landscape();
  const { stop } = await startPlugin({ topology });
  expect([topology.started, topology.stopped]).toEqual([true, false]);
  await stop();
  expect(topology.stopped).toBe(true);
});
