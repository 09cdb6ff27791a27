import { BackOff } from './cluster/backOff';
import { Clock } from './cluster/clock';
import { Logger } from './cluster/logger';
import { Reader, ReaderOptions } from './cluster/reader';
import { UpdateQueue } from './engineQueue';
import { ClusterWriter, WriteTuning } from './engineWriter';
import { ClusterGraph } from './graph/clusterGraph';
import { KindDefinition } from './kinds/kindDefinition';
import { RELATIONS } from './kinds/relations';
import { TopologyStore } from './store/topologyStore';

export interface ClusterEngineOptions {
  cluster: string;
  kinds: readonly KindDefinition[];
  store: TopologyStore;
  createReader(into: Pick<ReaderOptions, 'sink' | 'onHealth'>): Promise<Reader>;
  onRevision(revision: number): void;
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
    const { cluster, store, logger, clock } = this.#options;
    const { signal } = this.#stop;
    const backOff = new BackOff(clock, RESTART_BACK_OFF);
    while (!signal.aborted) {
      const startedAt = clock.now();
      try {
        await this.#follow(signal);
      } catch (error) {
        if (clock.now() - startedAt > RESTART_BACK_OFF.max) {
          backOff.succeeded();
        }
        const message = `Cluster ${cluster} cannot be followed, trying anew: ${error}`;
        logger.error(message);
        await store
          .setClusterState(cluster, { state: 'failing', message }, clock.now())
          .catch(() => undefined);
        backOff.failed();
        await backOff.wait(signal);
      }
    }
  }

  /** Until stopped, or until the reader or the writer breaks; what was read until then is written if it can be. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { cluster, kinds, store, logger, clock, tuning } = this.#options;
    const { createReader, onRevision } = this.#options;
    await store.nodeIds.reserve(1);
    const graph = ClusterGraph.create({
      cluster,
      kinds,
      relations: RELATIONS,
      allocateId: store.nodeIds.allocate,
      restored: await this.#stored(),
    });
    const queue = new UpdateQueue(tuning.queueCapacity);
    const writer = new ClusterWriter({
      cluster,
      graph,
      queue,
      store,
      onRevision,
      logger,
      clock,
      tuning,
    });
    const reader = await createReader({
      sink: update => queue.put(update),
      onHealth: health => writer.takeHealth(health),
    });
    const read = linkedTo(signal);
    const write = new AbortController();
    const reads = reader.run(read.signal).finally(() => write.abort());
    const writes = writer.run(write.signal).catch(error => {
      read.abort();
      // Nobody takes from the queue any more: what waits for room may go.
      queue.close();
      throw error;
    });
    const results = await Promise.allSettled([writes, reads]);
    read.abort();
    for (const result of results) {
      if (result.status === 'rejected') {
        throw result.reason;
      }
    }
  }

  /** Nothing for a cluster that was never written: its first lists are then written as they come. */
  async #stored() {
    const { cluster, store } = this.#options;
    const stored = await store.loadCluster(cluster);
    return stored.nodes.length > 0 ? stored : undefined;
  }
}

function linkedTo(signal: AbortSignal): AbortController {
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort, { once: true });
  controller.signal.addEventListener('abort', () =>
    signal.removeEventListener('abort', abort),
  );
  if (signal.aborted) {
    abort();
  }
  return controller;
}
