import { KindId } from './identity';
import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import {
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  GROUP,
  ROLE,
  ROLE_BINDING,
  SERVICE_ACCOUNT,
  USER,
} from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { Reference, SelectorReference } from './observation';
import { Verdict } from './status';
import { verdict } from './verdict';

/** `system:serviceaccounts:shop`: every account of a namespace. */
const ACCOUNTS_OF = 'system:serviceaccounts:';
/** `system:serviceaccount:shop:cart`: an account as a user. */
const ACCOUNT_USER = /^system:serviceaccount:([^:]+):([^:]+)$/;

function kindOf(
  id: KindId,
  type: 'rolebinding' | 'clusterrolebinding',
): KindDefinition {
  const namespaced = id === ROLE_BINDING;
  const roles = [
    `${type}-clusterrole`,
    ...(namespaced ? [`${type}-role`] : []),
  ];
  return {
    id,
    type,
    version: 'v1',
    plural: `${type}s`,
    namespaced,
    observe(binding, context) {
      const subjects: any[] = binding.subjects ?? [];
      return observation(id, namespaced, binding, context, {
        properties: {
          Role: `${binding.roleRef?.kind}/${binding.roleRef?.name}`,
          Subjects: subjects.map(subject =>
            [subject.kind, subject.namespace, subject.name]
              .filter(Boolean)
              .join('/'),
          ),
        },
        verdict: existenceVerdict(binding),
        references: [
          ...roleReference(type, binding),
          ...subjects.flatMap(subject =>
            subjectReference(type, subject, binding),
          ),
        ],
        selectors: subjects.flatMap(subject => accountsOf(type, subject)),
      });
    },
    contextRelations: roles,
    judgeInContext: (node, neighbours) => judgeByRole(node, roles, neighbours),
  };
}

/** Roles are in the binding's namespace, cluster roles in none: a name alone does not tell (R133–R135). */
function roleReference(type: string, binding: KubernetesObject): Reference[] {
  const { roleRef, metadata } = binding;
  if (!roleRef?.name) {
    return [];
  }
  const isRole = roleRef.kind === 'Role';
  return [
    {
      relation: `${type}-${isRole ? 'role' : 'clusterrole'}`,
      end: 'source',
      other: {
        kind: isRole ? ROLE : CLUSTER_ROLE,
        namespace: isRole ? metadata.namespace : '',
        name: String(roleRef.name),
      },
      required: true,
    },
  ];
}

/** A subject that does not exist breaks nothing: bindings are often made before what they serve. */
function subjectReference(
  type: string,
  subject: any,
  { metadata }: KubernetesObject,
): Reference[] {
  const to = (
    relation: string,
    kind: KindId,
    namespace: string,
    name: string,
  ) => [
    {
      relation: `${type}-${relation}`,
      end: 'source' as const,
      other: { kind, namespace, name },
      required: false,
    },
  ];
  const name = String(subject?.name ?? '');
  const account = ACCOUNT_USER.exec(name);
  const namespace = subject?.namespace ?? metadata.namespace;
  switch (name === '' ? undefined : subject.kind) {
    case 'ServiceAccount':
      return namespace
        ? to('serviceaccount', SERVICE_ACCOUNT, String(namespace), name)
        : [];
    case 'User':
      return account
        ? to('serviceaccount', SERVICE_ACCOUNT, account[1], account[2])
        : to('user', USER, '', name);
    case 'Group':
      return name.startsWith(ACCOUNTS_OF) ? [] : to('group', GROUP, '', name);
    default:
      return [];
  }
}

/**
 * The group of a namespace's accounts is drawn as those accounts (R137). The groups of all accounts and of everyone
 * stay names: edges to all would say nothing.
 */
function accountsOf(type: string, subject: any): SelectorReference[] {
  const name = String(subject?.name ?? '');
  return subject?.kind === 'Group' && name.startsWith(ACCOUNTS_OF)
    ? [
        {
          relation: `${type}-serviceaccount`,
          end: 'source',
          kind: SERVICE_ACCOUNT,
          namespaces: [
            {
              key: 'kubernetes.io/metadata.name',
              operator: 'In',
              values: [name.slice(ACCOUNTS_OF.length)],
            },
          ],
          selector: [],
          details: { group: name },
        },
      ]
    : [];
}

/** A binding to a role that does not exist grants nothing (H151). */
function judgeByRole(
  binding: ContextNode,
  relations: readonly string[],
  neighbours: Neighbours,
): Verdict | undefined {
  if (binding.own.level !== 'ok') {
    return undefined;
  }
  for (const relation of relations) {
    const role = neighbours(relation, 'out').find(
      ({ level }) => level === 'missing',
    );
    if (role) {
      return verdict('degraded', 'RoleMissing', {
        rule: 'H151',
        message: `the ${role.kind.kind} that roleRef names does not exist: the binding grants nothing`,
        evidence: [{ source: 'absence', field: 'roleRef', value: role.key }],
      });
    }
  }
  return undefined;
}

export const roleBindingKind = kindOf(ROLE_BINDING, 'rolebinding');

export const clusterRoleBindingKind = kindOf(
  CLUSTER_ROLE_BINDING,
  'clusterrolebinding',
);
