import { Scenario } from './scenario';
import * as t from './templates';

const MANY = Array.from({ length: 12 }, (_, nth) => nth);

/** An Ingress controller with its class and Service, and Ingresses of three applications behind it. */
function ingressController(pods: t.PodState) {
  return [
    t.deployment('ingress/nginx', { pods, since: 20 }),
    t.service('ingress/nginx', {
      spec: { type: 'LoadBalancer' },
      status: { loadBalancer: { ingress: [{ ip: '192.0.2.10' }] } },
    }),
    t.object('networking.k8s.io/v1', 'IngressClass', 'nginx', {
      spec: { controller: 'k8s.io/ingress-nginx' },
    }),
    ['a', 'b', 'c'].map(name => [
      t.deployment(`shop/${name}`),
      t.service(`shop/${name}`),
      t.ingress(`shop/${name}`, { className: 'nginx' }),
    ]),
  ];
}

export const postMortemScenarios: readonly Scenario[] = [
  {
    id: 'S155',
    fault: 'the Ingress controller runs out of memory: all hosts are away',
    objects: t.world(ingressController(t.oomKilled())),
    expects: {
      roots: ['Deployment/ingress/nginx'],
      faults: ['OutOfMemory'],
      affected: ['Service/ingress/nginx'],
    },
  },
  {
    id: 'S156',
    fault: 'a CronJob starts a Job each minute, and none ends: nodes are full',
    objects: t.world(
      (() => {
        const cron = t.cronJob('shop/sync', {
          schedule: '* * * * *',
          age: 60,
          status: {
            lastScheduleTime: t.ago(1),
            active: MANY.map(nth => ({ name: `sync-${nth}` })),
          },
        });
        return [
          cron,
          MANY.map(nth =>
            t.job(`shop/sync-${nth}`, {
              owner: cron,
              age: 50 - nth,
              pods:
                nth < 8
                  ? t.running
                  : t.unschedulable(
                      '0/3 nodes are available: 3 Too many pods. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
                      15,
                    ),
            }),
          ),
        ];
      })(),
      t.deployment('shop/web', {
        replicas: 2,
        pods: [
          t.running,
          t.unschedulable(
            '0/3 nodes are available: 3 Too many pods. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
            15,
          ),
        ],
      }),
      t.service('shop/web'),
    ),
    expects: {
      roots: ['CronJob/shop/sync'],
      affected: ['Deployment/shop/web'],
    },
  },
  {
    id: 'S157',
    fault:
      'pods without limits take the memory of a node until its kubelet fails',
    objects: t.world(
      t.node('node-1'),
      (() => {
        const [node, lease] = t.node('node-3', {
          notReady:
            'PLEG is not healthy: pleg was last seen active 4m2s ago; threshold is 3m0s',
        });
        return [
          node,
          lease,
          t.event(
            node,
            'SystemOOM',
            'System OOM encountered, victim process: java, pid: 4711',
            { first: 22, last: 3, count: 9 },
          ),
        ];
      })(),
      t.deployment('shop/importer', {
        replicas: 1,
        nodes: ['node-3'],
        container: { resources: {} },
        pods: t.lostWithNode(20),
      }),
      t.deployment('shop/web', {
        replicas: 1,
        nodes: ['node-3'],
        pods: t.lostWithNode(20),
      }),
      t.service('shop/web'),
    ),
    expects: {
      roots: ['Node//node-3', 'Deployment/shop/importer'],
      affected: ['Deployment/shop/web'],
    },
  },
  {
    id: 'S158',
    fault: 'the controller manager writes no endpoints any more',
    objects: t.world(
      ['a', 'b'].map(name => {
        const service = t.service(`shop/${name}`);
        return [
          t.deployment(`shop/${name}`),
          service,
          t.object(
            'discovery.k8s.io/v1',
            'EndpointSlice',
            `shop/${name}-x7k2p`,
            {
              owner: service,
              labels: {
                'endpointslice.kubernetes.io/managed-by':
                  'endpointslice-controller.k8s.io',
                'kubernetes.io/service-name': name,
              },
              fields: { addressType: 'IPv4', endpoints: [], ports: [] },
            },
          ),
        ];
      }),
      t.object(
        'coordination.k8s.io/v1',
        'Lease',
        'kube-system/kube-controller-manager',
        {
          age: t.OLD,
          spec: {
            holderIdentity: 'control-plane-1_0b0c',
            leaseDurationSeconds: 15,
            renewTime: t.ago(40).replace('Z', '.000000Z'),
          },
        },
      ),
    ),
    expects: {
      roots: ['Lease/kube-system/kube-controller-manager'],
      affected: ['Service/shop/a', 'Service/shop/b'],
    },
  },
  {
    id: 'S159',
    fault: "the injector of cert-manager's webhook certificate crashes",
    objects: t.world(
      t.deployment('cert-manager/cert-manager-cainjector', {
        replicas: 1,
        pods: t.crashing(1, 'Error', {
          message: 'error registering core-only controllers: no matches',
        }),
      }),
      t.deployment('cert-manager/cert-manager-webhook', { replicas: 1 }),
      t.service('cert-manager/cert-manager-webhook'),
      t.object(
        'admissionregistration.k8s.io/v1',
        'ValidatingWebhookConfiguration',
        'cert-manager-webhook',
        {
          annotations: {
            'cert-manager.io/inject-ca-from-secret':
              'cert-manager/cert-manager-webhook-ca',
          },
          fields: {
            webhooks: [
              {
                name: 'webhook.cert-manager.io',
                failurePolicy: 'Fail',
                clientConfig: {
                  service: {
                    name: 'cert-manager-webhook',
                    namespace: 'cert-manager',
                    path: '/validate',
                  },
                },
                rules: [
                  {
                    apiGroups: ['cert-manager.io'],
                    apiVersions: ['v1'],
                    operations: ['CREATE', 'UPDATE'],
                    resources: ['*/*'],
                  },
                ],
              },
            ],
          },
        },
      ),
      t.object('cert-manager.io/v1', 'Certificate', 'shop/web-tls', {
        age: 300,
        spec: {
          secretName: 'web-tls',
          issuerRef: { name: 'ca', kind: 'ClusterIssuer' },
        },
        status: t.readyStatus(
          'False',
          'DoesNotExist',
          'Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
        ),
      }),
      t.object('cert-manager.io/v1', 'ClusterIssuer', 'ca', {
        spec: { ca: { secretName: 'ca' } },
        status: t.readyStatus('True', 'KeyPairVerified'),
      }),
      t.secret('cert-manager/ca', ['tls.crt', 'tls.key']),
      t.secret('cert-manager/cert-manager-webhook-ca', ['ca.crt', 'tls.crt']),
    ),
    expects: {
      roots: [
        'Deployment/cert-manager/cert-manager-cainjector',
        'ValidatingWebhookConfiguration//cert-manager-webhook',
      ],
      affected: ['Certificate/shop/web-tls'],
    },
  },
  {
    id: 'S160',
    fault: 'the autoscaler removes a node with the only pod of a Service',
    objects: t.world(
      t.node('node-1'),
      (() => {
        const [node, lease] = t.node('node-2', {
          cordoned: true,
          since: 12,
          taints: [
            {
              key: 'ToBeDeletedByClusterAutoscaler',
              value: '1772445600',
              effect: 'NoSchedule',
              timeAdded: t.ago(12),
            },
          ],
        });
        return [
          node,
          lease,
          t.event(
            node,
            'ScaleDown',
            'marked the node as toBeDeleted/unschedulable',
            {
              type: 'Normal',
              first: 12,
              last: 12,
              count: 1,
              component: 'cluster-autoscaler',
            },
          ),
        ];
      })(),
      t.deployment('shop/singleton', {
        replicas: 1,
        nodes: ['node-2'],
        since: 12,
        pods: t.unschedulable(
          '0/2 nodes are available: 1 Insufficient memory, 1 node(s) had untolerated taint {ToBeDeletedByClusterAutoscaler: 1772445600}. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
          12,
        ),
      }),
      t.service('shop/singleton'),
    ),
    expects: {
      roots: ['Node//node-2'],
      affected: ['Deployment/shop/singleton', 'Service/shop/singleton'],
      says: ['ToBeDeletedByClusterAutoscaler'],
    },
  },
];
