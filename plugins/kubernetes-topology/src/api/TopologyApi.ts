import { createApiRef } from '@backstage/frontend-plugin-api';
import { TopologyClient } from '@kubernetes-topology/plugin-kubernetes-topology-common';

/** What the topology components ask of the backend; `TopologyClient` is the implementation over REST. */
export type TopologyApi = Pick<
  TopologyClient,
  | 'entityTopology'
  | 'node'
  | 'explanation'
  | 'impact'
  | 'history'
  | 'restart'
  | 'restartRun'
  | 'clusters'
  | 'clusterHealth'
  | 'overview'
  | 'placeTopology'
  | 'incidents'
  | 'query'
  | 'favourites'
>;

/** Replace it to serve the topology from elsewhere. */
export const topologyApiRef = createApiRef<TopologyApi>().with({
  id: 'plugin.kubernetes-topology.api',
  pluginId: 'kubernetes-topology',
});
