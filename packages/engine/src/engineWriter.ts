import { BackOff, BackOffLimits } from './cluster/backOff';
import { Clock } from './cluster/clock';
import { Logger } from './cluster/logger';
import { ClusterHealth } from './cluster/reader';
import { DeltaBatch } from './engineBatch';
import { UpdateQueue } from './engineQueue';
import { ClusterGraph, newNodesAtMost } from './graph/clusterGraph';
import { GraphDelta } from './graph/delta';
import { TopologyStore } from './store/topologyStore';

/** How a cluster is written. Times in milliseconds. */
export interface WriteTuning {
  /** Objects between reader and writer, about: two pages of a list. */
  queueCapacity: number;
  /** After a write, how long to gather what belongs together before the next one. */
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
  rows: 5_000,
  tries: 6,
  backOff: { base: 250, max: 10_000 },
};

/** `setTimeout` takes no longer time, and a clock may be set. */
const LONGEST_SLEEP = 60_000;

export interface ClusterWriterOptions {
  cluster: string;
  graph: ClusterGraph;
  queue: UpdateQueue;
  store: TopologyStore;
  onRevision(revision: number): void;
  logger: Logger;
  clock: Clock;
  tuning: WriteTuning;
}

/**
 * Takes updates from the queue through the graph into the store. Updates that come while a batch is written are the
 * next batch, so that load makes batches larger, not the queue longer.
 */
export class ClusterWriter {
  readonly #options: ClusterWriterOptions;
  #health: ClusterHealth = { state: 'answering' };
  #healthChanged = false;
  /** What the graph says of the cluster; the connection's state stands above it. */
  #graphState: NonNullable<GraphDelta['clusterState']> = {
    state: 'syncing',
    message: '',
  };

  constructor(options: ClusterWriterOptions) {
    this.#options = options;
  }

  takeHealth(health: ClusterHealth): void {
    this.#health = health;
    this.#healthChanged = true;
    this.#options.queue.wake();
  }

  /**
   * Runs until the signal is aborted and the queue is empty. Rejects when a batch cannot be written for long: the
   * graph is then ahead of the store and has to be restored from it.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { cluster, queue, graph, clock, tuning } = this.#options;
    while (!(signal.aborted && queue.isEmpty)) {
      await this.#waitForWork(signal);
      const batch = new DeltaBatch(cluster);
      await this.#fill(batch, signal);
      const due = graph.tick(clock.now());
      if (due) {
        batch.add(due);
      }
      if (batch.size > 0 || this.#healthChanged) {
        await this.#write(batch, signal);
        if (queue.size < tuning.queueCapacity / 2) {
          await clock.sleep(tuning.window, signal);
        }
      }
    }
  }

  /** Resolves when there is an update, a verdict has come due, the connection's state changed or the end has come. */
  async #waitForWork(signal: AbortSignal): Promise<void> {
    const { queue, graph, clock } = this.#options;
    if (!queue.isEmpty || this.#healthChanged || signal.aborted) {
      return;
    }
    const arrived = new AbortController();
    const stop = () => arrived.abort();
    signal.addEventListener('abort', stop, { once: true });
    queue.next().then(stop);
    const due = graph.nextDue() ?? Infinity;
    const wait = Math.min(Math.max(due - clock.now(), 0), LONGEST_SLEEP);
    await clock.sleep(wait, arrived.signal);
    signal.removeEventListener('abort', stop);
  }

  async #fill(batch: DeltaBatch, signal: AbortSignal): Promise<void> {
    const { queue, graph, store, clock, tuning } = this.#options;
    while (batch.size < tuning.rows) {
      const update = queue.take();
      if (!update) {
        return;
      }
      await this.#retried('reserve ids for', signal, () =>
        store.nodeIds.reserve(newNodesAtMost(update)),
      );
      batch.add(graph.apply(update, clock.now()));
    }
  }

  async #write(batch: DeltaBatch, signal: AbortSignal): Promise<void> {
    const { store, clock, onRevision } = this.#options;
    const delta = batch.delta();
    this.#graphState = delta.clusterState ?? this.#graphState;
    if (this.#healthChanged || delta.clusterState) {
      this.#healthChanged = false;
      delta.clusterState =
        this.#health.state === 'failing' ? this.#health : this.#graphState;
    }
    delta.at = Math.max(delta.at, clock.now());
    onRevision(await this.#retried('write', signal, () => store.write(delta)));
  }

  /** A write is one transaction, so that a failed one left nothing behind and the same can be tried again. */
  async #retried<T>(
    what: string,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    const { cluster, logger, clock, tuning } = this.#options;
    const backOff = new BackOff(clock, tuning.backOff);
    for (;;) {
      try {
        return await work();
      } catch (error) {
        backOff.failed();
        if (backOff.failures >= tuning.tries) {
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
