import { NodeFilter, StoredNode } from '@kubernetes-topology/engine';
import { RESOURCE_TYPE_TOPOLOGY_NODE } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { createPermissionResourceRef } from '@backstage/plugin-permission-node';

/** A condition that the engine can put into every hop of a query. */
export type NodeCondition = Extract<NodeFilter, { key: string }>;

/** A node of the topology as the permission framework knows it; its reference is the node's key. */
export const topologyNodeResourceRef = createPermissionResourceRef<
  StoredNode,
  NodeCondition
>().with({
  pluginId: 'kubernetes-topology',
  resourceType: RESOURCE_TYPE_TOPOLOGY_NODE,
});
