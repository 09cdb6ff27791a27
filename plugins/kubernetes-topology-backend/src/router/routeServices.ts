import { AuditorService } from '@backstage/backend-plugin-api';
import { Topology } from '@kubernetes-topology/engine';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { UnwatchedCluster } from '../clusters/configuredClusters';
import { SearchDocuments } from '../documents/searchDocuments';
import { TopologyAccess } from '../permissions/topologyAccess';
import { Restarts } from '../restart/restarts';
import { RunningTopology } from '../topologyEngine';

/** What the routes stand on. */
export interface RouteServices {
  topology: Topology & Pick<RunningTopology, 'replicas'>;
  /** Clusters of the configuration that are not watched, and since when. */
  unwatched: readonly (UnwatchedCluster & { at: number })[];
  access: TopologyAccess;
  auditor: AuditorService;
  catalog: CatalogService;
  restarts: Restarts;
  documents: SearchDocuments;
}
