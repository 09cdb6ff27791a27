import { KindCatalog } from '../kinds/kindCatalog';
import { KindId } from '../kinds/identity';
import { KindDefinition } from '../kinds/kindDefinition';
import { KindUpdateSink } from '../kinds/update';
import { Clock } from './clock';
import { ClusterSource } from './connection';
import { Logger } from './logger';
import { ReaderTuning } from './readerTuning';

/** Whether the API server answers, apart from single kinds. */
export type ClusterHealth =
  | {
      state: 'answering';
      /** What is amiss all the same: groups whose kinds it cannot tell. */
      message?: string;
    }
  | { state: 'failing'; message: string };

export interface ReaderOptions {
  source: ClusterSource;
  /** What is read of what the server serves, and how. */
  catalog: Pick<KindCatalog, 'definitionFor'>;
  /** Kinds that matter also where they are not served: others refer to them. */
  known?: readonly KindDefinition[];
  /** Kinds of which something is stored. */
  stored?: readonly KindId[];
  sink: KindUpdateSink;
  /** Told at the first answer and at each change. */
  onHealth(health: ClusterHealth): void;
  logger: Logger;
  clock: Clock;
  tuning: ReaderTuning;
}

/** Reads all kinds of one cluster. */
export interface Reader {
  /**
   * Runs until the signal is aborted. Rejects when the sink does or the reader itself breaks; a new one then starts
   * with fresh lists, so that nothing is lost.
   */
  run(signal: AbortSignal): Promise<void>;
}
