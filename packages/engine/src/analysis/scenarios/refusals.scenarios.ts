import { Scenario } from './scenario';
import { forbidden, refused } from './templateRefusals';
import * as t from './templates';

const QUOTA = t.object('v1', 'ResourceQuota', 'shop/storage', {
  spec: { hard: { 'requests.storage': '100Gi' } },
  status: {
    hard: { 'requests.storage': '100Gi' },
    used: { 'requests.storage': '95Gi' },
  },
});

const DENIED =
  'admission webhook "policy.acme.io" denied the request: label team is required';

/** Refusals in other forms than a ReplicaSet's condition. */
export const refusalScenarios: readonly Scenario[] = [
  {
    id: 'S050h',
    fault: 'a quota refuses the claim that a StatefulSet makes before its pod',
    objects: t.world(
      t.statefulSet('shop/db', {
        age: t.FAULT,
        replicas: 2,
        created: 0,
      }),
      t.event(
        t.object('apps/v1', 'StatefulSet', 'shop/db'),
        'FailedCreate',
        'create Claim data-db-0 for Pod db-0 in StatefulSet db failed error: persistentvolumeclaims "data-db-0" is forbidden: exceeded quota: storage, requested: requests.storage=10Gi, used: requests.storage=95Gi, limited: requests.storage=100Gi',
        { component: 'statefulset-controller' },
      ),
      t.service('shop/db', { spec: { clusterIP: 'None' } }),
      QUOTA,
    ),
    expects: {
      roots: ['ResourceQuota/shop/storage'],
      affected: ['StatefulSet/shop/db'],
      says: ['requests.storage'],
    },
  },
  {
    id: 'S050i',
    fault: 'a quota refuses the Jobs of a CronJob',
    objects: t.world(
      t.cronJob('shop/report', {
        schedule: '*/5 * * * *',
        status: { lastScheduleTime: t.ago(5) },
      }),
      t.event(
        t.cronJob('shop/report'),
        'FailedCreate',
        'Error creating job: jobs.batch "report-29000000" is forbidden: exceeded quota: jobs, requested: count/jobs.batch=1, used: count/jobs.batch=3, limited: count/jobs.batch=3',
        { component: 'cronjob-controller' },
      ),
      t.object('v1', 'ResourceQuota', 'shop/jobs', {
        spec: { hard: { 'count/jobs.batch': '3' } },
        status: {
          hard: { 'count/jobs.batch': '3' },
          used: { 'count/jobs.batch': '3' },
        },
      }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/jobs'],
      affected: ['CronJob/shop/report'],
    },
  },
  {
    id: 'S050j',
    fault:
      'a quota refused pods, and has been raised: nothing is wrong any more but the wait',
    objects: t.world(
      refused(
        forbidden(
          'exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4',
        ),
        { replicas: 4, created: 3, age: t.OLD },
      ),
      t.object('v1', 'ResourceQuota', 'shop/compute', {
        spec: { hard: { pods: '20' } },
        status: { hard: { pods: '20' }, used: { pods: '5' } },
      }),
    ),
    expects: { noCause: true },
  },
  {
    id: 'S048d',
    fault: 'a webhook denies the ReplicaSet of a Deployment',
    objects: t.world(
      t.object('apps/v1', 'Deployment', 'shop/cart', {
        age: t.FAULT,
        spec: {
          replicas: 2,
          selector: { matchLabels: { app: 'cart' } },
          template: {
            metadata: { labels: { app: 'cart' } },
            spec: { containers: [{ name: 'app', image: 'cart:1' }] },
          },
        },
        status: {
          observedGeneration: 1,
          conditions: [
            t.condition(
              'Available',
              'False',
              'MinimumReplicasUnavailable',
              'Deployment does not have minimum availability.',
            ),
            t.condition(
              'Progressing',
              'False',
              'ReplicaSetCreateError',
              `Failed to create new replica set "cart-1f6d8c9b1": ${DENIED}`,
            ),
          ],
        },
      }),
      t.service('shop/cart'),
      t.object(
        'admissionregistration.k8s.io/v1',
        'MutatingWebhookConfiguration',
        'acme-policy',
        {
          fields: {
            webhooks: [
              {
                name: 'policy.acme.io',
                clientConfig: { url: 'https://hooks.example.com/validate' },
                rules: [],
              },
            ],
          },
        },
      ),
    ),
    expects: {
      roots: ['MutatingWebhookConfiguration//acme-policy'],
      affected: ['Deployment/shop/cart', 'Service/shop/cart'],
      says: ['label team is required'],
    },
  },
  {
    id: 'S054d',
    fault: 'two Deployments of two namespaces lack an account of one name',
    objects: t.world(
      refused(
        forbidden(
          'error looking up service account shop/api: serviceaccount "api" not found',
        ),
        { template: { serviceAccountName: 'api' } },
      ),
      t.deployment('other/cart', {
        age: t.FAULT,
        template: { serviceAccountName: 'api' },
        refused: forbidden(
          'error looking up service account other/api: serviceaccount "api" not found',
        ),
      }),
    ),
    expects: {
      independentRoots: ['ServiceAccount/other/api', 'ServiceAccount/shop/api'],
    },
  },
  {
    id: 'S050k',
    fault: 'a quota refuses some pods of a Deployment, and the others crash',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 4,
        created: 2,
        refused: forbidden(
          'exceeded quota: compute, requested: pods=1, used: pods=2, limited: pods=2',
        ),
        pods: t.waiting(
          'CreateContainerConfigError',
          'secret "db-creds" not found',
        ),
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
      }),
      t.object('v1', 'ResourceQuota', 'shop/compute', {
        spec: { hard: { pods: '2' } },
        status: { hard: { pods: '2' }, used: { pods: '2' } },
      }),
    ),
    expects: {
      independentRoots: ['ResourceQuota/shop/compute', 'Secret/shop/db-creds'],
    },
  },
  {
    id: 'S010c',
    fault:
      'a projected volume wants a Secret and a ConfigMap that do not exist',
    objects: t.world(
      t.deployment('shop/cart', {
        age: t.FAULT,
        template: {
          volumes: [
            {
              name: 'all',
              projected: {
                sources: [
                  { secret: { name: 'tls' } },
                  { configMap: { name: 'app-cfg' } },
                  { serviceAccountToken: { path: 'token' } },
                ],
              },
            },
          ],
        },
        pods: t.mountFails(
          'MountVolume.SetUp failed for volume "all" : [secret "tls" not found, configmap "app-cfg" not found]',
        ),
      }),
      t.configMap('shop/app-config'),
    ),
    expects: {
      independentRoots: ['ConfigMap/shop/app-cfg', 'Secret/shop/tls'],
    },
  },
  {
    id: 'S011c',
    fault: 'a projected volume asks for a key that is spelt otherwise',
    objects: t.world(
      t.deployment('shop/cart', {
        age: t.FAULT,
        template: {
          volumes: [
            {
              name: 'all',
              projected: {
                sources: [
                  {
                    secret: {
                      name: 'tls',
                      items: [{ key: 'ca.cert', path: 'ca' }],
                    },
                  },
                ],
              },
            },
          ],
        },
        pods: t.mountFails(
          'MountVolume.SetUp failed for volume "all" : references non-existent secret key: ca.cert',
        ),
      }),
      t.secret('shop/tls', ['tls.crt', 'tls.key', 'ca.crt']),
    ),
    expects: {
      roots: ['Secret/shop/tls'],
      affected: ['Deployment/shop/cart'],
      says: ['Use key ca.crt'],
    },
  },
];
