import { Scenario } from './scenario';
import * as t from './templates';

/** `rca-scenarios.md` section 3: none of these is an incident. */
export const controlScenarios: readonly Scenario[] = [
  {
    id: 'C01',
    fault: 'none: a rollout is under way for 90 s, 3 of 4 are ready',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 1,
        revision: 2,
        since: 0.4,
        pods: one => [
          t.withCondition(
            t.notReady(
              '',
              0.4,
            )(t.withParts(one, { status: { startTime: t.ago(0.4) } }))[0],
            t.condition('Initialized', 'True', undefined, undefined, 0.4),
          ),
        ],
        former: { replicas: 3 },
        spec: { replicas: 4 },
      }),
      t.service('shop/cart'),
      t.ingress('shop/cart'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C02',
    fault: 'none: a Job has completed, its pod is not ready any more',
    objects: t.world(
      t.job('shop/report', {
        age: 60,
        pods: t.done('Succeeded'),
        status: {
          succeeded: 1,
          startTime: t.ago(60),
          completionTime: t.ago(20),
          conditions: [
            t.condition('SuccessCriteriaMet', 'True', 'CompletionsReached'),
            t.condition('Complete', 'True', 'CompletionsReached'),
          ],
        },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C03',
    fault: 'none: a CronJob is suspended',
    objects: t.world(
      t.cronJob('shop/nightly', {
        age: 60 * 24 * 30,
        schedule: '0 1 * * *',
        spec: { suspend: true },
        status: { lastScheduleTime: t.ago(60 * 24 * 10) },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C04',
    fault: 'none: a Deployment that nobody needs is scaled to zero',
    objects: t.world(t.deployment('shop/batch', { replicas: 0 })),
    expects: { nothing: true },
  },
  {
    id: 'C05',
    fault: 'none: a claim waits for its first consumer, and there is no pod',
    objects: t.world(
      t.storageClass('local', { mode: 'WaitForFirstConsumer' }),
      (() => {
        const claim = t.claim('shop/data', {
          phase: 'Pending',
          className: 'local',
          age: 300,
        });
        return [
          claim,
          t.event(
            claim,
            'WaitForFirstConsumer',
            'waiting for first consumer to be created before binding',
            {
              type: 'Normal',
              first: 300,
              component: 'persistentvolume-controller',
            },
          ),
        ];
      })(),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C06',
    fault: 'none: an autoscaler stands at its minimum',
    objects: t.world(
      t.deployment('shop/cart'),
      t.autoscaler('shop/cart', {
        conditions: [
          t.condition('AbleToScale', 'True', 'ReadyForNewScale'),
          t.condition('ScalingActive', 'True', 'ValidMetricFound'),
          t.condition(
            'ScalingLimited',
            'True',
            'TooFewReplicas',
            'the desired replica count is less than the minimum replica count',
            300,
          ),
        ],
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C07b',
    fault: 'none: a disruption budget allows none, and all pods are healthy',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 3 }),
      t.object('policy/v1', 'PodDisruptionBudget', 'shop/cart', {
        spec: { minAvailable: 3, selector: { matchLabels: { app: 'cart' } } },
        status: {
          observedGeneration: 1,
          disruptionsAllowed: 0,
          currentHealthy: 3,
          desiredHealthy: 3,
          expectedPods: 3,
          conditions: [
            t.condition(
              'DisruptionAllowed',
              'False',
              'InsufficientPods',
              '',
              t.OLD,
            ),
          ],
        },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C08b',
    fault: 'none: a node is cordoned, its pods are healthy',
    objects: t.world(
      t.node('node-1'),
      t.node('node-2', { cordoned: true, since: 300 }),
      t.node('node-3'),
      t.deployment('shop/cart', { replicas: 3 }),
      t.service('shop/cart'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C09',
    fault: 'none: an old Job has failed, the newer run succeeded',
    objects: t.world(
      (() => {
        const cron = t.cronJob('shop/nightly', {
          schedule: '0 * * * *',
          status: {
            lastScheduleTime: t.ago(60),
            lastSuccessfulTime: t.ago(58),
          },
        });
        return [
          cron,
          t.job('shop/nightly-100', {
            age: 180,
            owner: cron,
            pods: t.done('Failed', { since: 178 }),
            status: {
              failed: 1,
              startTime: t.ago(180),
              conditions: [
                t.condition(
                  'FailureTarget',
                  'True',
                  'BackoffLimitExceeded',
                  'Job has reached the specified backoff limit',
                  175,
                ),
                t.condition(
                  'Failed',
                  'True',
                  'BackoffLimitExceeded',
                  'Job has reached the specified backoff limit',
                  175,
                ),
              ],
            },
          }),
          t.job('shop/nightly-160', {
            age: 60,
            owner: cron,
            pods: t.done('Succeeded', { since: 58 }),
            status: {
              succeeded: 1,
              startTime: t.ago(60),
              completionTime: t.ago(58),
              conditions: [
                t.condition(
                  'Complete',
                  'True',
                  'CompletionsReached',
                  undefined,
                  58,
                ),
              ],
            },
          }),
        ];
      })(),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C10',
    fault: 'none: a pod has restarted three times yesterday, and runs since',
    objects: t.world(
      t.deployment('shop/cart', {
        age: 3 * 24 * 60,
        pods: t.restarted(1, 'Error', {
          restarts: 3,
          last: 26 * 60,
          since: 26 * 60,
        }),
      }),
      t.service('shop/cart'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C11',
    fault: 'none: an optional ConfigMap does not exist',
    objects: t.world(
      t.deployment('shop/cart', {
        container: {
          envFrom: [{ configMapRef: { name: 'extras', optional: true } }],
        },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C12',
    fault: 'none: evicted pods are left over, all replicas are there',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 2,
        created: 4,
        pods: [
          t.running,
          t.running,
          t.evicted('The node was low on resource: memory.', 300),
          t.evicted('The node was low on resource: memory.', 310),
        ],
      }),
      t.service('shop/cart'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C13b',
    fault: 'none: an Ingress on bare metal never gets an address',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', { status: { loadBalancer: {} } }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C14',
    fault: 'none: a StatefulSet is updated by partition, on purpose',
    objects: t.world(
      (() => {
        const [set, ...rest] = t.statefulSet('shop/db', {
          replicas: 3,
          spec: {
            updateStrategy: {
              type: 'RollingUpdate',
              rollingUpdate: { partition: 2 },
            },
          },
        });
        return [
          t.withParts(set, {
            status: {
              currentReplicas: 2,
              updatedReplicas: 1,
              updateRevision: 'db-2f6d8c9b2',
            },
          }),
          ...rest,
        ];
      })(),
      t.service('shop/db', { spec: { clusterIP: 'None' } }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C15b',
    fault: 'none: a Service without selector stands for a host outside',
    objects: t.world(
      (() => {
        const outside = t.service('shop/legacy', {
          selector: null,
          spec: { clusterIP: 'None' },
        });
        return [
          outside,
          t.object(
            'discovery.k8s.io/v1',
            'EndpointSlice',
            'shop/legacy-manual',
            {
              labels: { 'kubernetes.io/service-name': 'legacy' },
              fields: {
                addressType: 'IPv4',
                endpoints: [{ addresses: ['198.51.100.7'], conditions: {} }],
                ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
              },
            },
          ),
        ];
      })(),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C16b',
    fault: 'none: a node joins since 40 s',
    objects: t.world(
      t.node('node-1'),
      t.node('node-9', {
        age: 0.7,
        since: 0.7,
        notReady:
          'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C17',
    fault: 'none: scaling is off as its target is scaled to zero',
    objects: t.world(
      t.deployment('shop/batch', { replicas: 0 }),
      t.autoscaler('shop/batch', {
        current: 0,
        conditions: [
          t.condition('AbleToScale', 'True', 'SucceededGetScale'),
          t.condition(
            'ScalingActive',
            'False',
            'ScalingDisabled',
            'scaling is disabled since the replica count of the target is zero',
            300,
          ),
        ],
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C18',
    fault: 'none: a pod waits for 5 s to be placed',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 1,
        age: 5 / 60,
        since: 5 / 60,
        pods: t.unheeded(5 / 60),
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C19',
    fault: 'none: ReplicaSets of former revisions are at zero',
    objects: t.world(
      t.deployment('shop/cart', {
        revision: 7,
        since: 600,
        former: { replicas: 0 },
      }),
      t.service('shop/cart'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C20',
    fault: 'none: a namespace is being deleted since 20 s',
    objects: t.world(
      t.namespace('old', {
        metadata: { deletionTimestamp: t.ago(20 / 60) },
        status: { phase: 'Terminating' },
      }),
      t.configMap('old/config'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C21',
    fault: 'none: a debug container has ended with 1',
    objects: t.world(
      (() => {
        const [pod, ...rest] = t.pod('shop/tool', {
          containers: [{ name: 'app', image: 'registry.example/tool:1' }],
        });
        return [
          t.withParts(pod, {
            spec: {
              ephemeralContainers: [
                {
                  name: 'debugger-x',
                  image: 'busybox',
                  targetContainerName: 'app',
                },
              ],
            },
            status: {
              ephemeralContainerStatuses: [
                {
                  name: 'debugger-x',
                  image: 'busybox',
                  ready: false,
                  restartCount: 0,
                  state: {
                    terminated: {
                      exitCode: 1,
                      reason: 'Error',
                      startedAt: t.ago(30),
                      finishedAt: t.ago(20),
                    },
                  },
                },
              ],
            },
          }),
          ...rest,
        ];
      })(),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C22b',
    fault: 'none: of two slices for two families of addresses, one is empty',
    objects: t.world(
      (() => {
        const pods = t.deployment('shop/cart');
        const service = t.service('shop/cart');
        const whole = t.world(pods, service);
        return [
          ...whole,
          t.object('discovery.k8s.io/v1', 'EndpointSlice', 'shop/cart-ipv6', {
            owner: service,
            labels: {
              'endpointslice.kubernetes.io/managed-by':
                'endpointslice-controller.k8s.io',
              'kubernetes.io/service-name': 'cart',
            },
            fields: { addressType: 'IPv6', endpoints: [], ports: [] },
          }),
        ];
      })(),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C23',
    fault: 'none: a Deployment is paused',
    objects: t.world(
      t.deployment('shop/cart', { spec: { paused: true } }),
      t.service('shop/cart'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C24',
    fault: 'none: a certificate is being issued for 1 min',
    objects: t.world(
      t.object('cert-manager.io/v1', 'Certificate', 'shop/web-tls', {
        age: 1,
        spec: {
          secretName: 'web-tls',
          dnsNames: ['shop.example.com'],
          issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer' },
        },
        status: {
          conditions: [
            t.condition(
              'Issuing',
              'True',
              'DoesNotExist',
              'Issuing certificate as Secret does not exist',
              1,
            ),
            t.condition(
              'Ready',
              'False',
              'DoesNotExist',
              'Issuing certificate as Secret does not exist',
              1,
            ),
          ],
        },
      }),
      t.object('cert-manager.io/v1', 'ClusterIssuer', 'letsencrypt', {
        spec: { acme: {} },
        status: t.readyStatus('True', 'ACMEAccountRegistered'),
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C25',
    fault: 'none: a load balancer registers a pod since 20 s',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 2,
        template: {
          readinessGates: [{ conditionType: 'elb.k8s.aws/target-health' }],
        },
        pods: [
          t.running,
          one => [
            t.withCondition(
              t.withParts(one, {
                metadata: { creationTimestamp: t.ago(0.8) },
                status: { startTime: t.ago(0.8) },
              }),
              t.condition(
                'Ready',
                'False',
                'ReadinessGatesNotReady',
                'the status of pod readiness gate "elb.k8s.aws/target-health" is not "True", but False',
                20 / 60,
              ),
            ),
          ],
        ],
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C26',
    fault: 'none: a large image is pulled for 90 s',
    objects: t.world(
      t.deployment('ml/trainer', {
        replicas: 1,
        age: 1.6,
        since: 1.6,
        pods: one => {
          const [set] = t.creating('Pulling', '', 1.5)(one);
          const pulling = t.withCondition(
            set,
            t.condition(
              'PodReadyToStartContainers',
              'True',
              undefined,
              undefined,
              1.5,
            ),
          );
          return [
            pulling,
            t.event(
              pulling,
              'Pulling',
              'Pulling image "registry.example/trainer:1.0"',
              { type: 'Normal', count: 1, first: 1.5, last: 1.5 },
            ),
          ];
        },
      }),
    ),
    expects: { nothing: true },
  },
];
