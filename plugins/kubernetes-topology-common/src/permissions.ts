import { createPermission } from '@backstage/plugin-permission-common';

/** A node of the topology; a resource reference is its key. */
export const RESOURCE_TYPE_TOPOLOGY_NODE = 'kubernetes-topology-node';

/** Using the topology at all: without it no route answers, and the portal need not show its page or tab. */
export const topologyUsePermission = createPermission({
  name: 'kubernetes.topology.use',
  attributes: { action: 'read' },
});

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

/** Those that are decided node by node. */
export const topologyNodePermissions = [
  topologyReadPermission,
  topologyRestartPermission,
];

export const topologyPermissions = [
  topologyUsePermission,
  ...topologyNodePermissions,
];
