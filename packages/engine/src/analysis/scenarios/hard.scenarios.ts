import { Scenario } from './scenario';
import * as t from './templates';

const NOT_FOUND =
  'rpc error: code = NotFound desc = failed to pull and unpack image "registry.example/cart:9x": failed to resolve reference "registry.example/cart:9x": registry.example/cart:9x: not found';
const missingTag = (since?: number) =>
  t.imagePull('registry.example/cart:9x', NOT_FOUND, { since });

const READS_DB = {
  env: [
    {
      name: 'PASSWORD',
      valueFrom: { secretKeyRef: { name: 'db', key: 'password' } },
    },
  ],
};
const WAITS_FOR_DB = t.waiting(
  'CreateContainerConfigError',
  'secret "db" not found',
);
const NO_METRICS =
  'the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)';
const NO_WEBHOOK =
  'Internal error occurred: failed calling webhook "pods.guard.io": failed to call webhook: Post "https://guard.guard.svc:443/validate?timeout=10s": no endpoints available for service "guard"';

const nodes = (lost: number) => [
  t.node('node-1'),
  t.node('node-2', { lost }),
  t.node('node-3'),
];

/** `rca-scenarios.md` section 4: several faults at once, and what looks like a fault. */
export const hardScenarios: readonly Scenario[] = [
  {
    id: 'M1',
    fault: 'an image tag does not exist, and a node is lost, of one workload',
    objects: t.world(
      nodes(20),
      t.deployment('shop/cart', {
        replicas: 1,
        revision: 2,
        image: 'registry.example/cart:9x',
        pods: missingTag(),
        nodes: ['node-1'],
        former: {
          image: 'registry.example/cart:8',
          replicas: 2,
          nodes: ['node-2'],
          pods: t.lostWithNode(20),
        },
        spec: { replicas: 2 },
      }),
      t.service('shop/cart'),
      t.deployment('shop/web', {
        replicas: 1,
        nodes: ['node-2'],
        pods: t.lostWithNode(20),
      }),
    ),
    expects: { independentRoots: ['Deployment/shop/cart', 'Node//node-2'] },
  },
  {
    id: 'M2',
    fault: 'a node is lost, and its pods find no room elsewhere',
    objects: t.world(
      t.node('node-1'),
      t.node('node-2', { lost: 30 }),
      t.deployment('shop/cart', {
        replicas: 2,
        created: 3,
        nodes: ['node-1', 'node-2', 'node-1'],
        pods: [
          t.running,
          t.lostWithNode(30),
          t.unschedulable(
            '0/2 nodes are available: 1 Insufficient memory, 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }. preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
            24,
          ),
        ],
      }),
      t.service('shop/cart'),
      t.object('policy/v1', 'PodDisruptionBudget', 'shop/cart', {
        spec: { minAvailable: 2, selector: { matchLabels: { app: 'cart' } } },
        status: {
          observedGeneration: 1,
          disruptionsAllowed: 0,
          currentHealthy: 1,
          desiredHealthy: 2,
          expectedPods: 2,
          conditions: [
            t.condition('DisruptionAllowed', 'False', 'InsufficientPods'),
          ],
        },
      }),
    ),
    expects: {
      roots: ['Node//node-2'],
      affected: ['Deployment/shop/cart'],
    },
  },
  {
    id: 'M3',
    fault: 'a webhook judges its own pods: nobody answers, so none is made',
    objects: t.world(
      t.deployment('guard/guard', {
        refused: NO_WEBHOOK,
      }),
      t.service('guard/guard', {
        ports: [{ name: 'https', port: 443, targetPort: 8443 }],
      }),
      t.object(
        'admissionregistration.k8s.io/v1',
        'ValidatingWebhookConfiguration',
        'guard',
        {
          fields: {
            webhooks: [
              {
                name: 'pods.guard.io',
                failurePolicy: 'Fail',
                clientConfig: {
                  service: {
                    name: 'guard',
                    namespace: 'guard',
                    path: '/validate',
                  },
                },
                rules: [
                  {
                    apiGroups: [''],
                    apiVersions: ['v1'],
                    operations: ['CREATE'],
                    resources: ['pods'],
                  },
                ],
              },
            ],
          },
        },
      ),
      t.deployment('shop/cart', { refused: NO_WEBHOOK }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['ValidatingWebhookConfiguration//guard'],
      affected: ['Deployment/shop/cart', 'Deployment/guard/guard'],
    },
  },
  {
    id: 'M4',
    fault:
      "the metrics server's image does not exist: autoscalers are blind, and a namespace cannot end",
    objects: t.world(
      t.deployment('kube-system/metrics-server', {
        replicas: 1,
        image: 'registry.example/metrics-server:9x',
        revision: 2,
        pods: t.imagePull(
          'registry.example/metrics-server:9x',
          NOT_FOUND.replace(/cart/g, 'metrics-server'),
        ),
      }),
      t.service('kube-system/metrics-server', {
        ports: [{ name: 'https', port: 443, targetPort: 'http' }],
      }),
      t.object(
        'apiregistration.k8s.io/v1',
        'APIService',
        'v1beta1.metrics.k8s.io',
        {
          spec: {
            group: 'metrics.k8s.io',
            version: 'v1beta1',
            service: {
              namespace: 'kube-system',
              name: 'metrics-server',
              port: 443,
            },
          },
          status: {
            conditions: [
              t.condition(
                'Available',
                'False',
                'MissingEndpoints',
                'endpointslices for service/metrics-server in "kube-system" have no addresses with port name "https"',
              ),
            ],
          },
        },
      ),
      ['a', 'b', 'c'].map(name => [
        t.deployment(`shop/${name}`),
        t.autoscaler(`shop/${name}`, {
          bad: { reason: 'FailedGetResourceMetric', message: NO_METRICS },
        }),
      ]),
      t.namespace('old', {
        metadata: { deletionTimestamp: t.ago(18) },
        status: {
          phase: 'Terminating',
          conditions: [
            t.condition(
              'NamespaceDeletionDiscoveryFailure',
              'True',
              'DiscoveryFailed',
              'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1',
              17,
            ),
          ],
        },
      }),
    ),
    expects: {
      roots: ['Deployment/kube-system/metrics-server'],
      affected: [
        'APIService//v1beta1.metrics.k8s.io',
        'HorizontalPodAutoscaler/shop/a',
        'HorizontalPodAutoscaler/shop/c',
        'Namespace//old',
      ],
    },
  },
  {
    id: 'M5',
    fault: "the network plugin's configuration is gone: a node is not ready",
    objects: t.world(
      t.node('node-1'),
      t.node('node-2', {
        since: 20,
        notReady:
          'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
      }),
      t.daemonSet('kube-system/calico-node', {
        nodes: ['node-1', 'node-2'],
        template: {
          hostNetwork: true,
          priorityClassName: '',
          tolerations: [{ operator: 'Exists' }],
          volumes: [{ name: 'config', configMap: { name: 'cni-config' } }],
        },
        container: { envFrom: [{ configMapRef: { name: 'cni-env' } }] },
        pods: [
          t.running,
          t.waiting(
            'CreateContainerConfigError',
            'configmap "cni-env" not found',
            { since: 21 },
          ),
        ],
      }),
      t.configMap('kube-system/cni-config'),
      t.deployment('shop/cart', {
        replicas: 1,
        nodes: ['node-2'],
        pods: t.lostWithNode(19),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['ConfigMap/kube-system/cni-env'],
      affected: ['Node//node-2', 'Deployment/shop/cart'],
    },
  },
  {
    id: 'M6',
    fault: 'a quota was lowered, and an autoscaler wants more pods',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 4,
        created: 2,
        since: 18,
        refused:
          'pods "cart-1f6d8c9b1-zzzzz" is forbidden: exceeded quota: compute, requested: limits.memory=256Mi, used: limits.memory=512Mi, limited: limits.memory=512Mi',
      }),
      t.service('shop/cart'),
      t.autoscaler('shop/cart', {
        current: 2,
        status: {
          currentReplicas: 2,
          desiredReplicas: 4,
          lastScaleTime: t.ago(18),
        },
      }),
      t.object('v1', 'ResourceQuota', 'shop/compute', {
        changed: 20,
        spec: { hard: { 'limits.memory': '512Mi' } },
        status: {
          hard: { 'limits.memory': '512Mi' },
          used: { 'limits.memory': '512Mi' },
        },
      }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/compute'],
      affected: ['Deployment/shop/cart'],
    },
  },
  {
    id: 'M7',
    fault: 'a Secret was deleted two hours before the pods were restarted',
    before: [
      {
        at: t.at(600),
        objects: t.world(
          t.deployment('shop/cart', { container: READS_DB }),
          t.secret('shop/db'),
        ),
      },
      {
        at: t.at(140),
        objects: t.world(t.deployment('shop/cart', { container: READS_DB })),
      },
    ],
    objects: t.world(
      t.deployment('shop/cart', { container: READS_DB, pods: WAITS_FOR_DB }),
    ),
    expects: { roots: ['Secret/shop/db'], affected: ['Deployment/shop/cart'] },
  },
  {
    id: 'M7b',
    fault: 'none yet: a Secret was deleted, and the pods that read it run on',
    before: [
      {
        at: t.at(600),
        objects: t.world(
          t.deployment('shop/cart', { container: READS_DB }),
          t.secret('shop/db'),
        ),
      },
    ],
    objects: t.world(t.deployment('shop/cart', { container: READS_DB })),
    expects: { nothing: true },
  },
  {
    id: 'M8',
    fault: 'two namespaces hold the same names, one of them lacks the Secret',
    objects: t.world(
      ['one', 'two'].map(space => [
        t.deployment(`${space}/cart`, {
          container: READS_DB,
          pods: space === 'two' ? WAITS_FOR_DB : t.running,
        }),
        t.service(`${space}/cart`),
        t.ingress(`${space}/cart`),
      ]),
      t.secret('one/db'),
    ),
    expects: {
      roots: ['Secret/two/db'],
      affected: ['Deployment/two/cart', 'Ingress/two/cart'],
    },
  },
  {
    id: 'M9',
    fault: 'none any more: the Secret was created again, the pods run',
    before: [
      {
        at: t.at(60),
        objects: t.world(
          t.deployment('shop/cart', {
            container: READS_DB,
            pods: WAITS_FOR_DB,
          }),
        ),
      },
    ],
    objects: t.world(
      t.deployment('shop/cart', { container: READS_DB, age: 10 }),
      t.secret('shop/db', ['password'], {
        age: 15,
        metadata: { uid: 'uid-of-the-new-one' },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'M10',
    fault: 'none: Secrets may not be listed, the pods that read them run',
    forbidden: ['Secret'],
    objects: t.world(t.deployment('shop/cart', { container: READS_DB })),
    expects: { nothing: true },
  },
  {
    id: 'M10b',
    fault: 'Secrets may not be listed, and the kubelet misses one',
    forbidden: ['Secret'],
    objects: t.world(
      t.deployment('shop/cart', { container: READS_DB, pods: WAITS_FOR_DB }),
    ),
    expects: {
      roots: ['Secret/shop/db'],
      says: ['secret "db" not found'],
    },
  },
  {
    id: 'M11',
    fault: 'a container ends well, again and again',
    objects: t.world(
      t.deployment('shop/cart', { pods: t.crashing(0, 'Completed') }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      affected: ['Service/shop/cart'],
    },
  },
  {
    id: 'M12',
    fault: 'a rollout is stuck, the former revision serves on',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 1,
        revision: 2,
        image: 'registry.example/cart:9x',
        pods: missingTag(),
        former: { image: 'registry.example/cart:8', replicas: 3 },
        spec: { replicas: 3 },
      }),
      t.service('shop/cart'),
      t.ingress('shop/cart'),
    ),
    expects: { roots: ['Deployment/shop/cart'] },
  },
  {
    id: 'M13',
    fault: 'none any more: the rollout is being taken back',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 3,
        revision: 3,
        since: 0.3,
        pods: [t.running, t.running, t.creating('Pulled', '', 0.2)],
        former: {
          image: 'registry.example/cart:9x',
          replicas: 0,
          created: 1,
          pods: one => t.terminating(0.1)(missingTag(5)(one)[0]),
        },
      }),
      t.service('shop/cart'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'M14',
    fault: 'none: KEDA keeps a worker at zero while its queue is empty',
    objects: t.world(
      t.deployment('shop/worker', { replicas: 0 }),
      t.service('shop/worker'),
      t.object('keda.sh/v1alpha1', 'ScaledObject', 'shop/worker', {
        spec: {
          scaleTargetRef: { name: 'worker' },
          minReplicaCount: 0,
          maxReplicaCount: 10,
          triggers: [{ type: 'rabbitmq', metadata: { queueName: 'jobs' } }],
        },
        status: {
          conditions: [
            { type: 'Ready', status: 'True', reason: 'ScaledObjectReady' },
            { type: 'Active', status: 'False', reason: 'ScalerNotActive' },
            { type: 'Fallback', status: 'False', reason: 'NoFallbackFound' },
          ],
          hpaName: 'keda-hpa-worker',
        },
      }),
      t.autoscaler('shop/keda-hpa-worker', {
        target: 'Deployment/worker',
        min: 1,
        current: 0,
        conditions: [
          t.condition('AbleToScale', 'True', 'SucceededGetScale'),
          t.condition(
            'ScalingActive',
            'False',
            'ScalingDisabled',
            'scaling is disabled since the replica count of the target is zero',
          ),
        ],
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'M14b',
    fault: 'somebody scaled a workload to zero that an Ingress needs',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 0, changed: 20 }),
      t.service('shop/cart'),
      t.ingress('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      affected: ['Service/shop/cart'],
    },
  },
  {
    id: 'M15',
    fault: 'an experiment kills pods, and a rival workload crashes by itself',
    objects: t.world(
      t.deployment('shop/cart', { pods: t.notReady() }),
      t.service('shop/cart'),
      t.deployment('shop/web', { replicas: 1, pods: t.oomKilled() }),
      t.object('chaos-mesh.org/v1alpha1', 'PodChaos', 'shop/failure', {
        age: 21,
        spec: {
          action: 'pod-failure',
          mode: 'all',
          selector: { labelSelectors: { app: 'cart' } },
        },
        status: { conditions: [{ type: 'AllInjected', status: 'True' }] },
      }),
    ),
    expects: {
      independentRoots: ['PodChaos/shop/failure', 'Deployment/shop/web'],
    },
  },
  {
    id: 'M15b',
    fault: 'pods are not ready, and no experiment is there to be blamed',
    objects: t.world(
      t.deployment('shop/cart', { pods: t.notReady() }),
      t.service('shop/cart'),
    ),
    expects: { noCause: true },
  },
  {
    id: 'M16b',
    fault: 'none: a node is being drained, its pods start elsewhere',
    objects: t.world(
      t.node('node-1'),
      t.node('node-2', { cordoned: true, since: 2 }),
      t.node('node-3'),
      t.deployment('shop/cart', {
        replicas: 3,
        created: 4,
        nodes: ['node-1', 'node-3', 'node-2', 'node-3'],
        pods: [
          t.running,
          t.running,
          t.terminating(0.2, {
            reason: 'EvictionByEvictionAPI',
            message: 'Eviction API: evicting',
          }),
          t.creating('Pulled', '', 0.4),
        ],
      }),
      t.service('shop/cart'),
    ),
    expects: { nothing: true },
  },
];
