import { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { Topology } from '@kubernetes-topology/engine';
import { TopologyAccess } from '../permissions/topologyAccess';

/** What the actions stand on. */
export interface ActionServices {
  registry: ActionsRegistryService;
  topology: Topology;
  access: Pick<TopologyAccess, 'readerWith'>;
}

/** They change nothing, and may be asked again. */
export const READS = {
  readOnly: true,
  idempotent: true,
  destructive: false,
} as const;
