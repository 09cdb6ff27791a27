import { Scenario } from './scenario';
import * as t from './templates';

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
