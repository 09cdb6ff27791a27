import { Scenario } from './scenario';
import * as t from './templates';

const web = { name: 'http', port: 80, protocol: 'TCP' };

/** Services that send to the wrong port, or to the wrong pods: S077–S079. */
export const servicePortScenarios: readonly Scenario[] = [
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
];
