import { Scenario } from './scenario';
import * as t from './templates';

const PULL =
  'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/acme/catalog:v9x": docker.io/acme/catalog:v9x: not found';

const ISSUED_BY = { name: 'letsencrypt', kind: 'ClusterIssuer' };

/** Well, unless it says why not. */
function clusterIssuer(trouble?: string): t.Objects {
  return t.object('cert-manager.io/v1', 'ClusterIssuer', 'letsencrypt', {
    spec: { acme: { server: 'https://acme.example.com', solvers: [] } },
    status: trouble
      ? t.readyStatus('False', 'ErrRegisterACMEAccount', trouble, 120)
      : t.readyStatus('True', 'ACMEAccountRegistered'),
  });
}

/** The chain from certificate to challenge, which is asked for and not answered. */
function pendingChallenge(reason: string): t.Objects {
  const waiting = 'Issuing certificate as Secret does not exist';
  const cert = t.object('cert-manager.io/v1', 'Certificate', 'shop/tls', {
    age: 60,
    spec: {
      secretName: 'shop-tls',
      dnsNames: ['shop.example.com'],
      issuerRef: ISSUED_BY,
    },
    status: {
      conditions: [
        t.condition('Ready', 'False', 'DoesNotExist', waiting, 60),
        t.condition('Issuing', 'True', 'DoesNotExist', waiting, 60),
      ],
    },
  });
  const request = t.object(
    'cert-manager.io/v1',
    'CertificateRequest',
    'shop/tls-1',
    {
      age: 60,
      owner: cert,
      spec: { issuerRef: ISSUED_BY },
      status: t.readyStatus(
        'False',
        'Pending',
        'Waiting on certificate issuance from order shop/tls-1-1: "pending"',
        60,
      ),
    },
  );
  const order = t.object('acme.cert-manager.io/v1', 'Order', 'shop/tls-1-1', {
    age: 60,
    owner: request,
    spec: { issuerRef: ISSUED_BY },
    status: { state: 'pending' },
  });
  const challenge = t.object(
    'acme.cert-manager.io/v1',
    'Challenge',
    'shop/tls-1-1-1',
    {
      age: 60,
      owner: order,
      spec: {
        type: 'HTTP-01',
        dnsName: 'shop.example.com',
        issuerRef: ISSUED_BY,
      },
      status: { state: 'pending', presented: true, processing: true, reason },
    },
  );
  return [cert, request, order, challenge];
}

const CHAIN = [
  'Certificate/shop/tls',
  'CertificateRequest/shop/tls-1',
  'Order/shop/tls-1-1',
];

export const certificateScenarios: readonly Scenario[] = [
  {
    id: 'S144',
    fault: 'the challenge of a certificate is answered by somebody else',
    objects: t.world(
      pendingChallenge(
        "Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'",
      ),
      clusterIssuer(),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', { tls: 'shop-tls' }),
      t.ingress('shop/well', { backend: 'cart' }),
    ),
    expects: {
      roots: ['Challenge/shop/tls-1-1-1'],
      affected: CHAIN,
      says: ['404'],
    },
  },
  {
    id: 'S144b',
    fault:
      'an issuer has no account, so nothing is renewed, and a certificate has expired',
    objects: t.world(
      t.object('cert-manager.io/v1', 'Certificate', 'shop/tls', {
        spec: {
          secretName: 'shop-tls',
          dnsNames: ['shop.example.com'],
          issuerRef: ISSUED_BY,
        },
        status: {
          notAfter: t.ago(30),
          conditions: [
            t.condition(
              'Ready',
              'False',
              'Expired',
              'Certificate expired on 2026-03-02T09:30:00Z',
              30,
            ),
          ],
        },
      }),
      t.secret('shop/shop-tls', ['tls.crt', 'tls.key']),
      clusterIssuer('Failed to register ACME account: 403 unauthorized'),
    ),
    expects: {
      roots: ['ClusterIssuer//letsencrypt'],
      affected: ['Certificate/shop/tls'],
      says: ['ACME account'],
    },
  },
  {
    id: 'S144c',
    fault: 'the key of an issuer does not exist',
    objects: t.world(
      t.object('cert-manager.io/v1', 'Issuer', 'shop/ca', {
        spec: { ca: { secretName: 'ca-key' } },
        status: t.readyStatus(
          'False',
          'ErrGetKeyPair',
          'Error getting keypair for CA issuer: secrets "ca-key" not found',
        ),
      }),
      t.object('cert-manager.io/v1', 'Certificate', 'shop/tls', {
        age: 60,
        spec: {
          secretName: 'shop-tls',
          issuerRef: { name: 'ca', kind: 'Issuer' },
        },
        status: t.readyStatus(
          'False',
          'DoesNotExist',
          'Issuing certificate as Secret does not exist',
        ),
      }),
      t.deployment('shop/cart', {
        age: t.FAULT,
        template: {
          volumes: [{ name: 'tls', secret: { secretName: 'shop-tls' } }],
        },
        pods: t.mountFails(
          'MountVolume.SetUp failed for volume "tls" : secret "shop-tls" not found',
        ),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Secret/shop/ca-key'],
      affected: [
        'Issuer/shop/ca',
        'Certificate/shop/tls',
        'Deployment/shop/cart',
      ],
    },
  },
  {
    id: 'S144d',
    fault: 'a certificate is being issued since a minute (C24)',
    objects: t.world(
      t.object('cert-manager.io/v1', 'Certificate', 'shop/tls', {
        age: 1,
        spec: { secretName: 'shop-tls', issuerRef: ISSUED_BY },
        status: {
          conditions: [
            t.condition('Ready', 'False', 'DoesNotExist', 'Issuing', 0.8),
            t.condition('Issuing', 'True', 'DoesNotExist', 'Issuing', 0.8),
          ],
        },
      }),
      clusterIssuer(),
    ),
    expects: { nothing: true },
  },
];

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

const CLUSTER = t.object('pingcap.com/v1alpha1', 'TidbCluster', 'shop/basic', {
  spec: { tikv: { storageClassName: 'fast-ssd', replicas: 3 } },
  status: t.readyStatus('False', 'Unready', 'tikv is not up yet'),
});

function tikv(options: t.WorkloadOptions): t.Objects {
  return [
    t.definition('pingcap.com', 'TidbCluster', 'tidbclusters'),
    CLUSTER,
    t.statefulSet('shop/basic-tikv', {
      age: t.FAULT,
      replicas: 3,
      created: 1,
      owner: CLUSTER,
      spec: {
        volumeClaimTemplates: [
          { metadata: { name: 'tikv' }, spec: { accessModes: [] } },
        ],
      },
      template: {
        volumes: [
          {
            name: 'tikv',
            persistentVolumeClaim: { claimName: 'tikv-basic-tikv-0' },
          },
        ],
      },
      ...options,
    }),
  ];
}

const UNKNOWN_CLASS = t.claim('shop/tikv-basic-tikv-0', {
  phase: 'Pending',
  age: t.FAULT,
  className: 'fast-ssd',
});

export const madeByOperatorScenarios: readonly Scenario[] = [
  {
    id: 'S060',
    fault: 'a custom resource names a storage class that does not exist',
    objects: t.world(
      tikv({
        pods: t.unschedulable(
          '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
        ),
      }),
      UNKNOWN_CLASS,
      t.event(
        UNKNOWN_CLASS,
        'ProvisioningFailed',
        'storageclass.storage.k8s.io "fast-ssd" not found',
        { component: 'persistentvolume-controller' },
      ),
      t.storageClass('standard'),
    ),
    expects: {
      roots: ['TidbCluster/shop/basic'],
      affected: [
        'StatefulSet/shop/basic-tikv',
        'PersistentVolumeClaim/shop/tikv-basic-tikv-0',
      ],
      says: ['fast-ssd'],
    },
  },
  {
    id: 'S060b',
    fault: 'a custom resource asks for a node that does not exist',
    objects: t.world(
      tikv({
        template: { nodeSelector: { disk: 'nvme' } },
        pods: t.unschedulable(
          "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
        ),
      }),
    ),
    expects: {
      roots: ['TidbCluster/shop/basic', 'StatefulSet/shop/basic-tikv'],
      affected: ['Pod/shop/basic-tikv-0'],
      says: ['disk'],
    },
  },
];
