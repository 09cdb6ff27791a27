import { BackOff } from './cluster/backOff';
import { Clock } from './cluster/clock';
import { Logger } from './cluster/logger';
import {
  CreateReader,
  Ingest,
  IngestOptions,
  ThreadIngest,
} from './engineIngest';
import { EngineObserver } from './engineObserver';
import { ClusterWriter, WriteTuning } from './engineWriter';
import { KindCatalog } from './kinds/kindCatalog';
import { KindDefinition } from './kinds/kindDefinition';
import { ClusterLease, LeaseLostError } from './store/clusterLease';
import { TopologyStore } from './store/topologyStore';

export interface ClusterEngineOptions {
  cluster: string;
  /** Under which the cluster is written; without it any more, all ends. */
  lease: ClusterLease;
  /** Another replica follows the cluster now. */
  onLeaseLost(): void;
  /** Default: without rules. */
  catalog?: KindCatalog;
  /** That are known from the start; default: none, the reader tells them all. */
  kinds?: readonly KindDefinition[];
  store: TopologyStore;
  /** Reads in this thread. */
  createReader: CreateReader;
  /** Reads in a thread of its own; `undefined` when that cannot be. */
  createWorker?(options: IngestOptions): Promise<Ingest | undefined>;
  onRevision(revision: number): void;
  observer?: EngineObserver;
  logger: Logger;
  clock: Clock;
  tuning: WriteTuning;
}

/** Between two attempts to follow a cluster after one broke, in milliseconds. */
const RESTART_BACK_OFF = { base: 1_000, max: 120_000 };

/**
 * Brings one cluster from its API server into the store, and keeps it there. When a part breaks (a worker thread, the
 * database for long) all is started anew from what the store holds: fresh lists then write what differs.
 */
export class ClusterEngine {
  readonly #options: ClusterEngineOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: ClusterEngineOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends reading, writes what was read, and resolves. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { cluster, lease, store, logger, clock } = this.#options;
    const { onLeaseLost } = this.#options;
    const { signal } = this.#stop;
    const backOff = new BackOff(clock, RESTART_BACK_OFF);
    while (!signal.aborted) {
      const startedAt = clock.now();
      try {
        await this.#follow(signal);
      } catch (error) {
        if (error instanceof LeaseLostError) {
          logger.info(error.message);
          onLeaseLost();
          return;
        }
        if (clock.now() - startedAt > RESTART_BACK_OFF.max) {
          backOff.succeeded();
        }
        const message = `Cluster ${cluster} cannot be followed, trying anew: ${error}`;
        logger.error(message);
        await store
          .setClusterState(
            cluster,
            { state: 'failing', message },
            clock.now(),
            lease,
          )
          .catch(() => undefined);
        backOff.failed();
        await backOff.wait(signal);
      }
    }
  }

  /** Until stopped, or until the reader or the writer breaks; what was read until then is written if it can be. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { cluster, lease, catalog, kinds, store, logger, clock, tuning } =
      this.#options;
    const { createReader, createWorker, onRevision, observer } = this.#options;
    const { write, takeIds } = new ClusterWriter({
      cluster,
      lease,
      store,
      onRevision,
      observer,
      logger,
      clock,
      tuning,
      signal,
    });
    const options: IngestOptions = {
      cluster,
      catalog,
      kinds,
      loadStored: () => this.#stored(),
      takeIds,
      write,
      clock,
      tuning,
    };
    const ingest =
      (await createWorker?.(options)) ??
      (await ThreadIngest.create(options, createReader));
    await ingest.run(signal);
  }

  /** Nothing for a cluster that was never written: its first lists are then written as they come. */
  async #stored() {
    const { cluster, store } = this.#options;
    const stored = await store.loadCluster(cluster);
    return stored.nodes.length > 0 ? stored : undefined;
  }
}
