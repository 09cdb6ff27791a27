import {
  condition,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { pod } from './__testUtils__/pods';
import { ciliumEndpointKind, ciliumIdentityKind } from './ciliumEndpoint';
import {
  ciliumClusterwideNetworkPolicyKind,
  ciliumNetworkPolicyKind,
} from './ciliumNetworkPolicy';
import {
  adminNetworkPolicyKind,
  baselineAdminNetworkPolicyKind,
  clusterNetworkPolicyKind,
} from './clusterNetworkPolicy';
import { deploymentKind } from './deployment';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { networkAttachmentDefinitionKind } from './networkAttachmentDefinition';
import { podKind } from './pod';

const requirements = (
  selector: readonly { key: string; operator: string; values: string[] }[],
) =>
  selector
    .map(({ key, operator, values }) => `${key} ${operator} ${values}`)
    .join('; ');
const team = (name: string) => ({ matchLabels: { team: name } });

/** `relation | namespaces | selector | details` */
const edges = (definition: KindDefinition, item: KubernetesObject) =>
  observe(definition, item).selectors.map(
    ({ relation, namespaces, selector, details }) =>
      [
        relation,
        typeof namespaces === 'string' ? namespaces : requirements(namespaces),
        requirements(selector),
        JSON.stringify(details),
      ].join(' | '),
  );
describe('policies of a whole cluster (R104)', () => {
  const item = (spec: {}) =>
    object({ metadata: { namespace: undefined }, spec });
  it.each<[string, KindDefinition]>([
    ['adminnetworkpolicy', adminNetworkPolicyKind],
    ['baselineadminnetworkpolicy', baselineAdminNetworkPolicyKind],
    ['clusternetworkpolicy', clusterNetworkPolicyKind],
  ])('%s: of namespaces', (type, definition) => {
    const policy = item({
      priority: 10,
      subject: { namespaces: team('a') },
      ingress: [
        { action: 'Allow', from: [{ namespaces: team('b') }] },
        {
          action: 'Deny',
          from: [{ pods: { namespaceSelector: {}, podSelector: team('c') } }],
        },
      ],
      egress: [{ action: 'Deny', to: [{ networks: ['10.0.0.0/8'] }] }],
    });
    expect(edges(definition, policy)).toEqual([
      `${type}-namespace-ingress-begin | all | team In a | {"actions":["Allow","Deny"]}`,
      `${type}-namespace-ingress-end | all | team In b | {"actions":["Allow"]}`,
      `${type}-pod-ingress-end | all | team In c | {"actions":["Deny"]}`,
      `${type}-namespace-egress-begin | all | team In a | {"actions":["Deny"]}`,
    ]);
    expect(observe(definition, policy).properties).toMatchObject({
      Priority: 10,
    });
  });

  it('of pods in some namespaces', () => {
    const policy = item({
      subject: {
        pods: { namespaceSelector: team('a'), podSelector: team('b') },
      },
      egress: [{ action: 'Pass', to: [] }],
    });
    expect(edges(adminNetworkPolicyKind, policy)).toEqual([
      'adminnetworkpolicy-pod-egress-begin | team In a | team In b | {"actions":["Pass"]}',
    ]);
  });

  it('says nothing of a direction that it has no rules for', () => {
    const policy = item({ subject: { namespaces: {} }, ingress: [] });
    expect(edges(adminNetworkPolicyKind, policy)).toEqual([]);
  });
});

describe("Cilium's policies (R105)", () => {
  it.each<[string, KubernetesObject, string[]]>([
    [
      'in their own namespace, without the source of labels',
      object({
        spec: {
          endpointSelector: { matchLabels: { 'k8s:app': 'db' } },
          ingress: [{ fromEndpoints: [{ matchLabels: { 'any:app': 'web' } }] }],
        },
      }),
      [
        'ciliumnetworkpolicy-pod-ingress-begin | own | app In db | {"PolicyTarget":"allow"}',
        'ciliumnetworkpolicy-pod-ingress-end | own | app In web | {"PolicyTarget":"allow"}',
      ],
    ],
    [
      'with peers in another namespace, by name and by label',
      object({
        spec: {
          endpointSelector: {},
          egress: [
            {
              toEndpoints: [
                {
                  matchLabels: {
                    'k8s:io.kubernetes.pod.namespace': 'kube-system',
                    'k8s-app': 'kube-dns',
                  },
                },
                {
                  matchLabels: {
                    'k8s:io.cilium.k8s.namespace.labels.team': 'a',
                  },
                },
              ],
            },
          ],
        },
      }),
      [
        'ciliumnetworkpolicy-pod-egress-begin | own |  | {"PolicyTarget":"allow"}',
        'ciliumnetworkpolicy-pod-egress-end | kubernetes.io/metadata.name In kube-system | k8s-app In kube-dns | {"PolicyTarget":"allow"}',
        'ciliumnetworkpolicy-pod-egress-end | team In a |  | {"PolicyTarget":"allow"}',
      ],
    ],
    [
      'that deny, in several specs',
      object({
        specs: [
          {
            endpointSelector: { matchLabels: { app: 'db' } },
            ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'bad' } }] }],
          },
          {
            endpointSelector: { matchLabels: { app: 'x' } },
            ingress: [
              { fromEndpoints: [{ matchLabels: { 'reserved:host': '' } }] },
            ],
          },
        ],
      }),
      [
        'ciliumnetworkpolicy-pod-ingress-begin | own | app In db | {"PolicyTarget":"deny"}',
        'ciliumnetworkpolicy-pod-ingress-end | own | app In bad | {"PolicyTarget":"deny"}',
        'ciliumnetworkpolicy-pod-ingress-begin | own | app In x | {"PolicyTarget":"allow"}',
      ],
    ],
  ])('%s', (_, item, expected) => {
    expect(edges(ciliumNetworkPolicyKind, item)).toEqual(expected);
  });

  it('of the whole cluster select in every namespace', () => {
    const item = object({
      metadata: { namespace: undefined },
      spec: {
        endpointSelector: { matchLabels: { app: 'db' } },
        ingress: [{ fromEndpoints: [{}] }],
      },
    });
    expect(edges(ciliumClusterwideNetworkPolicyKind, item)).toEqual([
      'ciliumclusterwidenetworkpolicy-pod-ingress-begin | all | app In db | {"PolicyTarget":"allow"}',
      'ciliumclusterwidenetworkpolicy-pod-ingress-end | all |  | {"PolicyTarget":"allow"}',
    ]);
  });

  it('show peers that are no pods', () => {
    const item = object({
      spec: {
        endpointSelector: {},
        egress: [
          { toFQDNs: [{ matchName: 'api.example.com' }] },
          { toEntities: ['world'], toCIDRSet: [{ cidr: '10.0.0.0/8' }] },
        ],
      },
    });
    expect(observe(ciliumNetworkPolicyKind, item).properties).toEqual({
      ToFQDNs: ['api.example.com'],
      Entities: ['world'],
      CIDRs: ['10.0.0.0/8'],
    });
  });

  it.each([
    ['True', 'ok Exists'],
    ['False', 'degraded Invalid H163'],
  ])('that Cilium finds valid (%s)', (status, expected) => {
    const item = object({
      spec: { endpointSelector: {} },
      status: { conditions: [condition('Valid', status)] },
    });
    expect(verdictText(observe(ciliumNetworkPolicyKind, item).verdict)).toBe(
      expected,
    );
  });
});

it("Cilium's endpoint belongs to the pod of its name and has an identity (R106)", () => {
  const item = object({
    metadata: {
      name: 'cart-1',
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Pod', name: 'cart-1', uid: 'u' },
      ],
    },
    status: { identity: { id: 4711 }, state: 'ready' },
  });
  const { references, owners } = observe(ciliumEndpointKind, item);
  expect(
    references.map(({ relation, end, other }) => [relation, end, other.name]),
  ).toEqual([
    ['pod-ciliumendpoint', 'target', 'cart-1'],
    ['ciliumendpoint-ciliumidentity', 'source', '4711'],
    ['namespace-ciliumendpoint', 'target', 'shop'],
  ]);
  expect(owners).toEqual([]);
  expect(
    observe(
      ciliumIdentityKind,
      object({
        metadata: { namespace: undefined },
        'security-labels': { 'k8s:app': 'cart' },
      }),
    ).properties,
  ).toEqual({ SecurityLabels: { 'k8s:app': 'cart' } });
});

describe('further networks of a pod (R082)', () => {
  it.each<[string, string | undefined, string[]]>([
    ['none', undefined, []],
    ['by name', 'net-a', ['shop/net-a']],
    [
      'several, with namespace and interface',
      'net-a, infra/net-b@eth1',
      ['shop/net-a', 'infra/net-b'],
    ],
    [
      'as JSON',
      '[{"name":"net-a"},{"name":"net-b","namespace":"infra","ips":["10.0.0.1"]}]',
      ['shop/net-a', 'infra/net-b'],
    ],
    ['as broken JSON', '[{"name":', []],
    ['as nonsense', '!, ?', []],
  ])('%s', (_, text, expected) => {
    const item = pod({
      metadata: { annotations: { 'k8s.v1.cni.cncf.io/networks': text } },
    });
    expect(
      observe(podKind, item)
        .references.filter(
          ({ relation }) => relation === 'pod-networkattachmentdefinition',
        )
        .map(({ other }) => `${other.namespace}/${other.name}`),
    ).toEqual(expected);
  });

  it('exist', () => {
    const item = object({ metadata: { name: 'net-a' } });
    expect(
      verdictText(observe(networkAttachmentDefinitionKind, item).verdict),
    ).toBe('ok Exists');
  });
});

describe('Services whose names stand in a pod spec (R080, R081)', () => {
  const called = (definition: KindDefinition, item: KubernetesObject) =>
    observe(definition, item)
      .references.filter(({ relation }) => /-(called|awaited)$/.test(relation))
      .map(
        ({ relation, other, required }) =>
          `${relation} ${other.namespace}/${other.name} ${required}`,
      );
  const env = (value: string) => ({
    containers: [{ name: 'app', env: [{ name: 'A', value }] }],
  });
  it.each<[string, {}, string[]]>([
    [
      'a URL',
      env('http://cart.shop.svc:8080/x'),
      ['pod-service-called shop/cart false'],
    ],
    [
      'a full name',
      env('cart.shop.svc.cluster.local'),
      ['pod-service-called shop/cart false'],
    ],
    [
      'several, each once',
      env('a.x.svc,b.x.svc.cluster.local:1,a.x.svc'),
      ['pod-service-called x/a false', 'pod-service-called x/b false'],
    ],
    [
      'a name of a pod behind it',
      env('web-0.web.shop.svc'),
      ['pod-service-called shop/web false'],
    ],
    [
      'a bare name in a URL: of the own namespace',
      env('http://cart:8080'),
      ['pod-service-called shop/cart false'],
    ],
    [
      'a URL with credentials',
      env('jdbc:postgresql://u:secret@db/shop'),
      ['pod-service-called shop/db false'],
    ],
    [
      'bare names with ports',
      env('kafka-a:9092,kafka-b:9092'),
      [
        'pod-service-called shop/kafka-a false',
        'pod-service-called shop/kafka-b false',
      ],
    ],
    ['the pod itself', env('http://localhost:8080'), []],
    ['an address', env('http://10.0.0.7:8080'), []],
    ['an image', env('redis:7'), []],
    ['a bare word', env('cart'), []],
    ['another host', env('https://api.stripe.com/v1'), []],
    ['another domain', env('cart.shop.svcs.example.com'), []],
    ['a name that does not end there', env('cart.shop.svc-x'), []],
    [
      'arguments of an init container',
      {
        initContainers: [
          {
            name: 'wait',
            command: ['sh', '-c'],
            args: ['until nslookup db.data.svc; do sleep 1; done'],
          },
        ],
        containers: [{ name: 'app' }],
      },
      ['pod-service-awaited data/db false'],
    ],
    [
      'an env that is no text',
      { containers: [{ name: 'app', env: [{ name: 'A' }] }] },
      [],
    ],
  ])('%s', (_, spec, expected) => {
    expect(called(podKind, pod({ spec }))).toEqual(expected);
    const template = { metadata: { labels: {} }, spec };
    expect(called(deploymentKind, object({ spec: { template } }))).toEqual(
      expected.map(text => text.replace(/^pod/, 'deployment')),
    );
  });

  it('keeps nothing of the text but the names', () => {
    const item = pod({ spec: env('https://user:hunter2@cart.shop.svc/x') });
    expect(JSON.stringify(observe(podKind, item))).not.toContain('hunter2');
  });

  it('ends', () => {
    const names = Array.from({ length: 100 }, (_, n) => `s${n}.x.svc`);
    expect(called(podKind, pod({ spec: env(names.join(' ')) }))).toHaveLength(
      20,
    );
  });
});
