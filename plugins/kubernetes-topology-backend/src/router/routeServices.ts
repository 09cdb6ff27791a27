import { AuditorService } from '@backstage/backend-plugin-api';
import { Topology } from '@kubernetes-topology/engine';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { ClusterDirectory } from '../clusters/clusterDirectory';
import { Favourites } from '../favourites/favourites';
import { SearchDocuments } from '../documents/searchDocuments';
import { TopologyAccess } from '../permissions/topologyAccess';
import { Restarts } from '../restart/restarts';
import { EngineTally } from '../metrics/engineTally';
import { RunningTopology } from '../topologyEngine';

/** What the routes stand on. */
export interface RouteServices {
  topology: Topology;
  live: RunningTopology['live'];
  replicas: RunningTopology['replicas'];
  directory: Pick<ClusterDirectory, 'known'>;
  tally: Pick<EngineTally, 'lags' | 'clusters'>;
  access: TopologyAccess;
  auditor: AuditorService;
  catalog: CatalogService;
  restarts: Restarts;
  documents: SearchDocuments;
  favourites: Favourites;
}
