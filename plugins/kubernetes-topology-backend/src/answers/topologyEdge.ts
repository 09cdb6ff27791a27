import { StoredEdge } from '@kubernetes-topology/engine';
import { TopologyEdge } from '@kubernetes-topology/plugin-kubernetes-topology-common';

/** An edge as the REST API shows it; of its details, the names of keys that are missing. */
export function topologyEdge(edge: StoredEdge): TopologyEdge {
  const missingKeys = edge.details?.missingKeys;
  return {
    source: edge.source,
    target: edge.target,
    relation: edge.relation.name,
    relationType: edge.relation.relationType,
    class: edge.relation.class,
    required: edge.required,
    ...(Array.isArray(missingKeys) && { missingKeys: missingKeys.map(String) }),
  };
}
