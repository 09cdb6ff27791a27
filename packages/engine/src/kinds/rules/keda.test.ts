import { KubernetesObject } from '../kindDefinition';
import { conditions, CREATED, told } from './__testUtils__/shippedCatalog';

const scaled = (rest: KubernetesObject = {}): KubernetesObject => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  spec: {
    scaleTargetRef: { name: 'worker' },
    maxReplicaCount: 10,
    triggers: [
      { type: 'kafka', authenticationRef: { name: 'kafka' } },
      {
        type: 'aws-sqs-queue',
        authenticationRef: {
          name: 'aws',
          kind: 'ClusterTriggerAuthentication',
        },
      },
    ],
  },
  ...rest,
});

it('a ScaledObject names what it scales and what its triggers sign in with (R150)', async () => {
  const { references, observed } = await told(
    scaled({ status: { hpaName: 'keda-hpa-worker' } }),
  );
  expect(references).toEqual([
    'scaledobject-target > Deployment.apps shop/worker',
    'scaledobject-horizontalpodautoscaler > HorizontalPodAutoscaler.autoscaling shop/keda-hpa-worker?',
    'trigger-authentication > TriggerAuthentication.keda.sh shop/kafka',
    'trigger-authentication > ClusterTriggerAuthentication.keda.sh /aws',
  ]);
  expect(observed.properties).toMatchObject({
    MaxReplicas: 10,
    Triggers: ['kafka', 'aws-sqs-queue'],
  });
});

it('scales any kind', async () => {
  const { references } = await told(
    scaled({
      spec: {
        scaleTargetRef: {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Rollout',
          name: 'worker',
        },
      },
    }),
  );
  expect(references).toEqual([
    'scaledobject-target > Rollout.argoproj.io shop/worker',
  ]);
});

it.each<[string, KubernetesObject, string]>([
  [
    'well',
    conditions(
      'Ready=True:ScaledObjectReady',
      'Active=False',
      'Fallback=Unknown',
    ),
    'ok Ready',
  ],
  ['paused', conditions('Ready=True', 'Paused=True'), 'suspended Paused'],
  [
    'on its fallback',
    conditions('Ready=True', 'Fallback=True:FallbackExists'),
    'degraded Fallback',
  ],
  [
    'not ready',
    conditions('Ready=False:ScaledObjectCheckFailed'),
    'degraded ScaledObjectCheckFailed',
  ],
])('a ScaledObject that is %s (H159)', async (_, status, expected) => {
  expect((await told(scaled({ status }))).status).toBe(expected);
});

it('does not flag metrics that a new pod has not yet (argo-cd#6287)', async () => {
  const status = conditions('Ready=False:HPAMetricsUnavailable');
  const noon = Date.parse('2026-01-01T12:00:00Z');
  expect((await told(scaled({ status }), noon + 179_000)).status).toBe(
    'progressing HPAMetricsUnavailable',
  );
  expect((await told(scaled({ status }), noon + 180_000)).status).toBe(
    'degraded HPAMetricsUnavailable',
  );
});

it('is paused by its annotation', async () => {
  const { status } = await told(
    scaled({
      metadata: { annotations: { 'autoscaling.keda.sh/paused': 'true' } },
    }),
  );
  expect(status).toBe('suspended Paused');
});

it('a TriggerAuthentication needs its Secrets, by key (R151)', async () => {
  const { references, status } = await told({
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'TriggerAuthentication',
    metadata: { creationTimestamp: CREATED },
    spec: {
      secretTargetRef: [
        { parameter: 'user', name: 'kafka', key: 'user' },
        { parameter: 'password', name: 'kafka', key: 'password' },
      ],
      configMapTargetRef: [{ parameter: 'ca', name: 'ca', key: 'ca.crt' }],
    },
  });
  expect(references).toEqual([
    'triggerauthentication-secret > Secret shop/kafka {"keys":["password","user"]}',
    'triggerauthentication-configmap > ConfigMap shop/ca {"keys":["ca.crt"]}',
  ]);
  expect(status).toBe('ok Exists');
});

it('a ScaledJob needs what its pods will need', async () => {
  const { references } = await told({
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledJob',
    spec: {
      jobTargetRef: {
        template: {
          spec: {
            containers: [
              { name: 'a', envFrom: [{ secretRef: { name: 'queue' } }] },
            ],
          },
        },
      },
      triggers: [{ type: 'cron' }],
    },
  });
  expect(references).toHaveLength(1);
  expect(references[0]).toContain('scaledjob-secret > Secret shop/queue');
});
