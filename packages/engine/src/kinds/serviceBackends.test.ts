import {
  NOW,
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { deploymentKind } from './deployment';
import { endpointSliceKind } from './endpointSlice';
import { ingressKind } from './ingress';
import { ingressClassKind } from './ingressClass';
import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
} from './kindDefinition';
import { serviceKind } from './service';
import { ipAddressKind, serviceCidrKind } from './serviceNetwork';
import { statefulSetKind } from './statefulSet';

const service = (spec: {} = {}, metadata: {} = {}) =>
  object({
    metadata: { name: 'cart', ...metadata },
    spec: {
      selector: { app: 'cart' },
      ports: [{ name: 'http', port: 80 }],
      ...spec,
    },
  });

/** A neighbour made of a real slice. */
function slice(endpoints: readonly unknown[], name = 's'): ContextNode {
  const observed = observe(
    endpointSliceKind,
    object({ metadata: { name }, ports: [{ name: 'http' }], endpoints }),
  );
  return neighbour('EndpointSlice', name, 'ok', observed.facts);
}

const endpoint = (ready: boolean, nodeName?: string) => ({
  conditions: { ready },
  nodeName,
});
const empty = slice([]);
const workload = (desired: number, level: any) =>
  neighbour('Deployment', 'cart', level, { desired });
const caller = neighbour('Ingress', 'web', 'ok');
const webhook = neighbour('ValidatingWebhookConfiguration', 'w', 'ok');
const broken = neighbour(
  'Pod',
  'c',
  'down',
  { ready: false },
  { since: NOW - 9000 },
);

describe('a Service', () => {
  it.each<[string, { [around: string]: ContextNode[] }, string]>([
    [
      'whose Deployment is scaled to zero',
      { 'service-deployment out': [workload(0, 'idle')] },
      'idle BackendScaledToZero H076',
    ],
    [
      'whose StatefulSet is scaled to zero',
      { 'service-statefulset out': [workload(0, 'idle')] },
      'idle BackendScaledToZero H076',
    ],
    [
      'whose Deployment is scaled to zero, with an Ingress in front',
      {
        'service-deployment out': [workload(0, 'idle')],
        'ingress-service in': [caller],
      },
      'idle BackendScaledToZero H076',
    ],
    [
      'whose Deployment is scaled to zero, and whom the API server calls',
      {
        'service-deployment out': [workload(0, 'idle')],
        'validatingwebhookconfiguration-service in': [webhook],
      },
      'down BackendScaledToZero H076',
    ],
    [
      'one of whose two workloads is scaled to zero, the other may not make pods',
      {
        'service-deployment out': [workload(0, 'idle'), workload(2, 'down')],
      },
      'down NoReadyEndpoints H075',
    ],
    [
      'whose Deployment may not make its pods',
      { 'service-deployment out': [workload(2, 'degraded')] },
      'down NoReadyEndpoints H075',
    ],
    [
      'whose Deployment has just been made',
      { 'service-deployment out': [workload(2, 'progressing')] },
      'progressing NoReadyEndpoints H075',
    ],
    [
      'that nobody answers for and nobody calls',
      {},
      'idle NoMatchingPods H074',
    ],
    ...[
      'ingress-service',
      'httproute-service',
      'grpcroute-service',
      'tlsroute-service',
      'tcproute-service',
      'udproute-service',
      'validatingwebhookconfiguration-service',
      'mutatingwebhookconfiguration-service',
      'apiservice-service',
      'customresourcedefinition-service',
    ].map((relation): [string, {}, string] => [
      `that nobody answers for, called over ${relation}`,
      { [`${relation} in`]: [caller] },
      'down NoMatchingPods H074',
    ]),
  ])('%s', (_, around, expected) => {
    const found = judged(serviceKind, service(), {
      'service-endpointslice out': [empty],
      ...around,
    });
    expect(verdictText(found)).toBe(expected);
  });

  const rollout = slice([
    endpoint(true),
    endpoint(true),
    endpoint(true),
    endpoint(false),
  ]);
  const longBroken = { ...broken, own: { ...broken.own, since: NOW - 9e5 } };
  it.each<[string, ContextNode[], string]>([
    [
      'has all that its Deployment asks for',
      [workload(3, 'degraded')],
      'ok Serving',
    ],
    [
      'lacks one that its Deployment asks for',
      [workload(4, 'degraded')],
      'degraded PartlyReady H077',
    ],
    ['has a workload that is not in view', [], 'degraded PartlyReady H077'],
  ])(
    'that a stuck rollout gave a fourth, unready pod: %s',
    (_, workloads, expected) => {
      const found = judged(serviceKind, service(), {
        'service-endpointslice out': [rollout],
        'service-pod out': [longBroken],
        'service-deployment out': workloads,
      });
      expect(verdictText(found)).toBe(expected);
    },
  );

  const onNodes = [
    endpoint(true, 'node-1'),
    endpoint(true, 'node-1'),
    endpoint(false, 'node-2'),
  ];
  it.each<[string, {}, ContextNode[], ContextNode[], string]>([
    [
      'a broken one only there',
      { internalTrafficPolicy: 'Local' },
      [slice(onNodes)],
      [broken],
      'degraded NoLocalEndpoint H080',
    ],
    [
      'one that is only starting there',
      { internalTrafficPolicy: 'Local' },
      [slice(onNodes)],
      [neighbour('Pod', 'b', 'progressing', { ready: false })],
      'ok ServingLocally H080',
    ],
    [
      'a ready one beside the broken one',
      { internalTrafficPolicy: 'Local' },
      [slice([...onNodes, endpoint(true, 'node-2')])],
      [broken],
      'ok Serving > 291: degraded PartlyReady H077',
    ],
    [
      'more in another slice, perhaps',
      { internalTrafficPolicy: 'Local' },
      [slice(onNodes), slice([endpoint(true)], 't')],
      [broken],
      'ok Serving > 291: degraded PartlyReady H077',
    ],
    [
      'a broken one, but any node will do',
      { internalTrafficPolicy: 'Cluster' },
      [slice(onNodes)],
      [broken],
      'ok Serving > 291: degraded PartlyReady H077',
    ],
  ])('of local traffic, with %s (H080)', (_, spec, slices, pods, expected) => {
    const found = judged(serviceKind, service(spec), {
      'service-endpointslice out': slices,
      'service-pod out': pods,
    });
    expect(verdictText(found)).toBe(expected);
  });
});

/** `relation → Kind namespace/name`, `?` for one that is not required. */
const named = (definition: KindDefinition, item: KubernetesObject) =>
  observe(definition, item)
    .references.filter(
      ({ relation }) => !/^(namespace|cluster)-/.test(relation),
    )
    .map(
      ({ relation, end, other, required }) =>
        `${relation} ${end === 'source' ? '→' : '←'} ${other.kind.kind} ${
          other.namespace
        }/${other.name}${required ? '' : '?'}`,
    );

describe('references of routing', () => {
  it.each<[string, KindDefinition, KubernetesObject, string[]]>([
    [
      'a name of another Service (R068)',
      serviceKind,
      service({
        type: 'ExternalName',
        externalName: 'db.data.svc.cluster.local',
      }),
      ['service-service → Service data/db'],
    ],
    [
      'a name outside of the cluster (R068)',
      serviceKind,
      service({ type: 'ExternalName', externalName: 'db.svc-provider.com' }),
      [],
    ],
    [
      'an address of a Service (R071)',
      ipAddressKind,
      object({
        metadata: { name: '10.0.0.1', namespace: undefined },
        spec: {
          parentRef: { resource: 'services', namespace: 'shop', name: 'cart' },
        },
      }),
      ['service-ipaddress ← Service shop/cart?'],
    ],
    [
      'the nodes of a slice, once each (R065)',
      endpointSliceKind,
      object({
        endpoints: [
          endpoint(true, 'node-1'),
          endpoint(false, 'node-1'),
          endpoint(true, 'node-2'),
        ],
      }),
      [
        'endpointslice-node → Node /node-1?',
        'endpointslice-node → Node /node-2?',
      ],
    ],
    [
      'a class by its field (R075)',
      ingressKind,
      object({ spec: { ingressClassName: 'nginx' } }),
      ['ingress-ingressclass → IngressClass /nginx'],
    ],
    [
      'a class by its annotation, which may be no object (R075)',
      ingressKind,
      object({
        metadata: { annotations: { 'kubernetes.io/ingress.class': 'gce' } },
        spec: {},
      }),
      ['ingress-ingressclass → IngressClass /gce?'],
    ],
    [
      'what annotations of controllers name (R078)',
      ingressKind,
      object({
        metadata: {
          annotations: {
            'nginx.ingress.kubernetes.io/auth-secret': 'users',
            'nginx.ingress.kubernetes.io/auth-tls-secret': 'infra/ca',
            'cert-manager.io/cluster-issuer': 'letsencrypt',
            'konghq.com/plugins': 'limit, log',
            'example.com/auth-secret': 'no',
          },
        },
        spec: { ingressClassName: 'nginx' },
      }),
      [
        'ingress-ingressclass → IngressClass /nginx',
        'ingress-annotated → Secret shop/users',
        'ingress-annotated → Secret infra/ca',
        'ingress-annotated → KongPlugin shop/limit',
        'ingress-annotated → KongPlugin shop/log',
        'ingress-annotated → ClusterIssuer /letsencrypt',
      ],
    ],
    [
      'parameters of a class in a namespace (R077)',
      ingressClassKind,
      object({
        metadata: { namespace: undefined },
        spec: {
          controller: 'example.com/x',
          parameters: {
            apiGroup: 'example.com',
            kind: 'Params',
            name: 'p',
            namespace: 'infra',
          },
        },
      }),
      ['ingressclass-object → Params infra/p'],
    ],
  ])('%s', (_, definition, item, expected) => {
    expect(named(definition, item)).toEqual(expected);
  });

  it.each([
    ['k8s.io/ingress-nginx', 'ingress-nginx'],
    ['traefik.io/ingress-controller', 'traefik'],
    ['ingress.k8s.aws/alb', 'aws-load-balancer-controller'],
    ['haproxy.org/ingress-controller/public', 'public'],
  ])(
    'guesses who runs %s by the label of its chart (R076)',
    (controller, name) => {
      const { selectors } = observe(
        ingressClassKind,
        object({ metadata: { namespace: undefined }, spec: { controller } }),
      );
      expect(
        selectors.map(({ relation, selector }) => [
          relation,
          selector[0].values,
        ]),
      ).toEqual([
        ['ingressclass-deployment', [name]],
        ['ingressclass-daemonset', [name]],
      ]);
    },
  );

  it('takes the labels of pods from the template, not from the workload', () => {
    const item = object({
      metadata: { labels: { app: 'other' } },
      spec: { template: { metadata: { labels: { app: 'cart' } } } },
    });
    expect(observe(deploymentKind, item).podLabels).toEqual({ app: 'cart' });
    expect(observe(statefulSetKind, item).podLabels).toEqual({ app: 'cart' });
  });

  it('says how a Service lets traffic in, where that is not the usual way (R069, R070)', () => {
    expect(
      observe(
        serviceKind,
        service({
          loadBalancerClass: 'example.com/lb',
          internalTrafficPolicy: 'Cluster',
          externalTrafficPolicy: 'Local',
        }),
      ).properties,
    ).toEqual({
      Ports: [{ Name: 'http', Port: 80 }],
      ClusterIP: '',
      ServiceType: 'ClusterIP',
      SessionAffinity: '',
      LoadBalancerIP: '',
      ExternalName: '',
      Selector: { app: 'cart' },
      LoadBalancerClass: 'example.com/lb',
      ExternalTrafficPolicy: 'Local',
    });
  });

  it('knows the ranges of Services (R071)', () => {
    const observed = observe(
      serviceCidrKind,
      object({
        metadata: { namespace: undefined },
        spec: { cidrs: ['10.96.0.0/12'] },
      }),
    );
    expect(observed.properties.CIDRs).toEqual(['10.96.0.0/12']);
    expect(observed.verdict.level).toBe('ok');
  });
});

describe('the class of an Ingress (H084)', () => {
  const address = { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } };
  const made = (secondsAgo: number) => ({
    creationTimestamp: new Date(NOW - secondsAgo * 1000).toISOString(),
  });
  it.each<[string, KubernetesObject, string]>([
    ['is not given, for long', object({ spec: {} }), 'degraded NoClass H084'],
    [
      'is not given yet',
      object({ metadata: made(60), spec: {} }),
      'ok NoAddress H086 > 60: degraded NoClass H084',
    ],
    [
      'is not given, and somebody serves it all the same',
      object({ spec: {}, status: address }),
      'ok Exists',
    ],
    [
      'is given by annotation',
      object({
        metadata: { annotations: { 'kubernetes.io/ingress.class': 'gce' } },
        spec: {},
      }),
      'ok NoAddress H086',
    ],
    [
      'is given',
      object({ spec: { ingressClassName: 'nginx' } }),
      'ok NoAddress H086',
    ],
  ])('%s', (_, item, expected) => {
    expect(verdictText(observe(ingressKind, item).verdict)).toBe(expected);
  });

  const withClass = object({ spec: { ingressClassName: 'nginx' } });
  const withAnnotation = object({
    metadata: { annotations: { 'kubernetes.io/ingress.class': 'gce' } },
    spec: {},
  });
  it.each<[string, KubernetesObject, any, string]>([
    ['does not exist', withClass, 'missing', 'degraded NoClass H084'],
    ['may not be read', withClass, 'unknown', 'keeps its own'],
    ['exists', withClass, 'ok', 'keeps its own'],
    [
      'is no object and need not be one',
      withAnnotation,
      'missing',
      'keeps its own',
    ],
  ])('%s', (_, item, level, expected) => {
    const found = judged(ingressKind, item, {
      'ingress-ingressclass out': [neighbour('IngressClass', 'nginx', level)],
    });
    expect(verdictText(found)).toBe(expected);
  });
});

it('leaves it to the Service that no endpoint of a slice is ready (H081)', () => {
  const item = object({ endpoints: [endpoint(false), endpoint(false)] });
  const { verdict, facts } = observe(endpointSliceKind, item);
  expect(verdictText(verdict)).toBe('ok Exists');
  expect(facts).toMatchObject({ ready: 0, notReady: 2 });
});
