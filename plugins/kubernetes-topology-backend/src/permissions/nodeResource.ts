import { NodeFilter, StoredNode } from '@kubernetes-topology/engine';
import { RESOURCE_TYPE_TOPOLOGY_NODE } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { createPermissionResourceRef } from '@backstage/plugin-permission-node';

/** A node, and who owns the entities that it is part of. */
export interface NodeResource extends StoredNode {
  /** Entity references in lower case. */
  owners: readonly string[];
}

/** What a rule asks of a node; becomes part of every hop of a query. */
export type NodeCondition =
  | Extract<NodeFilter, { key: string } | { label: unknown }>
  /** Entity references; the catalog says which objects that is. */
  | { ownedBy: string[] };

/** A node of the topology as the permission framework knows it; its reference is the node's key. */
export const topologyNodeResourceRef = createPermissionResourceRef<
  NodeResource,
  NodeCondition
>().with({
  pluginId: 'kubernetes-topology',
  resourceType: RESOURCE_TYPE_TOPOLOGY_NODE,
});
