import { createPermission } from '@backstage/plugin-permission-common';

/** A node of the topology; a resource reference is its key. */
export const RESOURCE_TYPE_TOPOLOGY_NODE = 'kubernetes-topology-node';

/** Seeing a node: in graphs, queries, search and on the way of every traversal. */
export const topologyReadPermission = createPermission({
  name: 'kubernetes.topology.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_TOPOLOGY_NODE,
});

/** Restarting a pod: its eviction. Checked for each pod. */
export const topologyRestartPermission = createPermission({
  name: 'kubernetes.topology.restart',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_TOPOLOGY_NODE,
});

export const topologyPermissions = [
  topologyReadPermission,
  topologyRestartPermission,
];
