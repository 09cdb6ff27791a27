import { KubernetesObject } from '../kindDefinition';
import { told } from './__testUtils__/shippedCatalog';

const istio = (
  kind: string,
  spec: object,
  rest: KubernetesObject = {},
): KubernetesObject => ({
  apiVersion: `${
    /Policy|Authentication/.test(kind) ? 'security' : 'networking'
  }.istio.io/v1`,
  kind,
  spec,
  ...rest,
});

it('a VirtualService routes to Services (R093) through Gateways (R094)', async () => {
  const { references, status } = await told(
    istio('VirtualService', {
      hosts: ['shop.example.com'],
      gateways: ['mesh', 'edge', 'istio-ingress/public'],
      http: [
        {
          route: [
            {
              destination: {
                host: 'reviews',
                subset: 'v1',
                port: { number: 9080 },
              },
            },
            { destination: { host: 'reviews', subset: 'v2' } },
            { destination: { host: 'ratings.prod.svc.cluster.local' } },
            { destination: { host: 'api.stripe.com' } },
            { destination: { host: '*.wild.com' } },
          ],
          mirror: { host: 'shadow' },
        },
      ],
      tcp: [
        {
          route: [{ destination: { host: 'mongo', port: { number: 27017 } } }],
        },
      ],
    }),
  );
  expect(references).toEqual([
    'virtualservice-service > Service shop/reviews {"subsets":["v1","v2"],"ports":["9080"]}',
    'virtualservice-service > Service prod/ratings',
    'virtualservice-service > Service shop/mongo {"ports":["27017"]}',
    'virtualservice-mirror > Service shop/shadow',
    'virtualservice-gateway > Gateway.networking.istio.io shop/edge',
    'virtualservice-gateway > Gateway.networking.istio.io istio-ingress/public',
  ]);
  expect(status).toBe('ok Exists');
});

it('a DestinationRule is about a Service and its subsets (R095)', async () => {
  const { references, selectors } = await told(
    istio('DestinationRule', {
      host: 'reviews',
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' } },
      ],
    }),
  );
  expect(references).toEqual([
    'destinationrule-service > Service shop/reviews',
  ]);
  expect(selectors).toEqual([
    'destinationrule-subset > Pod [own] version=v1',
    'destinationrule-subset > Pod [own] version=v2',
  ]);
});

it('a Gateway is served by pods anywhere, and its certificate is a guess', async () => {
  const { references, selectors } = await told(
    istio('Gateway', {
      selector: { istio: 'ingressgateway' },
      servers: [
        {
          port: { number: 443 },
          tls: { credentialName: 'shop-tls' },
          hosts: ['*'],
        },
      ],
    }),
  );
  expect(references).toEqual(['istio-gateway-secret > Secret shop/shop-tls?']);
  expect(selectors).toEqual([
    'istio-gateway-pod > Pod [all] istio=ingressgateway',
  ]);
});

describe.each(['AuthorizationPolicy', 'RequestAuthentication'])(
  'a %s (R097)',
  kind => {
    it.each<[string, object, object, string[], string[]]>([
      [
        'with a selector',
        { selector: { matchLabels: { app: 'web' } } },
        {},
        [],
        ['mesh-policy-pod > Pod [own] app=web'],
      ],
      ['for its namespace', {}, {}, [], ['mesh-policy-pod > Pod [own]']],
      [
        'with a selector, for the mesh',
        { selector: { matchLabels: { app: 'web' } } },
        { namespace: 'istio-system' },
        [],
        ['mesh-policy-pod > Pod [all] app=web'],
      ],
      ['for the mesh, not drawn', {}, { namespace: 'istio-system' }, [], []],
    ])('%s', async (_, spec, metadata, references, selectors) => {
      const found = await told(istio(kind, spec, { metadata }));
      expect(found.references).toEqual(references);
      expect(found.selectors).toEqual(selectors);
    });

    it('of a waypoint names its target, and no pods', async () => {
      const found = await told(
        istio(kind, {
          targetRefs: [
            {
              group: 'gateway.networking.k8s.io',
              kind: 'Gateway',
              name: 'waypoint',
            },
            { kind: 'Service', group: '', name: 'web' },
          ],
        }),
      );
      expect(found.references).toEqual([
        'mesh-policy-target > Gateway.gateway.networking.k8s.io shop/waypoint',
        'mesh-policy-target > Service shop/web',
      ]);
      expect(found.selectors).toEqual([]);
    });
  },
);

it('a Sidecar selects as its workloadSelector says', async () => {
  const { selectors } = await told(
    istio('Sidecar', { workloadSelector: { labels: { app: 'ratings' } } }),
  );
  expect(selectors).toEqual(['mesh-policy-pod > Pod [own] app=ratings']);
});

it('says what istiod found wrong', async () => {
  const { status } = await told(
    istio(
      'VirtualService',
      {},
      {
        status: {
          validationMessages: [
            {
              level: 'ERROR',
              type: { code: 'IST0101', name: 'ReferencedResourceNotFound' },
            },
          ],
        },
      },
    ),
  );
  expect(status).toBe('degraded InvalidConfiguration');
});

it.each<[string, string, object, string]>([
  ['allows nobody', 'AuthorizationPolicy', {}, 'ok AllowsNobody'],
  [
    'allows nobody, in so many words',
    'AuthorizationPolicy',
    { action: 'ALLOW' },
    'ok AllowsNobody',
  ],
  [
    'denies everybody',
    'AuthorizationPolicy',
    { action: 'DENY', rules: [{}] },
    'ok DeniesEverybody',
  ],
  [
    'denies some',
    'AuthorizationPolicy',
    { action: 'DENY', rules: [{ to: [{ operation: { paths: ['/x'] } }] }] },
    'ok Exists',
  ],
  ['denies nobody', 'AuthorizationPolicy', { action: 'DENY' }, 'ok Exists'],
  ['allows all', 'AuthorizationPolicy', { rules: [{}] }, 'ok Exists'],
  [
    'wants encryption',
    'PeerAuthentication',
    { mtls: { mode: 'STRICT' } },
    'ok Strict',
  ],
  [
    'can do without',
    'PeerAuthentication',
    { mtls: { mode: 'PERMISSIVE' } },
    'ok Exists',
  ],
])('says of a policy that it %s (R097)', async (_, kind, spec, expected) => {
  expect((await told(istio(kind, spec))).status).toBe(expected);
});

describe('who injects into a Namespace (R098)', () => {
  it.each<[string, object, string[]]>([
    [
      'the default revision',
      { labels: { 'istio-injection': 'enabled' } },
      ['namespace-mesh > Deployment.apps istio-system/istiod?'],
    ],
    [
      'a revision',
      { labels: { 'istio.io/rev': '1-27' } },
      ['namespace-mesh > Deployment.apps istio-system/istiod-1-27?'],
    ],
    ['nobody', { labels: { 'istio-injection': 'disabled' } }, []],
    [
      'linkerd',
      { annotations: { 'linkerd.io/inject': 'enabled' } },
      ['namespace-mesh > Deployment.apps linkerd/linkerd-proxy-injector?'],
    ],
  ])('%s', async (_, metadata, expected) => {
    const { references } = await told({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { ...metadata, name: 'shop', namespace: '' },
      status: { phase: 'Active' },
    });
    expect(references).toEqual(expected);
  });
});
