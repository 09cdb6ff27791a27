import { BackOff, BackOffLimits } from './cluster/backOff';
import { Clock } from './cluster/clock';
import { Logger } from './cluster/logger';
import { EngineObserver, writtenBatch } from './engineObserver';
import { PackedDelta } from './graph/packedDelta';
import { IdBlock } from './store/nodeIds';
import { ClusterLease, LeaseLostError } from './store/clusterLease';
import { TopologyStore } from './store/topologyStore';

/** How a cluster is written. Plain data, so that it can be handed to a worker thread. Times in milliseconds. */
export interface WriteTuning {
  /** Objects between the reader and the graph, about: two pages of a list. */
  queueCapacity: number;
  /** After a batch, how long to gather what belongs together before the next one. */
  window: number;
  /** Rows of one transaction, about (`perf.md` F.5). */
  rows: number;
  /** How often a batch is tried before the cluster is read anew. */
  tries: number;
  backOff: BackOffLimits;
}

export const defaultWriteTuning: WriteTuning = {
  queueCapacity: 1_000,
  window: 20,
  rows: 10_000,
  tries: 6,
  backOff: { base: 250, max: 10_000 },
};

export interface ClusterWriterOptions {
  cluster: string;
  /** Under which the cluster is written. */
  lease: ClusterLease;
  store: TopologyStore;
  onRevision(revision: number): void;
  observer?: EngineObserver;
  logger: Logger;
  clock: Clock;
  tuning: WriteTuning;
  /** Ends the waiting between tries. */
  signal: AbortSignal;
}

/** Writes a cluster's batches, and tries again when the database fails for a moment. */
export class ClusterWriter {
  readonly #options: ClusterWriterOptions;

  constructor(options: ClusterWriterOptions) {
    this.#options = options;
  }

  /**
   * @throws when the database fails for long: the graph is then ahead of the store
   * @throws LeaseLostError
   */
  readonly write = async (delta: PackedDelta): Promise<void> => {
    const { store, lease, onRevision, observer, clock } = this.#options;
    observer?.writing?.(delta.cluster);
    const startedAt = clock.now();
    const revision = await this.#retried('write', again =>
      store.writePacked(delta, { again, lease }),
    );
    onRevision(revision);
    observer?.wrote?.(writtenBatch(delta, { revision, startedAt, clock }));
  };

  readonly takeIds = (size: number): Promise<IdBlock> =>
    this.#retried('reserve ids for', () =>
      this.#options.store.takeNodeIds(size),
    );

  /** A write is one transaction, so that a failed one left nothing behind and the same can be tried again. */
  async #retried<T>(
    what: string,
    work: (again: boolean) => Promise<T>,
  ): Promise<T> {
    const { cluster, logger, clock, tuning, signal } = this.#options;
    const backOff = new BackOff(clock, tuning.backOff);
    for (;;) {
      try {
        return await work(backOff.failures > 0);
      } catch (error) {
        backOff.failed();
        if (
          backOff.failures >= tuning.tries ||
          error instanceof LeaseLostError
        ) {
          throw error;
        }
        logger.warn(
          `Could not ${what} cluster ${cluster}, trying again: ${error}`,
        );
        await backOff.wait(signal);
      }
    }
  }
}
