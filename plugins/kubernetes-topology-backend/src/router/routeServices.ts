import { AuditorService } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { Topology } from '@kubernetes-topology/engine';
import { UnwatchedCluster } from '../clusters/configuredClusters';
import { SearchDocuments } from '../documents/searchDocuments';
import { TopologyAccess } from '../permissions/topologyAccess';
import { Restarts } from '../restart/restarts';

/** What the routes stand on. */
export interface RouteServices {
  topology: Topology;
  /** Clusters of the configuration that are not watched, and since when. */
  unwatched: readonly (UnwatchedCluster & { at: number })[];
  access: TopologyAccess;
  auditor: AuditorService;
  catalog: CatalogService;
  restarts: Restarts;
  documents: SearchDocuments;
}
