import { nodeKey } from './identity';
import { CLUSTER } from './kindIds';
import { Observation } from './observation';
import { verdict } from './verdict';

/** The synthetic root of a cluster's ownership tree (Skydive section 1.2). Says nothing about the connection. */
export function observeCluster(name: string): Observation {
  return {
    type: 'object',
    key: nodeKey({ cluster: name, kind: CLUSTER, namespace: '', name }),
    cluster: name,
    kind: CLUSTER,
    namespace: '',
    name,
    labels: {},
    properties: {},
    verdict: verdict('ok', 'Watched'),
    owners: [],
    references: [],
    selectors: [],
    parts: [],
  };
}
