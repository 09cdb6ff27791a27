import { DatabaseService, LoggerService } from '@backstage/backend-plugin-api';
import {
  EngineObserver,
  IncidentChange,
  LeaseTable,
  LiveMessage,
  LiveOptions,
  NamedRules,
  Topology,
  TopologySource,
} from '@kubernetes-topology/engine';
import { TopologyConfig } from './config/topologyConfig';

/** What the plugin needs of the engine beyond reading. */
export interface RunningTopology extends Topology {
  start(): Promise<void> | void;
  stop(): Promise<void>;
  /** Reads these from now on; what is not there any more goes, if these are all that there are. */
  setClusters(
    clusters: readonly TopologySource[],
    options: { isComplete: boolean },
  ): Promise<void>;
  /** Called after each revision; the answer ends it. */
  onRevision(listener: (revision: number) => void): () => void;
  /** Called when incidents of a cluster that this replica follows open, change or end; the answer ends it. */
  onIncidents(
    listener: (changes: readonly IncidentChange[]) => void,
  ): () => void;
  /** The answer to a query, and then what changes in it. */
  live(
    text: string,
    options: LiveOptions,
  ): AsyncGenerator<LiveMessage, void, undefined>;
  /** The processes that share the database, and who reads which cluster. */
  replicas(): Promise<LeaseTable>;
  /** Of the database, with indexes and history. */
  databaseBytes(): Promise<number>;
}

export type CreateTopology = (options: {
  database: DatabaseService;
  config: TopologyConfig;
  /** Beside those that come with the engine. */
  rules: readonly NamedRules[];
  observer: EngineObserver;
  logger: LoggerService;
}) => Promise<RunningTopology>;
