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

const env = (name: string, value: string) => ({ env: [{ name, value }] });

/** Name look-ups: S089, S093–S095. */
export const nameScenarios: readonly Scenario[] = [
  {
    id: 'S089',
    fault: 'egress to port 8080 only: no name look-ups',
    objects: t.world(
      dns(),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.deployment('shop/web', {
        container: env('CART', 'http://cart'),
        pods: t.notReady(
          'Readiness probe failed: dial tcp: lookup cart on 10.96.0.10:53: i/o timeout',
        ),
      }),
      t.service('shop/web'),
      policy('shop/web-egress', {
        podSelector: app('web'),
        policyTypes: ['Egress'],
        egress: [{ ports: [{ protocol: 'TCP', port: 8080 }] }],
      }),
      t.deployment('shop/docs'),
    ),
    expects: {
      roots: ['NetworkPolicy/shop/web-egress'],
      affected: ['Deployment/shop/web', 'Service/shop/web'],
      says: ['DNS', 'port 53'],
    },
  },
  {
    id: 'S089b',
    fault: 'egress without DNS, and no probe looks at it',
    objects: t.world(
      dns(),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.deployment('shop/web', { container: env('CART', 'http://cart') }),
      policy('shop/web-egress', {
        podSelector: app('web'),
        policyTypes: ['Egress'],
        egress: [{ ports: [{ protocol: 'TCP', port: 8080 }] }],
      }),
    ),
    expects: {
      roots: ['NetworkPolicy/shop/web-egress'],
      says: ['DNS', 'port 53'],
    },
  },
  {
    id: 'S089z',
    fault: 'nothing: a job may reach addresses only, and names nobody',
    objects: t.world(
      dns(),
      t.deployment('shop/exporter'),
      policy('shop/exporter', {
        podSelector: app('exporter'),
        policyTypes: ['Egress'],
        egress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }],
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S089y',
    fault:
      "nothing: names are looked up in the node's cache, whose address a policy allows",
    objects: t.world(
      dns(),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.deployment('shop/web', { container: env('CART', 'http://cart') }),
      policy('shop/web', {
        podSelector: app('web'),
        policyTypes: ['Egress'],
        egress: [
          { to: [{ podSelector: app('cart') }] },
          {
            to: [{ ipBlock: { cidr: '169.254.20.10/32' } }],
            ports: [{ protocol: 'UDP', port: 53 }],
          },
        ],
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S093',
    fault:
      'CoreDNS runs out of memory; workloads all over lose their readiness',
    objects: t.world(
      dns({ pods: t.oomKilled({ since: 21 }) }),
      ...['cart', 'web', 'api'].map(name => [
        t.deployment(`shop/${name}`, {
          pods: t.notReady(
            'Readiness probe failed: Get "http://10.244.0.9:8080/ready": context deadline exceeded',
          ),
        }),
        t.service(`shop/${name}`),
      ]),
      t.deployment('shop/docs'),
      t.service('shop/docs'),
    ),
    expects: {
      roots: ['Deployment/kube-system/coredns'],
      affected: [
        'Service/kube-system/kube-dns',
        'Deployment/shop/cart',
        'Deployment/shop/web',
        'Service/shop/api',
      ],
      says: ['memory'],
    },
  },
  {
    id: 'S093b',
    fault: 'CoreDNS was scaled to zero',
    objects: t.world(
      dns({ replicas: 0, changed: 21 }),
      t.deployment('shop/cart', { pods: t.notReady() }),
      t.service('shop/cart'),
      t.deployment('shop/docs'),
    ),
    expects: {
      roots: ['Deployment/kube-system/coredns'],
      affected: ['Deployment/shop/cart'],
      says: ['scaled to zero'],
    },
  },
  {
    id: 'S093c',
    fault: 'CoreDNS was scaled to zero, and nobody has noticed yet',
    objects: t.world(
      dns({ replicas: 0, changed: 21 }),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/kube-system/coredns'],
      says: ['scaled to zero'],
    },
  },
  {
    id: 'S094',
    fault: 'the Corefile was edited, and CoreDNS crashes',
    objects: t.world(
      dns({
        since: 19,
        container: {
          ports: [{ name: 'dns', containerPort: 53, protocol: 'UDP' }],
        },
        template: {
          volumes: [
            {
              name: 'config',
              configMap: {
                name: 'coredns',
                items: [{ key: 'Corefile', path: 'Corefile' }],
              },
            },
          ],
        },
        pods: t.crashing(1, 'Error', { since: 19 }),
      }),
      t.configMap('kube-system/coredns', ['Corefile'], { changed: 20 }),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
    ),
    expects: {
      noCause: true,
      orLikely: [
        'ConfigMap/kube-system/coredns',
        'Deployment/kube-system/coredns',
      ],
    },
  },
  {
    id: 'S095',
    fault:
      'dnsPolicy was set to Default: cluster names are not looked up any more',
    objects: t.world(
      dns(),
      t.deployment('shop/db'),
      t.service('shop/db'),
      t.deployment('shop/api', {
        revision: 2,
        container: env('DB', 'http://db'),
        template: { dnsPolicy: 'Default' },
        pods: t.notReady(
          'Readiness probe failed: HTTP probe failed with statuscode: 503',
        ),
      }),
      t.service('shop/api'),
    ),
    expects: {
      roots: ['Deployment/shop/api'],
      affected: ['Service/shop/api'],
      says: ['dnsPolicy', 'Default', 'ClusterFirst'],
    },
  },
  {
    id: 'S095z',
    fault: 'nothing: a pod looks up the names of its node, and calls nobody',
    objects: t.world(
      dns(),
      t.deployment('shop/mirror', { template: { dnsPolicy: 'Default' } }),
    ),
    expects: { nothing: true },
  },
];
