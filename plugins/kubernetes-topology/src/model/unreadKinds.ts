import {
  ClusterStatus,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';

/** What nearly every application is made of or needs to start: not to see one of them blinds the picture. */
const NEEDED_BY_APPLICATIONS: ReadonlySet<string> = new Set([
  'Pod',
  'Deployment.apps',
  'ReplicaSet.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'Job.batch',
  'CronJob.batch',
  'Service',
  'EndpointSlice.discovery.k8s.io',
  'Ingress.networking.k8s.io',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'PersistentVolume',
]);

/** Kinds of one cluster in one state: those that matter to the picture by name, the others as a number. */
export interface UnreadKinds {
  kinds: string[];
  others: number;
}

/**
 * The kinds that are in a state in a cluster. A kind matters when something of it stands in the picture, such as what
 * an edge points at, or when applications are made of it.
 */
export function unreadKinds(
  cluster: ClusterStatus,
  state: 'forbidden' | 'failing',
  nodes: readonly TopologyNode[],
): UnreadKinds {
  const drawn = new Set(
    nodes
      .filter(node => node.cluster === cluster.name)
      .map(({ kind, group }) => (group === '' ? kind : `${kind}.${group}`)),
  );
  const unread = cluster.kinds.filter(kind => kind.state === state);
  const kinds = unread
    .map(({ kind }) => kind)
    .filter(kind => drawn.has(kind) || NEEDED_BY_APPLICATIONS.has(kind));
  return { kinds, others: unread.length - kinds.length };
}

/** `Secrets`, `NetworkPolicies`: several objects of a kind in a sentence, the group left out. */
export function pluralOfKind(kindWithGroup: string): string {
  const [kind] = kindWithGroup.split('.');
  if (kind === 'Endpoints') return kind;
  if (/[^aeiou]y$/.test(kind)) return `${kind.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(kind) ? `${kind}es` : `${kind}s`;
}
