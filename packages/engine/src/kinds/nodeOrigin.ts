import { KubernetesObject } from './kindDefinition';
import { Json, Reference } from './observation';

const KARPENTER_POOL = 'karpenter.sh/nodepool';
const MACHINE = 'cluster.x-k8s.io/machine';
const MACHINE_NAMESPACE = 'cluster.x-k8s.io/cluster-namespace';
/** How providers name the pool that a node belongs to. */
const POOL_LABELS = [
  KARPENTER_POOL,
  'eks.amazonaws.com/nodegroup',
  'alpha.eksctl.io/nodegroup-name',
  'cloud.google.com/gke-nodepool',
  'kubernetes.azure.com/agentpool',
  'agentpool',
  'node.openshift.io/pool',
] as const;
const ROLE = 'node-role.kubernetes.io/';

/** What groups nodes, so that an outage of a zone or a pool can be seen (R128, R130). */
export function nodePlace(node: KubernetesObject): {
  [name: string]: Json | undefined;
} {
  const labels: Record<string, string> = node.metadata.labels ?? {};
  const roles = Object.keys(labels)
    .filter(label => label.startsWith(ROLE))
    .map(label => label.slice(ROLE.length));
  const pool = POOL_LABELS.find(label => labels[label]);
  return {
    Zone: labels['topology.kubernetes.io/zone'],
    Region: labels['topology.kubernetes.io/region'],
    InstanceType: labels['node.kubernetes.io/instance-type'],
    Roles: roles.length > 0 ? roles : undefined,
    NodePool: pool && labels[pool],
    ProviderID: node.spec?.providerID,
  };
}

/** The object that stands for what made the node, where the cluster has one (R128). */
export function nodeOrigin({ metadata }: KubernetesObject): Reference[] {
  const pool = metadata.labels?.[KARPENTER_POOL];
  const machine = metadata.annotations?.[MACHINE];
  const machineNamespace = metadata.annotations?.[MACHINE_NAMESPACE];
  return [
    ...(pool
      ? [
          {
            relation: 'node-nodepool',
            end: 'source' as const,
            other: {
              kind: { group: 'karpenter.sh', kind: 'NodePool' },
              namespace: '',
              name: pool,
            },
            required: false,
          },
        ]
      : []),
    ...(machine && machineNamespace
      ? [
          {
            relation: 'node-machine',
            end: 'source' as const,
            other: {
              kind: { group: 'cluster.x-k8s.io', kind: 'Machine' },
              namespace: machineNamespace,
              name: machine,
            },
            required: false,
          },
        ]
      : []),
  ];
}
