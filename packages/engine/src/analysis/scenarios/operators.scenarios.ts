import { Scenario } from './scenario';
import * as t from './templates';

const PULL =
  'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/acme/catalog:v9x": docker.io/acme/catalog:v9x: not found';

export const operatorScenarios: readonly Scenario[] = [
  {
    id: 'S145',
    fault: 'the store of an ExternalSecret has invalid credentials',
    objects: t.world(
      t.object('external-secrets.io/v1', 'SecretStore', 'shop/vault', {
        spec: { provider: { vault: { server: 'https://vault' } } },
        status: t.readyStatus(
          'False',
          'InvalidProviderConfig',
          'unable to log in with auth method: invalid credentials',
        ),
      }),
      t.object('external-secrets.io/v1', 'ExternalSecret', 'shop/db-creds', {
        spec: { secretStoreRef: { name: 'vault', kind: 'SecretStore' } },
        status: t.readyStatus(
          'False',
          'SecretSyncedError',
          'could not get secret data from provider',
        ),
      }),
      t.object('external-secrets.io/v1', 'ExternalSecret', 'shop/well', {
        spec: { secretStoreRef: { name: 'other', kind: 'SecretStore' } },
        status: t.readyStatus('True', 'SecretSynced'),
      }),
      t.object('external-secrets.io/v1', 'SecretStore', 'shop/other', {
        spec: {},
        status: t.readyStatus('True', 'Valid'),
      }),
      t.secret('shop/well'),
      t.deployment('shop/cart', {
        age: t.FAULT,
        container: {
          env: [
            {
              name: 'P',
              valueFrom: {
                secretKeyRef: { name: 'db-creds', key: 'password' },
              },
            },
          ],
        },
        pods: t.waiting(
          'CreateContainerConfigError',
          'secret "db-creds" not found',
        ),
      }),
    ),
    expects: {
      roots: ['SecretStore/shop/vault'],
      affected: ['ExternalSecret/shop/db-creds', 'Deployment/shop/cart'],
      says: ['invalid credentials'],
    },
  },
  {
    id: 'S146',
    fault: 'the Secret by which KEDA reads a queue does not exist',
    objects: t.world(
      t.object('keda.sh/v1alpha1', 'ScaledObject', 'shop/worker', {
        spec: {
          scaleTargetRef: { name: 'worker' },
          fallback: { failureThreshold: 3, replicas: 5 },
          triggers: [
            { type: 'rabbitmq', authenticationRef: { name: 'queue-auth' } },
          ],
        },
        status: {
          hpaName: 'keda-hpa-worker',
          conditions: [
            t.condition(
              'Ready',
              'False',
              'ScaledObjectCheckFailed',
              'failed to ensure HPA is correctly created for ScaledObject',
            ),
            t.condition(
              'Fallback',
              'True',
              'FallbackExists',
              'At least one trigger is falling back on this scaled object',
            ),
          ],
        },
      }),
      t.object('keda.sh/v1alpha1', 'TriggerAuthentication', 'shop/queue-auth', {
        spec: {
          secretTargetRef: [{ parameter: 'host', name: 'queue', key: 'host' }],
        },
      }),
      t.deployment('shop/worker', { replicas: 5 }),
      t.autoscaler('shop/keda-hpa-worker', {
        target: 'Deployment/worker',
        owner: t.object('keda.sh/v1alpha1', 'ScaledObject', 'shop/worker'),
        spec: {
          metrics: [
            {
              type: 'External',
              external: {
                metric: { name: 's0-rabbitmq-jobs' },
                target: { type: 'AverageValue', averageValue: '5' },
              },
            },
          ],
        },
        bad: {
          reason: 'FailedGetExternalMetric',
          message:
            'the HPA was unable to compute the replica count: unable to get external metric shop/s0-rabbitmq-jobs: no matching metrics found for s0-rabbitmq-jobs',
        },
      }),
      t.object(
        'apiregistration.k8s.io/v1',
        'APIService',
        'v1beta1.external.metrics.k8s.io',
        {
          spec: {
            group: 'external.metrics.k8s.io',
            version: 'v1beta1',
            service: { namespace: 'keda', name: 'keda-metrics-apiserver' },
          },
          status: { conditions: [t.condition('Available', 'True', 'Passed')] },
        },
      ),
      t.deployment('keda/keda-metrics-apiserver'),
      t.service('keda/keda-metrics-apiserver'),
    ),
    expects: {
      roots: ['Secret/shop/queue'],
      affected: [
        'ScaledObject/shop/worker',
        'HorizontalPodAutoscaler/shop/keda-hpa-worker',
      ],
    },
  },
  {
    id: 'S147',
    fault: 'the catalog of an operator cannot be pulled',
    objects: t.world(
      t.object(
        'operators.coreos.com/v1alpha1',
        'CatalogSource',
        'olm/community',
        {
          spec: { sourceType: 'grpc', image: 'acme/catalog:v9x' },
          status: {
            message: 'connection error',
            connectionState: {
              lastObservedState: 'TRANSIENT_FAILURE',
              lastConnect: t.ago(t.FAULT),
            },
          },
        },
      ),
      t.pod(
        'olm/community-x7k2p',
        { containers: [{ name: 'registry', image: 'acme/catalog:v9x' }] },
        {
          owner: t.object(
            'operators.coreos.com/v1alpha1',
            'CatalogSource',
            'olm/community',
          ),
          state: t.imagePull('acme/catalog:v9x', PULL),
        },
      ),
      t.object(
        'operators.coreos.com/v1alpha1',
        'Subscription',
        'operators/etcd',
        {
          spec: { name: 'etcd', source: 'community', sourceNamespace: 'olm' },
          status: {
            installedCSV: 'etcd.v1',
            state: 'AtLatestKnown',
            conditions: [
              t.condition(
                'CatalogSourcesUnhealthy',
                'True',
                'UnhealthyCatalogSourceFound',
                'targeted catalogsource olm/community unhealthy',
              ),
            ],
          },
        },
      ),
      t.object(
        'operators.coreos.com/v1alpha1',
        'ClusterServiceVersion',
        'operators/etcd.v1',
        { spec: {}, status: { phase: 'Succeeded' } },
      ),
    ),
    expects: {
      roots: ['CatalogSource/olm/community', 'Pod/olm/community-x7k2p'],
      affected: ['Subscription/operators/etcd'],
    },
  },
  {
    id: 'S148',
    fault: 'a commit that was synced names an image that does not exist',
    objects: t.world(
      t.deployment('shop/cart', {
        revision: 2,
        manager: 'argocd-controller',
        image: 'shop/cart:v9x',
        pods: t.imagePull(
          'shop/cart:v9x',
          'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/shop/cart:v9x": docker.io/shop/cart:v9x: not found',
        ),
      }),
      t.object('argoproj.io/v1alpha1', 'Application', 'argocd/shop', {
        spec: {
          project: 'default',
          source: { repoURL: 'https://git.example.com/shop', path: 'deploy' },
          destination: {
            server: 'https://kubernetes.default.svc',
            namespace: 'shop',
          },
        },
        status: {
          sync: { status: 'Synced', revision: '4f2d1c9' },
          health: { status: 'Degraded', message: 'Deployment shop/cart' },
          operationState: {
            phase: 'Succeeded',
            finishedAt: t.ago(t.FAULT),
            syncResult: { revision: '4f2d1c9' },
          },
          resources: [
            {
              group: 'apps',
              kind: 'Deployment',
              namespace: 'shop',
              name: 'cart',
              version: 'v1',
            },
          ],
        },
      }),
      t.object('argoproj.io/v1alpha1', 'AppProject', 'argocd/default', {
        spec: {},
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart', 'Application/argocd/shop'],
      affected: ['Application/argocd/shop'],
      says: ['v9x', '4f2d1c9'],
    },
  },
];
