import { KubernetesObject } from '../../kinds/kindDefinition';
import { Scenario } from './scenario';
import * as t from './templates';

const proxy = {
  name: 'istio-proxy',
  image: 'docker.io/istio/proxyv2:1.24.0',
};

const mesh = { labels: { 'istio-injection': 'enabled' } };

const call = { env: [{ name: 'CART', value: 'http://cart:80' }] };

function authorization(reference: string, spec: object): KubernetesObject {
  return t.object('security.istio.io/v1', 'AuthorizationPolicy', reference, {
    age: 21,
    spec,
  });
}

function strict(reference: string): KubernetesObject {
  return t.object('security.istio.io/v1', 'PeerAuthentication', reference, {
    age: 21,
    spec: { mtls: { mode: 'STRICT' } },
  });
}

/** Service meshes: S097–S099. */
export const meshScenarios: readonly Scenario[] = [
  {
    id: 'S097',
    fault: 'the mesh demands encryption, a caller has no sidecar',
    objects: t.world(
      t.namespace('shop', mesh),
      t.namespace('legacy'),
      t.deployment('shop/cart', { sidecars: [proxy] }),
      t.service('shop/cart'),
      strict('shop/default'),
      t.deployment('legacy/till', {
        container: {
          env: [{ name: 'CART', value: 'http://cart.shop.svc:80' }],
        },
        pods: t.notReady(),
      }),
      t.service('legacy/till'),
    ),
    expects: {
      roots: ['PeerAuthentication/shop/default'],
      affected: ['Deployment/legacy/till', 'Service/legacy/till'],
      says: ['STRICT', 'sidecar', 'istio-injection'],
    },
  },
  {
    id: 'S097z',
    fault: 'nothing: the mesh demands encryption, and all have sidecars',
    objects: t.world(
      t.namespace('shop', mesh),
      t.deployment('shop/cart', { sidecars: [proxy] }),
      t.service('shop/cart'),
      strict('shop/default'),
      t.deployment('shop/web', { sidecars: [proxy], container: call }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S098',
    fault: 'a policy of the mesh allows nobody',
    objects: t.world(
      t.namespace('shop', mesh),
      t.deployment('shop/cart', { sidecars: [proxy] }),
      t.service('shop/cart'),
      authorization('shop/deny-all', {
        selector: { matchLabels: { app: 'cart' } },
      }),
      t.deployment('shop/web', {
        sidecars: [proxy],
        container: call,
      }),
    ),
    expects: {
      roots: ['AuthorizationPolicy/shop/deny-all'],
      says: ['deny-all', 'cart', 'web'],
    },
  },
  {
    id: 'S098b',
    fault: 'a policy of the mesh denies everybody, and nobody is known to call',
    objects: t.world(
      t.namespace('shop', mesh),
      t.deployment('shop/cart', { sidecars: [proxy] }),
      t.service('shop/cart'),
      authorization('shop/deny', { action: 'DENY', rules: [{}] }),
    ),
    expects: {
      roots: ['AuthorizationPolicy/shop/deny'],
      says: ['denies everybody', 'Service cart'],
    },
  },
  {
    id: 'S098z',
    fault: 'nothing: one policy of the mesh allows nobody, another one some',
    objects: t.world(
      t.namespace('shop', mesh),
      t.deployment('shop/cart', { sidecars: [proxy] }),
      t.service('shop/cart'),
      authorization('shop/allow-nothing', {}),
      authorization('shop/cart', {
        selector: { matchLabels: { app: 'cart' } },
        rules: [
          {
            from: [
              { source: { principals: ['cluster.local/ns/shop/sa/default'] } },
            ],
          },
        ],
      }),
      t.deployment('shop/web', { sidecars: [proxy], container: call }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S099',
    fault:
      'the injection label was taken from a namespace, and a caller restarted since',
    objects: t.world(
      t.namespace('shop'),
      t.deployment('shop/cart', { sidecars: [proxy] }),
      t.service('shop/cart'),
      strict('shop/default'),
      t.deployment('shop/web', {
        container: call,
        age: 20,
        pods: t.notReady(),
      }),
      t.service('shop/web'),
    ),
    expects: {
      roots: ['Namespace//shop'],
      faults: ['MeshInjectionRemoved'],
      affected: ['Deployment/shop/web'],
      says: ['istio-injection', 'STRICT'],
    },
  },
];
