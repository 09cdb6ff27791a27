import {
  CLUSTER_ROLE,
  ROLE,
  ROLE_BINDING,
  SERVICE_ACCOUNT,
} from '../kinds/kindIds';
import { ApiRefusal } from './apiRefusal';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Root } from './finding';
import { objectNamed } from './namedObject';

const ACCOUNT = /^system:serviceaccount:([^:]+):(.+)$/;

/**
 * Who lacks a permission (S061). A binding of the account to a role that does not exist grants nothing: then that role
 * is missed. Else the account has not been granted it, which nobody did wrong by itself: a suspect.
 */
export function permissionRoot(
  { cluster }: CausalGraphNode,
  { user, words: action }: Extract<ApiRefusal, { type: 'noPermission' }>,
  graph: CausalGraph,
  words: { field: string; value: string },
): Root | undefined {
  const match = ACCOUNT.exec(user);
  if (!match) {
    return undefined;
  }
  const [, namespace, name] = match;
  const account = objectNamed(
    graph,
    { cluster, kind: SERVICE_ACCOUNT, namespace, name },
    'unknown',
    words,
  );
  const evidence = [{ source: 'field' as const, ...words }];
  const check = `kubectl auth can-i --list --as=${user} -n ${namespace}`;
  const role = missingRoleOf(account, graph);
  if (role) {
    return {
      node: role,
      fault: `Missing${role.kind.kind}`,
      predicate: `does not exist, so its bindings grant ${user} nothing; it cannot ${action}`,
      nextStep: `Create ${role.kind.kind} ${role.name}, or bind the account to one that exists. See what it may: ${check}`,
      evidence: [...role.verdict.evidence, ...evidence],
      since: role.verdict.since,
    };
  }
  return {
    node: account,
    fault: 'PermissionMissing',
    predicate: `may not do what is asked of it: it cannot ${action}`,
    nextStep: `Grant it with a Role and a RoleBinding, or see which one was changed: ${check}`,
    evidence,
  };
}

/** A role that the account's bindings name and that is not there. */
function missingRoleOf(
  account: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const bindings = graph
    .dependencies(account.key)
    .map(({ node }) => node)
    .filter(
      ({ kind }) =>
        kind.kind === ROLE_BINDING.kind || kind.kind === 'ClusterRoleBinding',
    );
  return bindings
    .flatMap(({ key }) => graph.dependencies(key))
    .map(({ node }) => node)
    .find(
      ({ kind, verdict }) =>
        (kind.kind === ROLE.kind || kind.kind === CLUSTER_ROLE.kind) &&
        verdict.level === 'missing',
    );
}
