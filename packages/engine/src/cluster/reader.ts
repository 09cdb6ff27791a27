import { KindDefinition } from '../kinds/kindDefinition';
import { KindUpdateSink } from '../kinds/update';
import { Clock } from './clock';
import { ClusterSource } from './connection';
import { Logger } from './logger';
import { ReaderTuning } from './readerTuning';

/** Whether the API server answers, apart from single kinds. */
export type ClusterHealth =
  | { state: 'answering' }
  | { state: 'failing'; message: string };

export interface ReaderOptions {
  source: ClusterSource;
  /** In any order; those without a `plural` are not read. */
  kinds: readonly KindDefinition[];
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
