import { Scenario } from './scenario';
import * as t from './templates';

const ENDS = { finalizers: ['kubernetes'] };

function terminating(
  name: string,
  conditions: readonly object[],
  since: number = t.FAULT,
): t.Objects {
  return t.namespace(name, {
    metadata: { deletionTimestamp: t.ago(since) },
    spec: ENDS,
    status: { phase: 'Terminating', conditions },
  });
}

const DISCOVERY = t.condition(
  'NamespaceDeletionDiscoveryFailure',
  'True',
  'DiscoveryFailed',
  'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1',
);

function remaining(finalizer: string, resource: string): object[] {
  return [
    t.condition(
      'NamespaceContentRemaining',
      'True',
      'SomeResourcesRemain',
      `Some resources are remaining: ${resource} has 1 resource instances`,
    ),
    t.condition(
      'NamespaceFinalizersRemaining',
      'True',
      'SomeFinalizersRemain',
      `Some content in the namespace has finalizers remaining: ${finalizer} in 1 resource instances`,
    ),
  ];
}

function apiService(available: boolean): t.Objects {
  return t.object(
    'apiregistration.k8s.io/v1',
    'APIService',
    'v1beta1.metrics.k8s.io',
    {
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { namespace: 'kube-system', name: 'metrics-server' },
      },
      status: {
        conditions: [
          available
            ? t.condition('Available', 'True', 'Passed')
            : t.condition(
                'Available',
                'False',
                'MissingEndpoints',
                'endpoints for service/metrics-server in "kube-system" have no addresses with port name "https"',
              ),
        ],
      },
    },
  );
}

function stuck(reference: string, finalizer: string): t.Objects {
  return t.object('op.acme.io/v1', 'Cache', reference, {
    metadata: { deletionTimestamp: t.ago(t.FAULT), finalizers: [finalizer] },
    spec: {},
    status: t.readyStatus('True', 'Running'),
  });
}

export const namespaceScenarios: readonly Scenario[] = [
  {
    id: 'S057',
    fault: 'a namespace was deleted, and a controller in it wants pods',
    objects: t.world(
      terminating('shop', [], 1),
      t.deployment('shop/cart', {
        age: 5,
        since: 1,
        refused:
          'pods "cart-1f6d8c9b1-x7k2p" is forbidden: unable to create new content in namespace shop because it is being terminated',
      }),
      t.deployment('other/well'),
    ),
    expects: {
      roots: ['Namespace//shop'],
      faults: ['NamespaceTerminating'],
      affected: ['Deployment/shop/cart'],
      says: ['being deleted'],
    },
  },
  {
    id: 'S057b',
    fault: 'a namespace was deleted a moment ago (C20)',
    objects: t.world(terminating('shop', [], 0.3)),
    expects: { nothing: true },
  },
  {
    id: 'S058',
    fault:
      'a namespace cannot be deleted, for nobody answers for metrics.k8s.io',
    objects: t.world(
      terminating('old', [DISCOVERY]),
      apiService(false),
      t.deployment('kube-system/metrics-server', {
        replicas: 1,
        image: 'metrics-server:v9x',
        pods: t.imagePull(
          'metrics-server:v9x',
          'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/metrics-server:v9x": docker.io/library/metrics-server:v9x: not found',
        ),
      }),
      t.service('kube-system/metrics-server', {
        ports: [
          { name: 'https', port: 443, targetPort: 'http', protocol: 'TCP' },
        ],
      }),
      t.namespace('shop'),
    ),
    expects: {
      roots: ['Deployment/kube-system/metrics-server'],
      affected: ['Namespace//old', 'APIService//v1beta1.metrics.k8s.io'],
      says: ['v9x'],
    },
  },
  {
    id: 'S059',
    fault:
      'the controller that has to take a finalizer away was scaled to zero',
    objects: t.world(
      terminating('old', remaining('op.acme.io/cleanup', 'caches.op.acme.io')),
      t.definition('op.acme.io', 'Cache', 'caches'),
      stuck('old/cache', 'op.acme.io/cleanup'),
      t.deployment('acme-system/acme-op', { replicas: 0 }),
      t.deployment('other-system/other-operator', { replicas: 0 }),
    ),
    expects: {
      roots: ['Deployment/acme-system/acme-op'],
      affected: ['Namespace//old', 'Cache/old/cache'],
      says: ['op.acme.io/cleanup', 'kubectl scale'],
    },
  },
  {
    id: 'S059b',
    fault:
      'the controller of a finalizer is gone, and nobody knows which it was',
    objects: t.world(
      terminating('old', remaining('op.acme.io/cleanup', 'caches.op.acme.io')),
      t.definition('op.acme.io', 'Cache', 'caches'),
      stuck('old/cache', 'op.acme.io/cleanup'),
      t.deployment('other-system/other-operator', { replicas: 0 }),
    ),
    expects: { noCause: true },
  },
];
