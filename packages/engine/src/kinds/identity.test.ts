import {
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { Observation } from './observation';
import { clusterRoleKind, roleKind } from './role';
import { clusterRoleBindingKind, roleBindingKind } from './roleBinding';
import { secretKind } from './secret';
import { serviceAccountKind } from './serviceAccount';

/** `relation Kind/namespace/name`, `!` when required, `<-` when the other end is the source. */
function edges({ references, selectors }: Observation): string[] {
  return [
    ...references
      .filter(({ relation }) => !/^(namespace|cluster)-/.test(relation))
      .map(
        ({ relation, end, other, required }) =>
          `${relation}${end === 'target' ? ' <-' : ''} ${other.kind.kind}/${
            other.namespace
          }/${other.name}${required ? '!' : ''}`,
      ),
    ...selectors.map(
      ({ relation, kind, namespaces, selector }) =>
        `${relation} ${kind.kind} in ${JSON.stringify(
          namespaces,
        )} with ${JSON.stringify(selector)}`,
    ),
  ];
}

const clusterScoped = (rest: {}) =>
  object({ metadata: { name: 'x', namespace: undefined }, ...rest });
const binding = (roleRef: {}, ...subjects: {}[]) =>
  object({ roleRef, subjects });

it.each<[string, KindDefinition, KubernetesObject, string[]]>([
  [
    'R133: a Role of its own namespace',
    roleBindingKind,
    binding({ kind: 'Role', name: 'reader' }),
    ['rolebinding-role Role/shop/reader!'],
  ],
  [
    'R134: a ClusterRole of the same name is another object',
    roleBindingKind,
    binding({ kind: 'ClusterRole', name: 'reader' }),
    ['rolebinding-clusterrole ClusterRole//reader!'],
  ],
  [
    'R135',
    clusterRoleBindingKind,
    clusterScoped({ roleRef: { kind: 'ClusterRole', name: 'admin' } }),
    ['clusterrolebinding-clusterrole ClusterRole//admin!'],
  ],
  [
    'R136: an account of another namespace, and one of its own',
    roleBindingKind,
    binding(
      { kind: 'Role', name: 'r' },
      { kind: 'ServiceAccount', name: 'cart', namespace: 'other' },
      { kind: 'ServiceAccount', name: 'cart' },
    ),
    [
      'rolebinding-role Role/shop/r!',
      'rolebinding-serviceaccount ServiceAccount/other/cart',
      'rolebinding-serviceaccount ServiceAccount/shop/cart',
    ],
  ],
  [
    'R137: users and groups are names; an account as a user is that account',
    clusterRoleBindingKind,
    clusterScoped({
      roleRef: { kind: 'ClusterRole', name: 'r' },
      subjects: [
        { kind: 'User', name: 'alice' },
        { kind: 'User', name: 'system:serviceaccount:shop:cart' },
        { kind: 'Group', name: 'system:authenticated' },
      ],
    }),
    [
      'clusterrolebinding-clusterrole ClusterRole//r!',
      'clusterrolebinding-user User//alice',
      'clusterrolebinding-serviceaccount ServiceAccount/shop/cart',
      'clusterrolebinding-group Group//system:authenticated',
    ],
  ],
  [
    'R137: the group of a namespace is its accounts',
    roleBindingKind,
    binding(
      { kind: 'Role', name: 'r' },
      { kind: 'Group', name: 'system:serviceaccounts:blog' },
    ),
    [
      'rolebinding-role Role/shop/r!',
      'rolebinding-serviceaccount ServiceAccount in [{"key":"kubernetes.io/metadata.name","operator":"In","values":["blog"]}] with []',
    ],
  ],
  [
    'R138',
    clusterRoleKind,
    clusterScoped({
      aggregationRule: {
        clusterRoleSelectors: [{ matchLabels: { to: 'admin' } }],
      },
    }),
    [
      'clusterrole-clusterrole ClusterRole in "all" with [{"key":"to","operator":"In","values":["admin"]}]',
    ],
  ],
  [
    'R039',
    serviceAccountKind,
    object({ secrets: [{ name: 't' }], imagePullSecrets: [{ name: 'reg' }] }),
    [
      'serviceaccount-secret Secret/shop/t',
      'serviceaccount-imagepullsecret Secret/shop/reg',
    ],
  ],
  [
    'R040: a token',
    secretKind,
    object({
      metadata: {
        annotations: { 'kubernetes.io/service-account.name': 'cart' },
      },
    }),
    ['secret-serviceaccount ServiceAccount/shop/cart!'],
  ],
  ['R040: any other Secret', secretKind, object({}), []],
])('%s', (_, definition, item, expected) => {
  expect(edges(observe(definition, item))).toEqual(expected);
});

it('shows what a role allows, and that it was cut (R139)', () => {
  const rules = [
    { apiGroups: ['', 'apps'], resources: ['pods'], verbs: ['get', 'list'] },
    {
      apiGroups: [''],
      resources: ['secrets'],
      verbs: ['get'],
      resourceNames: ['db'],
    },
    { nonResourceURLs: ['/healthz'], verbs: ['get'] },
    ...Array.from({ length: 60 }, () => ({
      apiGroups: ['*'],
      resources: ['*'],
      verbs: ['*'],
    })),
  ];
  const { properties } = observe(roleKind, object({ rules }));
  expect(properties.RuleCount).toBe(63);
  expect(properties.Rules).toHaveLength(50);
  expect((properties.Rules as string[]).slice(0, 4)).toEqual([
    'get,list pods,pods.apps',
    'get secrets (db)',
    'get /healthz',
    '* *.*',
  ]);
});

it('shows who an account is outside of the cluster (R140)', () => {
  const arn = 'arn:aws:iam::1:role/cart';
  const account = object({
    metadata: {
      annotations: { 'eks.amazonaws.com/role-arn': arn, other: 'x' },
    },
  });
  expect(observe(serviceAccountKind, account).properties.CloudIdentity).toEqual(
    { 'eks.amazonaws.com/role-arn': arn },
  );
});

it.each([
  ['is gone', 'missing', 'degraded RoleMissing H151'],
  ['is there', 'ok', 'keeps its own'],
  ['may not be read', 'unknown', 'keeps its own'],
] as const)('judges a binding whose role %s (H151)', (_, level, expected) => {
  const item = binding({ kind: 'ClusterRole', name: 'view' });
  const role = neighbour('ClusterRole', 'view', level);
  expect(
    verdictText(
      judged(roleBindingKind, item, { 'rolebinding-clusterrole out': [role] }),
    ),
  ).toBe(expected);
  expect(
    verdictText(
      judged(
        clusterRoleBindingKind,
        clusterScoped({ roleRef: { kind: 'ClusterRole', name: 'view' } }),
        {
          'clusterrolebinding-clusterrole out': [role],
        },
      ),
    ),
  ).toBe(expected);
});
