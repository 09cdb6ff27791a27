import { KubernetesObject } from '../../kinds/kindDefinition';
import { Scenario } from './scenario';
import * as t from './templates';

const API = 'gateway.networking.k8s.io/v1';

function gatewayClass(
  controller = 'acme.io/gateway',
  conditions: readonly KubernetesObject[] = [
    t.condition('Accepted', 'True', 'Accepted'),
  ],
): KubernetesObject {
  return t.object(API, 'GatewayClass', 'acme', {
    spec: { controllerName: controller },
    status: { conditions },
  });
}

interface GatewayOptions {
  conditions?: readonly KubernetesObject[];
  listener?: readonly KubernetesObject[];
  tls?: string;
}

const well = [
  t.condition('Accepted', 'True', 'Accepted'),
  t.condition('Programmed', 'True', 'Programmed'),
];

function gateway(
  reference: string,
  { conditions = well, listener = [], tls }: GatewayOptions = {},
): KubernetesObject {
  return t.object(API, 'Gateway', reference, {
    spec: {
      gatewayClassName: 'acme',
      listeners: [
        {
          name: 'web',
          port: 443,
          protocol: tls ? 'HTTPS' : 'HTTP',
          ...(tls && { tls: { certificateRefs: [{ name: tls }] } }),
          allowedRoutes: { namespaces: { from: 'Same' } },
        },
      ],
    },
    status: {
      addresses: [{ value: '192.0.2.20' }],
      conditions,
      listeners: [{ name: 'web', attachedRoutes: 1, conditions: listener }],
    },
  });
}

function route(
  reference: string,
  options: {
    gateway?: string;
    backend?: object;
    conditions?: readonly KubernetesObject[];
  } = {},
): KubernetesObject {
  const { name, namespace } = t.placeOf(reference);
  const [space, parent] = (options.gateway ?? `${namespace}/edge`).split('/');
  const conditions = options.conditions ?? [
    t.condition('Accepted', 'True', 'Accepted'),
    t.condition('ResolvedRefs', 'True', 'ResolvedRefs'),
  ];
  return t.object(API, 'HTTPRoute', reference, {
    spec: {
      parentRefs: [{ name: parent, namespace: space }],
      rules: [{ backendRefs: [{ name, port: 80, ...options.backend }] }],
    },
    status: {
      parents: [
        {
          parentRef: { name: parent, namespace: space },
          controllerName: 'acme.io/gateway',
          conditions,
        },
      ],
    },
  });
}

const cart = [t.deployment('shop/cart'), t.service('shop/cart')];

/** Gateway API: S084–S087, S100. */
export const gatewayScenarios: readonly Scenario[] = [
  {
    id: 'S084',
    fault: 'a route names a backend that does not exist',
    objects: t.world(
      gatewayClass(),
      gateway('shop/edge'),
      cart,
      route('shop/cart'),
      route('shop/carts', {
        conditions: [
          t.condition('Accepted', 'True', 'Accepted'),
          t.condition(
            'ResolvedRefs',
            'False',
            'BackendNotFound',
            'service "carts" not found',
          ),
        ],
      }),
    ),
    expects: {
      roots: ['Service/shop/carts', 'HTTPRoute/shop/carts'],
      affected: ['HTTPRoute/shop/carts'],
      says: ['carts', 'does not exist', 'a typo?'],
    },
  },
  {
    id: 'S085',
    fault: 'a route sends to another namespace, which does not grant it',
    objects: t.world(
      gatewayClass(),
      gateway('shop/edge'),
      t.deployment('data/reports'),
      t.service('data/reports'),
      route('shop/reports', {
        backend: { namespace: 'data' },
        conditions: [
          t.condition('Accepted', 'True', 'Accepted'),
          t.condition(
            'ResolvedRefs',
            'False',
            'RefNotPermitted',
            'Backend ref to Service data/reports not permitted by any ReferenceGrant',
          ),
        ],
      }),
    ),
    expects: {
      roots: ['HTTPRoute/shop/reports'],
      faults: ['ReferenceGrantMissing'],
      says: ['ReferenceGrant', 'namespace data', 'namespace shop'],
    },
  },
  {
    id: 'S086',
    fault: 'a listener takes routes of its own namespace only',
    objects: t.world(
      gatewayClass(),
      gateway('infra/edge'),
      cart,
      route('shop/cart', {
        gateway: 'infra/edge',
        conditions: [
          t.condition(
            'Accepted',
            'False',
            'NotAllowedByListeners',
            'No listeners included by this parent ref allowed this attachment.',
          ),
        ],
      }),
    ),
    expects: {
      roots: ['Gateway/infra/edge'],
      faults: ['ListenerRefusesRoute'],
      affected: ['HTTPRoute/shop/cart'],
      says: ['namespace shop', 'allowedRoutes'],
    },
  },
  {
    id: 'S086b',
    fault: 'a route names a listener that its Gateway does not have',
    objects: t.world(
      gatewayClass(),
      gateway('shop/edge'),
      cart,
      route('shop/cart', {
        conditions: [
          t.condition(
            'Accepted',
            'False',
            'NoMatchingParent',
            'no listener named "htps"',
          ),
        ],
      }),
    ),
    expects: { roots: ['HTTPRoute/shop/cart'], says: ['htps', 'sectionName'] },
  },
  {
    id: 'S087',
    fault: "a Gateway's controller was scaled to zero",
    objects: t.world(
      gatewayClass('acme.io/gateway', [
        t.condition('Accepted', 'Unknown', 'Pending', 'Waiting for controller'),
      ]),
      t.deployment('infra/gateway', {
        replicas: 0,
        labels: { 'app.kubernetes.io/name': 'gateway' },
        changed: 30,
      }),
      gateway('shop/edge', {
        conditions: [
          t.condition(
            'Accepted',
            'Unknown',
            'Pending',
            'Waiting for controller',
          ),
          t.condition(
            'Programmed',
            'Unknown',
            'Pending',
            'Waiting for controller',
          ),
        ],
      }),
      cart,
    ),
    expects: {
      roots: ['Deployment/infra/gateway'],
      affected: ['GatewayClass//acme', 'Gateway/shop/edge'],
      says: ['scaled to zero'],
    },
  },
  {
    id: 'S087b',
    fault: 'no controller of that name was ever installed',
    objects: t.world(
      gatewayClass('acme.io/gateway', [
        t.condition('Accepted', 'Unknown', 'Pending', 'Waiting for controller'),
      ]),
      cart,
    ),
    expects: {
      roots: ['GatewayClass//acme'],
      says: ['acme.io/gateway', 'none has accepted'],
    },
  },
  {
    id: 'S100',
    fault: "the certificate of a Gateway's listener does not exist",
    objects: t.world(
      gatewayClass(),
      gateway('shop/edge', {
        tls: 'web-tls',
        listener: [
          t.condition(
            'ResolvedRefs',
            'False',
            'InvalidCertificateRef',
            'Secret shop/web-tls not found',
          ),
          t.condition('Programmed', 'False', 'Invalid'),
        ],
      }),
      cart,
      route('shop/cart'),
    ),
    expects: {
      roots: ['Secret/shop/web-tls'],
      affected: ['Gateway/shop/edge'],
      says: ['web-tls', 'does not exist'],
    },
  },
];
