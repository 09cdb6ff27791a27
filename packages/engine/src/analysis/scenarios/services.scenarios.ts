import { Scenario } from './scenario';
import * as t from './templates';

const web = { name: 'http', port: 80, protocol: 'TCP' };

/** Services and what is in front of them: S076–S083, S091, S092, S096, S114. */
export const serviceScenarios: readonly Scenario[] = [
  {
    id: 'S076',
    fault:
      'a Service selects app=cart2, its pods are app=cart, and an Ingress is in front',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 3 }),
      t.service('shop/cart', { selector: { app: 'cart2' }, changed: 20 }),
      t.ingress('shop/cart'),
      t.deployment('shop/api'),
      t.service('shop/api'),
      t.ingress('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      faults: ['SelectorMatchesNothing'],
      affected: ['Ingress/shop/cart'],
      says: ['app=cart2', '3 pods have app=cart', 'kubectl set selector'],
    },
  },
  {
    id: 'S076b',
    fault: 'a selector with a typo, and nobody known calls the Service',
    objects: t.world(
      t.deployment('shop/checkout'),
      t.service('shop/checkout', { selector: { app: 'chekout' } }),
      t.deployment('shop/api'),
      t.service('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/checkout'],
      says: ['app=chekout', 'app=checkout'],
    },
  },
  {
    id: 'S076c',
    fault:
      'a selector asks for the right value under a label that the pods do not have',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 3 }),
      t.service('shop/cart', {
        selector: { 'app.kubernetes.io/name': 'cart' },
      }),
      t.ingress('shop/cart'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      affected: ['Ingress/shop/cart'],
      says: ['app=cart', '3 pods'],
    },
  },
  {
    id: 'S076d',
    fault:
      'a selector asks for one label more than the pods have, and its callers are not ready',
    objects: t.world(
      t.deployment('shop/cart', { templateLabels: { track: 'canary' } }),
      t.service('shop/cart', { selector: { app: 'cart', track: 'stable' } }),
      t.deployment('shop/web', {
        container: { env: [{ name: 'CART', value: 'http://cart:80' }] },
        pods: t.notReady(),
      }),
      t.service('shop/web'),
      t.ingress('shop/web'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      affected: ['Deployment/shop/web', 'Service/shop/web', 'Ingress/shop/web'],
      says: ['track=stable', 'track=canary'],
    },
  },
  {
    id: 'S076e',
    fault: 'a selector asks for a label that no pod has, beside the right ones',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 3 }),
      t.service('shop/cart', {
        selector: { app: 'cart', current_service_name: 'cart' },
        changed: 20,
      }),
      t.deployment('shop/api'),
      t.service('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      says: ['current_service_name', '3 pods have app=cart'],
    },
  },
  {
    id: 'S076f',
    fault:
      'a Service selects something else altogether, while pods are called as it is',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 3 }),
      t.service('shop/cart', { selector: { app: 'wrong-label' } }),
      t.deployment('shop/api'),
      t.service('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      says: ['wrong-label', '3 pods have app=cart'],
    },
  },
  {
    id: 'S076y',
    fault: 'nothing: a Service for a leader waits, the pods have another one',
    objects: t.world(
      t.deployment('shop/cart', { templateLabels: { role: 'follower' } }),
      t.service('shop/cart'),
      t.service('shop/cart-leader', {
        selector: { app: 'cart', role: 'leader' },
      }),
      t.service('shop/cart-backup', {
        selector: { app: 'cart', backup: 'true' },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S076z',
    fault:
      'nothing: a Service waits for the next release, which nobody calls yet',
    objects: t.world(
      t.deployment('shop/cart', { templateLabels: { version: 'v1' } }),
      t.service('shop/cart', { selector: { app: 'cart' } }),
      t.service('shop/cart-next', {
        selector: { app: 'cart', version: 'v2' },
      }),
      t.service('shop/shard-2', { selector: { app: 'shard-2' } }),
      t.deployment('shop/shard-1'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S077',
    fault: "a Service's selector is too broad: pods of a batch job answer, too",
    objects: t.world(
      t.deployment('shop/cart', { templateLabels: { tier: 'backend' } }),
      t.deployment('shop/batch', {
        templateLabels: { tier: 'backend' },
        container: { ports: [{ name: 'metrics', containerPort: 9100 }] },
      }),
      t.service('shop/cart', {
        selector: { tier: 'backend' },
        ports: [{ ...web, targetPort: 8080 }],
        changed: 20,
      }),
      t.ingress('shop/cart'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      faults: ['SelectorTooBroad'],
      says: ['cart', 'batch', '8080'],
    },
  },
  {
    id: 'S077z',
    fault: 'nothing: one Service in front of two versions',
    objects: t.world(
      t.deployment('shop/cart-v1', { templateLabels: { app: 'cart', v: '1' } }),
      t.deployment('shop/cart-v2', { templateLabels: { app: 'cart', v: '2' } }),
      t.service('shop/cart', { ports: [{ ...web, targetPort: 8080 }] }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S078',
    fault: 'targetPort 9999, the containers have 8080',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 3 }),
      t.service('shop/cart', {
        ports: [{ ...web, targetPort: 9999 }],
        changed: 20,
      }),
      t.ingress('shop/cart'),
      t.deployment('shop/api'),
      t.service('shop/api', { ports: [{ ...web, targetPort: 8080 }] }),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      faults: ['TargetPortUndeclared'],
      says: ['9999', '8080', '3 pods'],
    },
  },
  {
    id: 'S078z',
    fault: 'nothing: the containers declare no port, or another one beside',
    objects: t.world(
      t.deployment('shop/cart', { container: { ports: [] } }),
      t.service('shop/cart', { ports: [{ ...web, targetPort: 9999 }] }),
      t.deployment('shop/api'),
      t.service('shop/api', {
        ports: [
          { ...web, targetPort: 8080 },
          { name: 'metrics', port: 9100, targetPort: 9100 },
        ],
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S078y',
    fault:
      "nothing: a mesh's gateway declares the port of its metrics only, and a second Service leads to a port that is not declared",
    objects: t.world(
      t.deployment('istio-ingress/gateway', {
        container: {
          name: 'istio-proxy',
          ports: [{ name: 'http-envoy-prom', containerPort: 15090 }],
        },
      }),
      t.service('istio-ingress/gateway', {
        ports: [
          { name: 'status', port: 15021, targetPort: 15021 },
          { name: 'http2', port: 80, targetPort: 80 },
        ],
      }),
      t.statefulSet('shop/search', {
        container: { ports: [{ name: 'https', containerPort: 9200 }] },
      }),
      t.service('shop/search', {
        ports: [{ name: 'https', port: 9200, targetPort: 9200 }],
      }),
      t.service('shop/search-transport', {
        selector: { app: 'search' },
        ports: [{ name: 'transport', port: 9300, targetPort: 9300 }],
        spec: { clusterIP: 'None' },
      }),
      t.deployment('shop/exporter', {
        container: { ports: [{ name: 'metrics', containerPort: 9100 }] },
      }),
      t.service('shop/exporter', { ports: [{ ...web, targetPort: 8080 }] }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S077y',
    fault:
      'nothing: a headless Service names all pods of a release, another one finds its pods by the name of their port',
    objects: t.world(
      t.deployment('shop/cart', { templateLabels: { release: 'r1' } }),
      t.deployment('shop/batch', {
        templateLabels: { release: 'r1' },
        container: { ports: [{ name: 'metrics', containerPort: 9100 }] },
      }),
      t.service('shop/all', {
        selector: { release: 'r1' },
        ports: [{ ...web, targetPort: 8080 }],
        spec: { clusterIP: 'None' },
      }),
      t.service('shop/web', { selector: { release: 'r1' } }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S079',
    fault: 'targetPort "htpp", the containers have http and metrics',
    objects: t.world(
      t.deployment('shop/cart', {
        container: {
          ports: [
            { name: 'http', containerPort: 8080 },
            { name: 'metrics', containerPort: 9100 },
          ],
        },
      }),
      t.service('shop/cart', {
        ports: [{ ...web, targetPort: 'htpp' }],
        changed: 20,
      }),
      t.ingress('shop/cart'),
      t.deployment('shop/api'),
      t.service('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      faults: ['PortNameMissing'],
      affected: ['Ingress/shop/cart'],
      says: ['htpp', 'http (8080)', 'metrics (9100)', 'Send to http'],
    },
  },
  {
    id: 'S080',
    fault: 'a Service was deleted, an Ingress still sends to it',
    objects: t.world(
      t.deployment('shop/cart'),
      t.ingress('shop/cart'),
      t.deployment('shop/api'),
      t.service('shop/api'),
      t.ingress('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      faults: ['MissingService'],
      affected: ['Ingress/shop/cart'],
      says: ['does not exist'],
    },
  },
  {
    id: 'S080b',
    fault: 'a Service was deleted that an init container waits for',
    objects: t.world(
      t.deployment('shop/db'),
      t.deployment('shop/api', {
        template: {
          initContainers: [
            {
              name: 'wait',
              image: 'busybox:1.36',
              command: ['sh', '-c', 'until nc -z db 5432; do sleep 1; done'],
            },
          ],
        },
        pods: t.initRunning('wait'),
      }),
      t.service('shop/api'),
      t.ingress('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/db'],
      affected: ['Deployment/shop/api', 'Service/shop/api', 'Ingress/shop/api'],
      says: ['does not exist', 'db'],
    },
  },
  {
    id: 'S080c',
    fault: 'a Service was deleted, and who calls it ends with a failed look-up',
    objects: t.world(
      t.deployment('shop/cart'),
      t.deployment('shop/web', {
        container: {
          env: [
            { name: 'CART_ADDR', value: 'cart:8080' },
            { name: 'OTEL', value: 'http://otel-collector:4317' },
          ],
        },
        pods: t.crashing(1, 'Error', {
          message: 'dial tcp: lookup cart on 10.96.0.10:53: no such host',
        }),
      }),
      t.service('shop/web'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      affected: ['Deployment/shop/web', 'Service/shop/web'],
      says: ['no such host'],
    },
  },
  {
    id: 'S081',
    fault: 'an Ingress sends to port 9090, the Service has 80 and 9091',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart', {
        ports: [
          { ...web, targetPort: 'http' },
          { name: 'metrics', port: 9091, targetPort: 'http' },
        ],
      }),
      t.ingress('shop/cart', { port: 9090, changed: 20 }),
    ),
    expects: {
      roots: ['Ingress/shop/cart'],
      faults: ['BackendPortMissing'],
      says: ['9090', '80 (http), 9091 (metrics)'],
    },
  },
  {
    id: 'S082',
    fault: 'an Ingress names a class that does not exist',
    objects: t.world(
      ...['nginx', 'alb'].map(name =>
        t.object('networking.k8s.io/v1', 'IngressClass', name, {
          spec: { controller: `example.com/${name}` },
        }),
      ),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', {
        className: 'ngnix',
        status: { loadBalancer: {} },
      }),
      t.ingress('shop/other', { backend: 'cart', className: 'nginx' }),
    ),
    expects: {
      roots: ['IngressClass//ngnix', 'Ingress/shop/cart'],
      affected: ['Ingress/shop/cart'],
      says: ['ngnix', 'alb', 'nginx'],
    },
  },
  {
    id: 'S082b',
    fault: 'an Ingress names no class, and none is the default',
    objects: t.world(
      t.object('networking.k8s.io/v1', 'IngressClass', 'nginx', {
        spec: { controller: 'k8s.io/ingress-nginx' },
      }),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', { status: { loadBalancer: {} } }),
    ),
    expects: { roots: ['Ingress/shop/cart'], says: ['class', 'nginx'] },
  },
  {
    id: 'S083',
    fault: 'the Secret of a TLS certificate was deleted',
    objects: t.world(
      t.secret('shop/other-tls', ['tls.crt', 'tls.key']),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', { tls: 'cart-tls' }),
      t.ingress('shop/other', { backend: 'cart', tls: 'other-tls' }),
    ),
    expects: {
      roots: ['Secret/shop/cart-tls'],
      affected: ['Ingress/shop/cart'],
      says: ['cart-tls', 'spec.tls', 'kubectl create secret tls'],
    },
  },
  {
    id: 'S083b',
    fault: 'a certificate has expired: its issuer cannot renew it',
    objects: t.world(
      t.secret('shop/cart-tls', ['tls.crt', 'tls.key']),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', { tls: 'cart-tls' }),
      t.object('cert-manager.io/v1', 'Issuer', 'shop/letsencrypt', {
        spec: { acme: { server: 'https://acme.example.com' } },
        status: t.readyStatus(
          'False',
          'ErrRegisterACMEAccount',
          'Failed to register ACME account: context deadline exceeded',
          3 * 24 * 60,
        ),
      }),
      t.object('cert-manager.io/v1', 'Certificate', 'shop/cart', {
        spec: {
          secretName: 'cart-tls',
          dnsNames: ['cart.example.com'],
          issuerRef: { name: 'letsencrypt', kind: 'Issuer' },
        },
        status: {
          notAfter: t.ago(120),
          conditions: [
            t.condition(
              'Ready',
              'False',
              'Expired',
              'Certificate expired on Mon, 02 Mar 2026 08:00:00 UTC',
              120,
            ),
          ],
        },
      }),
    ),
    expects: {
      roots: ['Issuer/shop/letsencrypt'],
      affected: ['Certificate/shop/cart'],
      says: ['ACME', 'notAfter'],
    },
  },
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
    id: 'C13',
    fault: 'nothing: an Ingress without an address on bare metal',
    objects: t.world(
      t.object('networking.k8s.io/v1', 'IngressClass', 'nginx', {
        spec: { controller: 'k8s.io/ingress-nginx' },
      }),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', {
        className: 'nginx',
        status: { loadBalancer: {} },
      }),
    ),
    expects: { nothing: true },
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
