import { Scenario } from './scenario';
import * as t from './templates';

const FROM_MAP = {
  volumes: [{ name: 'c', configMap: { name: 'app-cfg' } }],
};
const MOUNT = { volumeMounts: [{ name: 'c', mountPath: '/etc/app' }] };

const FROM_SECRET = {
  env: [
    {
      name: 'PASSWORD',
      valueFrom: { secretKeyRef: { name: 'db-creds', key: 'password' } },
    },
  ],
};

export const changedScenarios: readonly Scenario[] = [
  {
    id: 'S138',
    fault: 'a ConfigMap was edited badly, and what reads it was restarted',
    objects: t.world(
      t.deployment('shop/cart', {
        template: FROM_MAP,
        container: MOUNT,
        pods: t.crashing(1),
      }),
      t.service('shop/cart'),
      t.configMap('shop/app-cfg', ['app.yaml'], {
        changed: 25,
        manager: 'kubectl-edit',
      }),
      t.configMap('shop/other', ['app.yaml'], { changed: 21 }),
      t.deployment('shop/well', {
        template: { volumes: [{ name: 'c', configMap: { name: 'other' } }] },
      }),
    ),
    expects: {
      roots: ['ConfigMap/shop/app-cfg'],
      faults: ['ConfigurationChanged'],
      affected: ['Deployment/shop/cart', 'Service/shop/cart'],
      says: ['kubectl-edit', '09:35'],
    },
  },
  {
    id: 'S138b',
    fault: 'a rollout crashes; what it reads was changed long before',
    objects: t.world(
      t.deployment('shop/cart', {
        age: 60,
        template: FROM_MAP,
        container: MOUNT,
        pods: t.crashing(1, 'Error', { since: 59 }),
      }),
      t.configMap('shop/app-cfg', ['app.yaml'], { changed: 300 }),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/cart'] },
  },
  {
    id: 'S138c',
    fault: 'one pod crashes; others that started after the change are well',
    objects: t.world(
      t.deployment('shop/cart', {
        template: FROM_MAP,
        container: MOUNT,
        pods: [
          t.crashing(1),
          one => [
            {
              ...one,
              metadata: { ...one.metadata, creationTimestamp: t.ago(10) },
            },
          ],
        ],
      }),
      t.configMap('shop/app-cfg', ['app.yaml'], { changed: 25 }),
    ),
    expects: {
      noCause: true,
      orLikely: ['Pod/shop/cart-1f6d8c9b1-bks4c', 'Deployment/shop/cart'],
    },
  },
  {
    id: 'S139',
    fault: 'flags are switched in a ConfigMap; errors are in traces only',
    objects: t.world(
      t.deployment('otel/flagd', {
        template: { volumes: [{ name: 'c', configMap: { name: 'flagd' } }] },
        container: MOUNT,
      }),
      t.service('otel/flagd'),
      t.configMap('otel/flagd', ['demo.flagd.json'], { changed: 1 }),
    ),
    expects: { noCause: true, orLikely: ['ConfigMap/otel/flagd'] },
  },
  {
    id: 'S140',
    fault:
      'a Secret was rotated, and pods that read it at start are not ready since',
    objects: t.world(
      t.deployment('shop/cart', {
        container: FROM_SECRET,
        pods: t.notReady(undefined, 20),
      }),
      t.service('shop/cart'),
      t.secret('shop/db-creds', ['password'], { changed: 25 }),
    ),
    expects: {
      roots: ['Secret/shop/db-creds'],
      affected: ['Deployment/shop/cart', 'Service/shop/cart'],
      says: ['09:35', 'kubectl rollout restart deployment/cart -n shop'],
    },
  },
  {
    id: 'S140b',
    fault: 'pods were not ready before the Secret was rotated',
    objects: t.world(
      t.deployment('shop/cart', {
        template: {
          volumes: [{ name: 's', secret: { secretName: 'db-creds' } }],
        },
        pods: t.notReady(undefined, 60),
      }),
      t.service('shop/cart'),
      t.secret('shop/db-creds', ['password'], { changed: 25 }),
    ),
    expects: { noCause: true },
  },
  {
    id: 'S141',
    fault: 'a template defines a variable twice',
    objects: t.world(
      t.deployment('shop/cart', {
        age: t.FAULT,
        container: {
          env: [
            { name: 'DB_HOST', value: 'db' },
            { name: 'MODE', value: 'x' },
            { name: 'DB_HOST', value: 'localhost' },
          ],
        },
        pods: t.crashing(1),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['EnvironmentShadowed'],
      affected: ['Service/shop/cart'],
      says: ['DB_HOST', 'twice'],
    },
  },
  {
    id: 'S141b',
    fault: 'a variable hides a key of the ConfigMap that gives all the others',
    objects: t.world(
      t.deployment('shop/cart', {
        age: t.FAULT,
        container: {
          env: [{ name: 'DB_HOST', value: 'localhost' }],
          envFrom: [{ configMapRef: { name: 'app-cfg' } }],
        },
        pods: t.crashing(1),
      }),
      t.configMap('shop/app-cfg', ['DB_HOST', 'DB_PORT']),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      says: ['hides key DB_HOST of ConfigMap app-cfg'],
    },
  },
  {
    id: 'S141c',
    fault: 'a variable is defined twice, and all is well',
    objects: t.world(
      t.deployment('shop/cart', {
        container: {
          env: [
            { name: 'A', value: 'x' },
            { name: 'A', value: 'y' },
          ],
        },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S142',
    fault: 'a wrong value was written into a Secret',
    objects: t.world(
      t.deployment('shop/cart', {
        container: FROM_SECRET,
        pods: t.crashing(1),
      }),
      t.secret('shop/db-creds', ['password'], { changed: 22 }),
    ),
    expects: { noCause: true, orLikely: ['Secret/shop/db-creds'] },
  },
  {
    id: 'S143',
    fault: 'a user was dropped in a database: all objects are healthy',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.statefulSet('shop/mongo'),
      t.service('shop/mongo', { spec: { clusterIP: 'None' } }),
    ),
    expects: { nothing: true },
  },
];

const FORBIDDEN = `configmaps is forbidden: User "system:serviceaccount:shop:op" cannot list resource "configmaps" in API group "" in the namespace "shop"`;

function binding(role: string): t.Objects {
  return t.object(
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    'shop/op-reads',
    {
      fields: {
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'Role',
          name: role,
        },
        subjects: [{ kind: 'ServiceAccount', name: 'op', namespace: 'shop' }],
      },
    },
  );
}

export const permissionScenarios: readonly Scenario[] = [
  {
    id: 'S061',
    fault: 'an init container may not read what it needs: 403, in its log only',
    objects: t.world(
      t.deployment('shop/cart', {
        template: {
          serviceAccountName: 'op',
          initContainers: [{ name: 'wait', image: 'kubectl:1' }],
        },
        pods: t.crashing(1, 'Error', { container: 'wait' }),
      }),
      t.serviceAccount('shop/op'),
    ),
    expects: {
      noCause: true,
      orLikely: ['Deployment/shop/cart', 'ServiceAccount/shop/op'],
    },
  },
  {
    id: 'S061b',
    fault:
      'a container says at its end that it may not list, and its role is gone',
    objects: t.world(
      t.deployment('shop/cart', {
        template: { serviceAccountName: 'op' },
        pods: t.crashing(1, 'Error', { message: FORBIDDEN }),
      }),
      t.serviceAccount('shop/op'),
      binding('reader'),
      t.object('rbac.authorization.k8s.io/v1', 'Role', 'other/reader', {
        fields: { rules: [] },
      }),
    ),
    expects: {
      roots: ['Role/shop/reader'],
      affected: ['Deployment/shop/cart'],
      says: ['cannot list resource "configmaps"'],
    },
  },
  {
    id: 'S054c',
    fault: 'an account was deleted, and a new pod gets no token',
    objects: t.world(
      t.pod(
        'shop/tool',
        {
          containers: [{ name: 'app', image: 'tool:1' }],
          serviceAccountName: 'op',
        },
        {
          state: t.mountFails(
            'MountVolume.SetUp failed for volume "kube-api-access-x7k2p" : failed to fetch token: serviceaccounts "op" not found',
          ),
        },
      ),
    ),
    expects: {
      roots: ['ServiceAccount/shop/op'],
      affected: ['Pod/shop/tool'],
      says: ['kubectl create serviceaccount op -n shop'],
    },
  },
  {
    id: 'S050g',
    fault: 'an operator is refused by a quota, and says so in its resource',
    objects: t.world(
      t.definition('op.acme.io', 'Cache', 'caches'),
      t.object('op.acme.io/v1', 'Cache', 'shop/cache', {
        spec: {},
        status: t.readyStatus(
          'False',
          'ReconcileError',
          'persistentvolumeclaims "data" is forbidden: exceeded quota: storage, requested: requests.storage=50Gi, used: requests.storage=80Gi, limited: requests.storage=100Gi',
        ),
      }),
      t.object('v1', 'ResourceQuota', 'shop/storage', {
        spec: { hard: { 'requests.storage': '100Gi' } },
        status: {
          hard: { 'requests.storage': '100Gi' },
          used: { 'requests.storage': '80Gi' },
        },
      }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/storage'],
      affected: ['Cache/shop/cache'],
      says: ['130Gi'],
    },
  },
  {
    id: 'S061c',
    fault: 'an operator may not list, and says so in its resource',
    objects: t.world(
      t.definition('op.acme.io', 'Cache', 'caches'),
      t.object('op.acme.io/v1', 'Cache', 'shop/cache', {
        spec: {},
        status: t.readyStatus('False', 'ReconcileError', FORBIDDEN),
      }),
      t.serviceAccount('shop/op'),
    ),
    expects: { noCause: true, orLikely: ['ServiceAccount/shop/op'] },
  },
];
