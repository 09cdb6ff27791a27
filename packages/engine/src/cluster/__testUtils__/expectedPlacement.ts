/*
 * What objects imply of identity, placement, daemons, quotas and revisions, worked out from the raw objects alone
 * (sections A, G, H and K of `relationships.md`), as far as the captured states have it.
 */

type RawObject = { readonly [field: string]: any };
/** Another end, by kind, namespace and name. */
export type ExpectedEdge = [
  end: 'source' | 'target',
  relation: string,
  kind: string,
  namespace: string,
  name: string,
];

export const PLACEMENT_GROUPS: Record<string, string> = {
  ControllerRevision: 'apps',
  RoleBinding: 'rbac.authorization.k8s.io',
  ClusterRoleBinding: 'rbac.authorization.k8s.io',
  Role: 'rbac.authorization.k8s.io',
  ClusterRole: 'rbac.authorization.k8s.io',
  User: 'rbac.authorization.k8s.io',
  Group: 'rbac.authorization.k8s.io',
  PriorityClass: 'scheduling.k8s.io',
};
export const PLACEMENT_KINDS = [
  'ControllerRevision',
  'RoleBinding',
  'ClusterRoleBinding',
  'PriorityClass',
  'ServiceAccount',
  'ResourceQuota',
];
export const PLACEMENT_CLUSTER_SCOPED = [
  'ClusterRoleBinding',
  'ClusterRole',
  'User',
  'Group',
  'PriorityClass',
];
/** Names that nobody keeps an object of. */
export const NAMES_ONLY = ['User', 'Group'];
export const PLACEMENT_CONTROL = [
  'StatefulSet ControllerRevision',
  'DaemonSet ControllerRevision',
];

export function placementEdges(
  object: RawObject,
  podSpec: RawObject | undefined,
  objects: readonly RawObject[],
): ExpectedEdge[] {
  const { kind, metadata, spec = {} } = object;
  const { namespace } = metadata;
  const type = kind.toLowerCase();
  const found: ExpectedEdge[] = [];
  const to = (target: string, other: string, where: string, name: string) =>
    found.push(['source', `${type}-${target}`, other, where, name]);
  if (podSpec) {
    const account = podSpec.serviceAccountName;
    if (account || kind !== 'Pod') {
      to('serviceaccount', 'ServiceAccount', namespace, account ?? 'default');
    }
    if (podSpec.priorityClassName) {
      to('priorityclass', 'PriorityClass', '', podSpec.priorityClassName);
    }
  }
  switch (kind) {
    case 'DaemonSet':
      for (const node of objects.filter(each => each.kind === 'Node')) {
        to('node', 'Node', '', node.metadata.name);
      }
      break;
    case 'RoleBinding':
    case 'ClusterRoleBinding': {
      const { roleRef, subjects = [] } = object;
      to(
        roleRef.kind.toLowerCase(),
        roleRef.kind,
        roleRef.kind === 'Role' ? namespace : '',
        roleRef.name,
      );
      for (const subject of subjects) {
        to(
          subject.kind.toLowerCase(),
          subject.kind,
          subject.namespace ?? '',
          subject.name,
        );
      }
      break;
    }
    case 'ResourceQuota':
      to('namespace', 'Namespace', '', namespace);
      break;
    case 'ReplicaSet':
    case 'Deployment':
      for (const { type: condition, message } of object.status?.conditions ??
        []) {
        const [, quota] = /exceeded quota: ([^,]+)/.exec(message) ?? [];
        if (condition === 'ReplicaFailure' && quota) {
          found.push([
            'target',
            `resourcequota-${type}`,
            'ResourceQuota',
            namespace,
            quota,
          ]);
        }
      }
      break;
    default:
      if (spec.nodeSelector?.['kubernetes.io/hostname'] && !spec.nodeName) {
        throw new Error('no captured state has a pinned pod without a node');
      }
  }
  return found;
}
