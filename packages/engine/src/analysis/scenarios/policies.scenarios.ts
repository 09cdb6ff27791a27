import { KubernetesObject } from '../../kinds/kindDefinition';
import { Scenario } from './scenario';
import { clusterDns as dns } from './templateDns';
import * as t from './templates';

function policy(
  reference: string,
  spec: object,
  parts: t.ObjectParts = {},
): KubernetesObject {
  return t.object('networking.k8s.io/v1', 'NetworkPolicy', reference, {
    age: 21,
    ...parts,
    spec,
  });
}

const app = (name: string) => ({ matchLabels: { app: name } });

const from = (name: string, port = 8080) => ({
  from: [{ podSelector: app(name) }],
  ports: [{ protocol: 'TCP', port }],
});

const env = (name: string, value: string) => ({ env: [{ name, value }] });

/** NetworkPolicies: S088, S090. */
export const policyScenarios: readonly Scenario[] = [
  {
    id: 'S088',
    fault: 'a policy that denies all, while nothing looks unwell',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.deployment('shop/web', { container: env('CART', 'http://cart') }),
      t.service('shop/web'),
      policy('shop/deny-all', {
        podSelector: app('cart'),
        policyTypes: ['Ingress'],
      }),
      t.deployment('shop/docs'),
      t.service('shop/docs'),
    ),
    expects: {
      roots: ['NetworkPolicy/shop/deny-all'],
      says: ['deny-all', 'shop/web', '8080/TCP'],
    },
  },
  {
    id: 'S088b',
    fault: 'a policy lets in app=review, the callers are app=reviews',
    objects: t.world(
      t.deployment('shop/ratings'),
      t.service('shop/ratings'),
      t.deployment('shop/reviews', { replicas: 3 }),
      policy('shop/default-deny', {
        podSelector: {},
        policyTypes: ['Ingress'],
      }),
      policy('shop/ratings', {
        podSelector: app('ratings'),
        policyTypes: ['Ingress'],
        ingress: [from('review')],
      }),
    ),
    expects: {
      roots: ['NetworkPolicy/shop/ratings'],
      says: ['app: review', 'app=reviews', 'denied'],
    },
  },
  {
    id: 'S088c',
    fault: "a policy keeps the ingress controller from an Ingress's pods",
    objects: t.world(
      t.object('networking.k8s.io/v1', 'IngressClass', 'nginx', {
        spec: { controller: 'k8s.io/ingress-nginx' },
      }),
      t.deployment('ingress-nginx/controller', {
        labels: { 'app.kubernetes.io/name': 'ingress-nginx' },
        templateLabels: { 'app.kubernetes.io/name': 'ingress-nginx' },
      }),
      t.deployment('shop/web'),
      t.service('shop/web'),
      t.ingress('shop/web', { className: 'nginx' }),
      policy('shop/own-namespace', {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ podSelector: {} }] }],
      }),
    ),
    expects: {
      roots: ['NetworkPolicy/shop/own-namespace'],
      says: ['ingress-nginx/controller'],
    },
  },
  {
    id: 'S088d',
    fault: "a policy allows the Service's port 80, the pods listen on 8080",
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.deployment('shop/web', { container: env('CART', 'http://cart') }),
      policy('shop/cart', {
        podSelector: app('cart'),
        policyTypes: ['Ingress'],
        ingress: [from('web', 80)],
      }),
    ),
    expects: {
      roots: ['NetworkPolicy/shop/cart'],
      says: ['8080/TCP', 'add port 8080/TCP'],
    },
  },
  {
    id: 'S088e',
    fault: 'a policy denies all in a namespace, and nobody is known to call',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      policy('shop/deny-all', { podSelector: {}, policyTypes: ['Ingress'] }),
      t.deployment('data/db'),
      t.service('data/db'),
    ),
    expects: {
      roots: ['NetworkPolicy/shop/deny-all'],
      says: ['lets nobody in', 'Service cart'],
    },
  },
  {
    id: 'S088w',
    fault: 'nothing: workers let nobody in, their Service only names them',
    objects: t.world(
      t.deployment('shop/worker'),
      t.statefulSet('shop/queue'),
      t.service('shop/queue', { spec: { clusterIP: 'None' } }),
      policy('shop/deny-all', { podSelector: {}, policyTypes: ['Ingress'] }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S088z',
    fault: 'nothing: policies deny by default and let in who calls',
    objects: t.world(
      dns(),
      t.deployment('shop/db'),
      t.service('shop/db'),
      t.deployment('shop/cart', { container: env('DB', 'http://db') }),
      t.service('shop/cart'),
      t.deployment('shop/web', { container: env('CART', 'http://cart') }),
      policy('shop/default-deny', {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
      }),
      policy('shop/db', {
        podSelector: app('db'),
        policyTypes: ['Ingress'],
        ingress: [from('cart')],
      }),
      policy('shop/cart', {
        podSelector: app('cart'),
        policyTypes: ['Ingress', 'Egress'],
        ingress: [from('web')],
        egress: [{ to: [{ podSelector: app('db') }] }],
      }),
      policy('shop/web', {
        podSelector: app('web'),
        policyTypes: ['Egress'],
        egress: [{ to: [{ podSelector: app('cart') }] }],
      }),
      policy('shop/dns', {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ namespaceSelector: {} }],
            ports: [
              { protocol: 'UDP', port: 53 },
              { protocol: 'TCP', port: 53 },
            ],
          },
        ],
      }),
      policy('shop/next-release', {
        podSelector: app('db'),
        policyTypes: ['Ingress'],
        ingress: [from('reporting')],
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S088y',
    fault:
      'nothing: what a NetworkPolicy does not allow, a policy of Cilium may',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.deployment('shop/web', { container: env('CART', 'http://cart') }),
      policy('shop/deny', { podSelector: {}, policyTypes: ['Ingress'] }),
      t.object('cilium.io/v2', 'CiliumNetworkPolicy', 'shop/web-to-cart', {
        spec: {
          endpointSelector: app('cart'),
          ingress: [{ fromEndpoints: [app('web')] }],
        },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S088x',
    fault:
      'nothing: a policy names pods that are still to come, others of nearly this name are allowed already',
    objects: t.world(
      t.deployment('shop/ledger'),
      t.service('shop/ledger'),
      t.deployment('shop/orders'),
      policy('shop/ledger', {
        podSelector: app('ledger'),
        policyTypes: ['Ingress'],
        ingress: [from('orders'), from('order')],
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S090',
    fault:
      'a policy keeps the api from its database: its probe answers 503 since',
    objects: t.world(
      dns(),
      t.statefulSet('shop/db'),
      t.service('shop/db', { spec: { clusterIP: 'None' } }),
      t.deployment('shop/api', {
        container: env('DB', 'postgres://u:p@db:5432/shop'),
        pods: t.notReady(),
      }),
      t.service('shop/api'),
      t.ingress('shop/api'),
      policy('shop/db-deny', {
        podSelector: app('db'),
        policyTypes: ['Ingress'],
        ingress: [from('backup')],
      }),
      t.deployment('shop/docs'),
      t.service('shop/docs'),
    ),
    expects: {
      roots: ['NetworkPolicy/shop/db-deny'],
      affected: ['Deployment/shop/api', 'Service/shop/api', 'Ingress/shop/api'],
      says: ['db', '503'],
    },
  },
  {
    id: 'S090z',
    fault:
      'a probe fails since long before a policy came that denies nothing it needs',
    objects: t.world(
      dns(),
      t.deployment('shop/db'),
      t.service('shop/db'),
      t.deployment('shop/api', {
        container: env('DB', 'http://db'),
        pods: t.notReady(undefined, 200),
        since: 200,
      }),
      policy(
        'shop/db',
        {
          podSelector: app('db'),
          policyTypes: ['Ingress'],
          ingress: [from('api')],
        },
        { age: 10 },
      ),
    ),
    expects: { noCause: true },
  },
];
