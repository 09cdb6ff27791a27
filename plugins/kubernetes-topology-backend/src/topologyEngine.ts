import { DatabaseService, LoggerService } from '@backstage/backend-plugin-api';
import {
  ClusterSource,
  LeaseTable,
  Topology,
} from '@kubernetes-topology/engine';

/** What the plugin needs of the engine beyond reading. */
export interface RunningTopology extends Topology {
  start(): Promise<void> | void;
  stop(): Promise<void>;
  /** Called after each revision; the answer ends it. */
  onRevision(listener: (revision: number) => void): () => void;
  /** The processes that share the database, and who reads which cluster. */
  replicas(): Promise<LeaseTable>;
}

export type CreateTopology = (options: {
  database: DatabaseService;
  clusters: ClusterSource[];
  logger: LoggerService;
}) => Promise<RunningTopology>;
