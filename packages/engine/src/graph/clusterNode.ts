import { nodeKey } from '../kinds/identity';
import { CLUSTER } from '../kinds/kindIds';
import { Observation } from '../kinds/observation';

/** The root of a cluster's tree: no list brings it, and it is there as long as the cluster is configured. */
export function clusterNode(cluster: string): Observation {
  return {
    type: 'object',
    key: nodeKey({ cluster, kind: CLUSTER, namespace: '', name: cluster }),
    cluster,
    kind: CLUSTER,
    namespace: '',
    name: cluster,
    labels: {},
    properties: {},
    verdict: { level: 'ok', reason: 'Watched', evidence: [] },
    owners: [],
    references: [],
    selectors: [],
    parts: [],
  };
}
