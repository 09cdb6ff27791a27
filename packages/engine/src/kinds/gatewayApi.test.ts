import {
  condition,
  NOW,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { backendTlsPolicyKind } from './backendTlsPolicy';
import { gatewayKind } from './gateway';
import { gatewayClassKind } from './gatewayClass';
import {
  grpcRouteKind,
  httpRouteKind,
  tcpRouteKind,
  tlsRouteKind,
  udpRouteKind,
} from './gatewayRoute';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { listenerSetKind, xListenerSetKind } from './listenerSet';
import { referenceGrantKind } from './referenceGrant';

const inCluster = { namespace: undefined, generation: 2 };
const young = (secondsOld: number) => ({
  creationTimestamp: new Date(NOW - secondsOld * 1000).toISOString(),
});

describe('a GatewayClass (H089) whose controller', () => {
  const gatewayClass = (conditions: unknown[], metadata = {}) =>
    object({
      metadata: { ...inCluster, ...metadata },
      spec: { controllerName: 'example.com/gateway-controller' },
      status: { conditions },
    });
  it.each<[string, KubernetesObject, string]>([
    [
      'has accepted it',
      gatewayClass([condition('Accepted', 'True')]),
      'ok Accepted',
    ],
    [
      'has refused it',
      gatewayClass([condition('Accepted', 'False', 'InvalidParameters')]),
      'down NotAccepted H089',
    ],
    [
      'has not answered yet',
      gatewayClass([condition('Accepted', 'Unknown', 'Pending')], young(60)),
      'progressing NotAccepted H089 > 60: down NotAccepted H089',
    ],
    [
      'is not there',
      gatewayClass([condition('Accepted', 'Unknown', 'Pending')]),
      'down NotAccepted H089',
    ],
    [
      'spoke of an older spec',
      gatewayClass(
        [{ ...condition('Accepted', 'False'), observedGeneration: 1 }],
        young(60),
      ),
      'progressing NotAccepted H089 > 60: down NotAccepted H089',
    ],
  ])('%s', (_, item, expected) => {
    expect(verdictText(observe(gatewayClassKind, item).verdict)).toBe(expected);
  });
});

describe('a Gateway', () => {
  const gateway = (
    conditions: unknown[],
    listeners: unknown[] = [],
    metadata = {},
  ) =>
    object({
      metadata: { generation: 2, ...metadata },
      spec: { gatewayClassName: 'nginx', listeners: [{ name: 'https' }] },
      status: { conditions, listeners },
    });
  const programmed = condition('Programmed', 'True');
  const listener = (...conditions: unknown[]) => ({
    name: 'https',
    conditions,
  });
  it.each<[string, KubernetesObject, string]>([
    ['that is programmed', gateway([programmed]), 'ok Programmed'],
    [
      'that is refused (H090)',
      gateway([condition('Accepted', 'False', 'Invalid'), programmed]),
      'down NotAccepted H090',
    ],
    [
      'that waits for an address (H091)',
      gateway([condition('Programmed', 'False', 'AddressNotAssigned', 60)]),
      'progressing NotProgrammed H091 > 240: degraded NotProgrammed H091',
    ],
    [
      'that waits for an address for long (H091)',
      gateway([condition('Programmed', 'False', 'Pending', 400)]),
      'degraded NotProgrammed H091',
    ],
    [
      'that cannot be programmed (H091)',
      gateway([condition('Programmed', 'False', 'Invalid', 1)]),
      'degraded NotProgrammed H091',
    ],
    [
      'that is new (H091)',
      gateway([condition('Programmed', 'Unknown', 'Pending')], [], young(60)),
      'progressing NotProgrammed H091 > 240: degraded NotProgrammed H091',
    ],
    [
      'that no controller knows (H091)',
      gateway([]),
      'degraded NotProgrammed H091',
    ],
    [
      'one of whose certificates is missing (H092)',
      gateway(
        [programmed],
        [listener(condition('ResolvedRefs', 'False', 'InvalidCertificateRef'))],
      ),
      'degraded ListenerInvalid H092',
    ],
    [
      'with a listener in conflict (H092)',
      gateway(
        [programmed],
        [listener(condition('Conflicted', 'True', 'HostnameConflict'))],
      ),
      'degraded ListenerInvalid H092',
    ],
    [
      'with a listener that is being programmed (H092)',
      gateway(
        [programmed],
        [listener(condition('Programmed', 'False', 'Pending', 60))],
      ),
      'progressing ListenerInvalid H092 > 240: degraded ListenerInvalid H092',
    ],
    [
      'whose listeners are well (H092)',
      gateway(
        [programmed],
        [
          listener(
            condition('Accepted', 'True'),
            condition('ResolvedRefs', 'True'),
            condition('Conflicted', 'False'),
            condition('Programmed', 'True'),
          ),
        ],
      ),
      'ok Programmed',
    ],
  ])('%s', (_, item, expected) => {
    expect(verdictText(observe(gatewayKind, item).verdict)).toBe(expected);
  });
});

describe('a route', () => {
  const route = (
    parents: unknown[],
    backends = 1,
    metadata: {} = {},
    parentRefs: unknown[] = [{ name: 'gw' }],
  ) =>
    object({
      metadata: { generation: 2, ...metadata },
      spec: {
        parentRefs,
        rules: [
          {
            backendRefs: Array.from({ length: backends }, (_, n) => ({
              name: `b${n}`,
            })),
          },
        ],
      },
      status: { parents },
    });
  const parent = (...conditions: unknown[]) => ({
    parentRef: { name: 'gw' },
    conditions,
  });
  const accepted = parent(
    condition('Accepted', 'True'),
    condition('ResolvedRefs', 'True'),
  );
  const refused = parent(
    condition('Accepted', 'False', 'NotAllowedByListeners'),
  );
  const unresolved = (reason: string) =>
    parent(
      condition('Accepted', 'True'),
      condition('ResolvedRefs', 'False', reason),
    );
  it.each<[string, KubernetesObject, string]>([
    ['that is accepted', route([accepted]), 'ok Accepted'],
    ['that is refused', route([refused]), 'down RouteNotAccepted H093'],
    [
      'that one of two parents refuses',
      route([accepted, refused]),
      'degraded RouteNotAccepted H093',
    ],
    [
      'whose only backend does not exist',
      route([unresolved('BackendNotFound')]),
      'down BackendNotFound H093',
    ],
    [
      'one of whose backends does not exist',
      route([unresolved('BackendNotFound')], 2),
      'degraded BackendNotFound H093',
    ],
    [
      'that may not refer to its backend',
      route([unresolved('RefNotPermitted')]),
      'down RefNotPermitted H093',
    ],
    [
      'part of which is ignored',
      route([parent(condition('PartiallyInvalid', 'True'))], 2),
      'degraded PartiallyInvalid H093',
    ],
    [
      'of whose older spec its parent speaks',
      route([
        parent({ ...condition('Accepted', 'False'), observedGeneration: 1 }),
      ]),
      'ok Accepted',
    ],
    [
      'that nobody has answered yet (H094)',
      route([], 1, young(60)),
      'progressing NoControllerAccepted H094 > 60: degraded NoControllerAccepted H094',
    ],
    [
      'that nobody answers (H094)',
      route([]),
      'degraded NoControllerAccepted H094',
    ],
    ['that names nobody to ask', route([], 1, {}, []), 'idle NoParent H094'],
  ])('%s', (_, item, expected) => {
    for (const definition of [
      httpRouteKind,
      grpcRouteKind,
      tlsRouteKind,
      tcpRouteKind,
      udpRouteKind,
    ]) {
      expect(verdictText(observe(definition, item).verdict)).toBe(expected);
    }
  });
});

/** `relation → Kind namespace/name`, `?` for one that is not required, and what the edge shows. */
const named = (definition: KindDefinition, item: KubernetesObject) =>
  observe(definition, item)
    .references.filter(
      ({ relation }) => !/^(namespace|cluster)-/.test(relation),
    )
    .map(({ relation, other, required, details }) => [
      `${relation} → ${other.kind.kind}${
        other.kind.group && `.${other.kind.group}`
      } ${other.namespace}/${other.name}${required ? '' : '?'}`,
      ...(details ? [details] : []),
    ]);

describe('references of the Gateway API', () => {
  it.each<[string, KindDefinition, KubernetesObject, unknown[]]>([
    [
      'a Gateway to its class and certificates (R083, R085)',
      gatewayKind,
      object({
        spec: {
          gatewayClassName: 'nginx',
          listeners: [
            { name: 'a', tls: { certificateRefs: [{ name: 'tls' }] } },
            {
              name: 'b',
              tls: {
                certificateRefs: [
                  { name: 'tls' },
                  { name: 'wild', namespace: 'infra' },
                  { group: 'example.com', kind: 'Vault', name: 'v' },
                ],
              },
            },
          ],
        },
      }),
      [
        [
          'gateway-gatewayclass → GatewayClass.gateway.networking.k8s.io /nginx',
        ],
        ['gateway-secret → Secret shop/tls', { listeners: ['a', 'b'] }],
        ['gateway-secret → Secret infra/wild', { listeners: ['b'] }],
        ['gateway-object → Vault.example.com shop/v', { listeners: ['b'] }],
      ],
    ],
    [
      'a class to its parameters (R084)',
      gatewayClassKind,
      object({
        metadata: { namespace: undefined },
        spec: {
          parametersRef: {
            group: 'example.com',
            kind: 'Config',
            name: 'c',
            namespace: 'infra',
          },
        },
      }),
      [['gatewayclass-object → Config.example.com infra/c']],
    ],
    [
      'a route to its parents (R087, R088)',
      httpRouteKind,
      object({
        spec: {
          parentRefs: [
            { name: 'gw', namespace: 'infra', sectionName: 'https' },
            { name: 'gw', namespace: 'infra', sectionName: 'http', port: 80 },
            { group: '', kind: 'Service', name: 'cart' },
            { kind: 'ListenerSet', name: 'ls' },
          ],
        },
      }),
      [
        [
          'httproute-gateway → Gateway.gateway.networking.k8s.io infra/gw',
          { sections: ['https', 'http'], ports: [80] },
        ],
        ['httproute-parentservice → Service shop/cart'],
        [
          'httproute-listenerset → ListenerSet.gateway.networking.k8s.io shop/ls',
        ],
      ],
    ],
    [
      'a route to its backends (R089)',
      httpRouteKind,
      object({
        spec: {
          rules: [
            {
              backendRefs: [
                { name: 'cart', port: 80, weight: 9 },
                { name: 'new', port: 80, weight: 0 },
                { name: 'far', namespace: 'other', port: 8080 },
                { group: 'example.com', kind: 'Bucket', name: 'b' },
              ],
              filters: [
                {
                  type: 'RequestMirror',
                  requestMirror: { backendRef: { name: 'log', port: 80 } },
                },
              ],
            },
          ],
        },
      }),
      [
        [
          'httproute-service → Service shop/cart',
          { ports: [80], weights: [9] },
        ],
        [
          'httproute-service → Service shop/new?',
          { ports: [80], weights: [0] },
        ],
        [
          'httproute-service → Service other/far',
          { ports: [8080], weights: [1] },
        ],
        ['httproute-object → Bucket.example.com shop/b', { weights: [1] }],
        [
          'httproute-service → Service shop/log?',
          { ports: [80], mirror: [true] },
        ],
      ],
    ],
    [
      'a grant to who may refer, and to what (R090)',
      referenceGrantKind,
      object({
        spec: {
          from: [
            { group: 'g', kind: 'HTTPRoute', namespace: 'web' },
            { group: 'g', kind: 'GRPCRoute', namespace: 'web' },
          ],
          to: [
            { group: '', kind: 'Secret' },
            { group: '', kind: 'Service', name: 'cart' },
          ],
        },
      }),
      [
        [
          'referencegrant-namespace → Namespace /web?',
          { kinds: ['HTTPRoute', 'GRPCRoute'] },
        ],
        ['referencegrant-object → Service shop/cart?'],
      ],
    ],
    [
      'a TLS policy to its Service and authorities (R091)',
      backendTlsPolicyKind,
      object({
        spec: {
          targetRefs: [{ group: '', kind: 'Service', name: 'cart' }],
          validation: {
            caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }],
          },
        },
      }),
      [
        ['backendtlspolicy-service → Service shop/cart'],
        ['backendtlspolicy-configmap → ConfigMap shop/ca'],
      ],
    ],
    [
      'a set of listeners to its Gateway (R092)',
      listenerSetKind,
      object({ spec: { parentRef: { name: 'gw', namespace: 'infra' } } }),
      [['listenerset-gateway → Gateway.gateway.networking.k8s.io infra/gw']],
    ],
    [
      'an experimental set of listeners, with certificates (R092)',
      xListenerSetKind,
      object({
        spec: {
          parentRef: { name: 'gw' },
          listeners: [{ name: 'a', tls: { certificateRefs: [{ name: 't' }] } }],
        },
      }),
      [
        ['xlistenerset-gateway → Gateway.gateway.networking.k8s.io shop/gw'],
        ['xlistenerset-secret → Secret shop/t', { listeners: ['a'] }],
      ],
    ],
  ])('%s', (_, definition, item, expected) => {
    expect(named(definition, item)).toEqual(expected);
  });

  it('finds what a controller made for a Gateway by the label on it (R086)', () => {
    const { selectors } = observe(
      gatewayKind,
      object({ metadata: { name: 'gw' }, spec: {} }),
    );
    expect(
      selectors.map(({ relation, namespaces, selector }) => [
        relation,
        namespaces,
        selector[0].key,
        selector[0].values,
      ]),
    ).toEqual(
      ['gateway-service', 'gateway-deployment'].map(relation => [
        relation,
        'own',
        'gateway.networking.k8s.io/gateway-name',
        ['gw'],
      ]),
    );
  });

  it('guesses who runs a class (R084)', () => {
    const { selectors } = observe(
      gatewayClassKind,
      object({
        metadata: { namespace: undefined },
        spec: { controllerName: 'istio.io/gateway-controller' },
      }),
    );
    expect(selectors.map(({ selector }) => selector[0].values)).toEqual([
      ['istiod'],
      ['istiod'],
    ]);
  });
});

it.each<[string, unknown[], string]>([
  ['no Gateway has answered', [], 'ok Exists'],
  ['a Gateway takes it', [condition('Accepted', 'True')], 'ok Exists'],
  [
    'a Gateway refuses it',
    [condition('Accepted', 'False', 'Conflicted')],
    'degraded Conflicted H163',
  ],
  [
    'its authority is missing',
    [condition('ResolvedRefs', 'False', 'InvalidCACertificateRef')],
    'degraded InvalidCACertificateRef H163',
  ],
])('a BackendTLSPolicy: %s', (_, conditions, expected) => {
  const item = object({
    spec: {},
    status: { ancestors: [{ ancestorRef: { name: 'gw' }, conditions }] },
  });
  expect(verdictText(observe(backendTlsPolicyKind, item).verdict)).toBe(
    expected,
  );
});
