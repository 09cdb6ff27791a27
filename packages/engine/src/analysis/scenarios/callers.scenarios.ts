import { Scenario } from './scenario';
import * as t from './templates';

/** Who calls a Service, from where, by which name: S090, S091, S092, S096, C15, C22. */
export const callerScenarios: readonly Scenario[] = [
  {
    id: 'S091',
    fault:
      'internalTrafficPolicy Local, and a caller is on a node without an endpoint',
    objects: t.world(
      t.deployment('shop/cart', { nodes: ['node-1'] }),
      t.service('shop/cart', {
        spec: { internalTrafficPolicy: 'Local' },
        changed: 20,
      }),
      t.deployment('shop/web', {
        nodes: ['node-1', 'node-2'],
        container: { env: [{ name: 'CART', value: 'http://cart' }] },
        pods: [t.running, t.notReady()],
      }),
      t.service('shop/web'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      faults: ['NoLocalEndpoint'],
      says: ['Local', 'node-2', 'node-1'],
    },
  },
  {
    id: 'S091z',
    fault: 'nothing: local traffic, and a pod on every node',
    objects: t.world(
      t.daemonSet('shop/agent'),
      t.service('shop/agent', { spec: { internalTrafficPolicy: 'Local' } }),
      t.deployment('shop/web', {
        container: { env: [{ name: 'AGENT', value: 'http://agent' }] },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S092',
    fault: 'the cloud has no load balancer left',
    objects: (() => {
      const service = t.service('shop/cart', {
        age: 30,
        spec: { type: 'LoadBalancer' },
      });
      const words =
        'Error syncing load balancer: failed to ensure load balancer: googleapi: Error 403: Quota FORWARDING_RULES exceeded. Limit: 15.0';
      return t.world(
        t.deployment('shop/cart'),
        service,
        t.event(service, 'SyncLoadBalancerFailed', words, {
          component: 'service-controller',
        }),
      );
    })(),
    expects: {
      roots: ['Service/shop/cart'],
      faults: ['LoadBalancerPending'],
      says: ['FORWARDING_RULES'],
    },
  },
  {
    id: 'S096',
    fault: 'an external name that nobody resolves',
    objects: t.world(
      t.service('shop/billing', {
        selector: null,
        spec: {
          type: 'ExternalName',
          externalName: 'billing.exmaple.com',
          clusterIP: undefined,
          clusterIPs: undefined,
        },
      }),
      t.deployment('shop/api', {
        container: { env: [{ name: 'BILLING', value: 'https://billing' }] },
        pods: t.notReady(),
      }),
    ),
    expects: { noCause: true, orLikely: ['Service/shop/billing'] },
  },
  {
    id: 'S096b',
    fault:
      'an external name leads to a Service of the cluster that does not exist',
    objects: t.world(
      t.service('shop/billing', {
        selector: null,
        spec: {
          type: 'ExternalName',
          externalName: 'billing.finance.svc.cluster.local',
          clusterIP: undefined,
          clusterIPs: undefined,
        },
      }),
      t.namespace('finance'),
      t.deployment('shop/api', {
        container: { env: [{ name: 'BILLING', value: 'https://billing' }] },
        pods: t.notReady(),
      }),
    ),
    expects: {
      roots: ['Service/finance/billing', 'Service/shop/billing'],
      affected: ['Deployment/shop/api'],
    },
  },
  {
    id: 'S090b',
    fault: 'a database crashes; what calls it is not ready, up to the Ingress',
    objects: t.world(
      t.deployment('shop/db', {
        replicas: 1,
        pods: t.crashing(1, 'Error', { message: 'No space left on device' }),
      }),
      t.service('shop/db'),
      t.deployment('shop/api', {
        container: { env: [{ name: 'DB', value: 'db.shop.svc' }] },
        pods: t.notReady(),
      }),
      t.service('shop/api'),
      t.deployment('shop/web', {
        container: { env: [{ name: 'API', value: 'http://api' }] },
        pods: t.notReady(),
      }),
      t.service('shop/web'),
      t.ingress('shop/web'),
      t.deployment('shop/docs'),
      t.service('shop/docs'),
    ),
    expects: {
      roots: ['Deployment/shop/db'],
      affected: ['Deployment/shop/web', 'Ingress/shop/web', 'Service/shop/api'],
      says: ['No space left'],
    },
  },
  {
    id: 'S090y',
    fault: 'a probe fails, and what the pod calls is well',
    objects: t.world(
      t.deployment('shop/db'),
      t.service('shop/db'),
      t.deployment('shop/api', {
        container: { env: [{ name: 'DB', value: 'db.shop.svc' }] },
        pods: t.notReady(),
      }),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/api'] },
  },
  {
    id: 'S090x',
    fault:
      'a probe of one replica fails, while its sibling is ready, and the collector of traces that both call is down',
    objects: t.world(
      t.deployment('shop/otel-collector', {
        replicas: 1,
        pods: t.waiting(
          'CreateContainerConfigError',
          'secret "otel" not found',
        ),
        container: {
          envFrom: [{ secretRef: { name: 'otel' } }],
        },
      }),
      t.service('shop/otel-collector'),
      t.deployment('shop/api', {
        container: {
          env: [{ name: 'OTEL', value: 'http://otel-collector:4317' }],
        },
        pods: [t.running, t.notReady()],
      }),
    ),
    expects: {
      roots: ['Secret/shop/otel'],
      affected: ['Service/shop/otel-collector'],
    },
  },
  {
    id: 'C15',
    fault:
      'nothing: a headless Service without a selector, its endpoints are outside',
    objects: t.world(
      t.service('shop/legacy', {
        selector: null,
        spec: { clusterIP: 'None' },
      }),
      t.object('discovery.k8s.io/v1', 'EndpointSlice', 'shop/legacy-1', {
        labels: { 'kubernetes.io/service-name': 'legacy' },
        fields: {
          addressType: 'IPv4',
          ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
          endpoints: [{ addresses: ['192.0.2.7'], conditions: {} }],
        },
      }),
      t.ingress('shop/legacy'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C22',
    fault: 'nothing: a Service of both address families, one slice is empty',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.object('discovery.k8s.io/v1', 'EndpointSlice', 'shop/cart-v6', {
        labels: { 'kubernetes.io/service-name': 'cart-v6' },
        fields: { addressType: 'IPv6', ports: null, endpoints: null },
      }),
    ),
    expects: { nothing: true },
  },
];
