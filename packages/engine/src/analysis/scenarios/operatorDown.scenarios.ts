import { KubernetesObject } from '../../kinds/kindDefinition';
import { Scenario } from './scenario';
import { bystanders } from './templateRollout';
import * as t from './templates';

const GROUP = 'db.example.com';

/** Databases whose spec was changed and that nobody has looked at since. */
function lagging(count: number): KubernetesObject[] {
  return Array.from({ length: count }, (_, nth) =>
    t.object(`${GROUP}/v1`, 'Database', `shop/orders-${nth}`, {
      changed: 30,
      metadata: { generation: 4 },
      spec: { replicas: 2 },
      status: {
        observedGeneration: 3,
        conditions: [t.condition('Ready', 'True', 'Reconciled')],
      },
    }),
  );
}

/** What lets an operator act on its resources. */
function operatorRoles(name = 'db-operator'): KubernetesObject[] {
  return [
    t.serviceAccount(`db-system/${name}`),
    t.object('rbac.authorization.k8s.io/v1', 'ClusterRole', name, {
      fields: {
        rules: [
          {
            apiGroups: [GROUP],
            resources: ['databases', 'databases/status'],
            verbs: ['get', 'list', 'watch', 'update', 'patch'],
          },
        ],
      },
    }),
    t.object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', name, {
      fields: {
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name,
        },
        subjects: [{ kind: 'ServiceAccount', name, namespace: 'db-system' }],
      },
    }),
  ];
}

const operator = (options: t.WorkloadOptions) =>
  t.deployment('db-system/db-operator', {
    replicas: 1,
    ...options,
    template: { serviceAccountName: 'db-operator' },
  });
const databases = () => t.definition(GROUP, 'Database', 'databases');
const converted = (spec: object) =>
  t.definition(GROUP, 'Database', 'databases', {
    spec: {
      versions: [
        { name: 'v1', served: true, storage: false },
        { name: 'v2', served: true, storage: true },
      ],
      conversion: {
        strategy: 'Webhook',
        webhook: { conversionReviewVersions: ['v1'], clientConfig: spec },
      },
    },
  });

export const operatorDown: readonly Scenario[] = [
  {
    id: 'S134',
    fault: 'an operator is scaled to zero, and its resources are not looked at',
    objects: t.world(
      bystanders(),
      databases(),
      lagging(3),
      operatorRoles(),
      operator({ replicas: 0, changed: 40 }),
    ),
    expects: {
      roots: ['Deployment/db-system/db-operator'],
      affected: ['Database/shop/orders-0', 'Database/shop/orders-2'],
      says: ['db-operator', 'zero'],
    },
  },
  {
    id: 'S134b',
    fault: 'an operator that has just been given a new spec',
    objects: t.world(
      bystanders(),
      databases(),
      t.object(`${GROUP}/v1`, 'Database', 'shop/orders', {
        changed: 1,
        metadata: { generation: 4 },
        spec: { replicas: 2 },
        status: {
          observedGeneration: 3,
          conditions: [t.condition('Ready', 'True', 'Reconciled')],
        },
      }),
      operatorRoles(),
      operator({}),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S135',
    fault: 'an operator does not start, for its image does not exist',
    objects: t.world(
      bystanders(),
      databases(),
      lagging(3),
      operatorRoles(),
      operator({
        image: 'registry.example/db-operator:v9x',
        pods: t.imagePull(
          'registry.example/db-operator:v9x',
          'registry.example/db-operator:v9x: not found',
        ),
      }),
    ),
    expects: {
      roots: ['Deployment/db-system/db-operator'],
      faults: ['ImageNotFound'],
      affected: ['Database/shop/orders-0'],
      says: ['v9x'],
    },
  },
  {
    id: 'S136',
    fault: 'a CustomResourceDefinition was deleted, and its operator crashes',
    before: [
      {
        at: t.at(60),
        objects: t.world(
          bystanders(),
          databases(),
          operatorRoles(),
          operator({}),
        ),
      },
    ],
    objects: t.world(
      bystanders(),
      operatorRoles(),
      operator({
        pods: t.crashing(1, 'Error', {
          message:
            'unable to start manager: no matches for kind "Database" in version "db.example.com/v1"',
        }),
      }),
    ),
    expects: {
      roots: ['CustomResourceDefinition//databases.db.example.com'],
      affected: ['Deployment/db-system/db-operator'],
      says: ['Database', 'db.example.com'],
    },
  },
  {
    id: 'S137',
    fault: 'nobody answers for the conversion of a custom resource',
    objects: t.world(
      bystanders(),
      converted({
        service: { namespace: 'db-system', name: 'db-conversion', port: 443 },
      }),
      t.service('db-system/db-conversion', {
        selector: { app: 'db-operator' },
      }),
      operatorRoles(),
      operator({ pods: t.crashing(2) }),
    ),
    expects: {
      roots: ['Deployment/db-system/db-operator'],
      affected: ['CustomResourceDefinition//databases.db.example.com'],
    },
  },
  {
    id: 'S137b',
    fault: 'the conversion Service of a custom resource does not exist',
    objects: t.world(
      bystanders(),
      converted({ service: { namespace: 'db-system', name: 'db-conversion' } }),
    ),
    expects: {
      roots: ['Service/db-system/db-conversion'],
      affected: ['CustomResourceDefinition//databases.db.example.com'],
      says: ['db-conversion'],
    },
  },
  {
    id: 'S134c',
    fault: 'an operator runs and does not look at its resource',
    objects: t.world(
      bystanders(),
      databases(),
      lagging(1),
      operatorRoles(),
      operator({}),
    ),
    expects: { noCause: true, orLikely: ['Database/shop/orders-0'] },
  },
];
