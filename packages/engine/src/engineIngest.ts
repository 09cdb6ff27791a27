import { isDeepStrictEqual } from 'node:util';
import { Clock } from './cluster/clock';
import { ClusterHealth, Reader, ReaderOptions } from './cluster/reader';
import { UpdateQueue } from './engineQueue';
import { WriteTuning } from './engineWriter';
import {
  ClusterGraph,
  isEmptyDelta,
  newNodesAtMost,
} from './graph/clusterGraph';
import { GraphDelta } from './graph/delta';
import { packDelta, PackedDelta } from './graph/packedDelta';
import { StoredCluster } from './graph/storedCluster';
import { KindId, kindText } from './kinds/identity';
import { KindCatalog } from './kinds/kindCatalog';
import { KindDefinition } from './kinds/kindDefinition';
import { IdBlock, NodeIds } from './store/nodeIds';

/** `setTimeout` takes no longer time, and a clock may be set. */
const LONGEST_SLEEP = 60_000;

export type CreateReader = (
  into: Pick<ReaderOptions, 'sink' | 'onHealth' | 'stored'>,
) => Promise<Reader>;

/** Reads one cluster and hands over, batch by batch, what has to be written. */
export interface Ingest {
  /**
   * Runs until the signal is aborted and what was read is handed over. Rejects when reading breaks or a batch cannot
   * be written: the graph is then ahead of the store and has to be restored from it.
   */
  run(signal: AbortSignal): Promise<void>;
}

export interface IngestOptions {
  cluster: string;
  /** Knows the relations; default: without rules. */
  catalog?: KindCatalog;
  /** That are known from the start; default: none, the reader tells them all. */
  kinds?: readonly KindDefinition[];
  /** What the store has of the cluster from before. Asked for once, and kept by nobody: it may be large. */
  loadStored(): Promise<StoredCluster | undefined>;
  takeIds(size: number): Promise<IdBlock>;
  /** Writes a batch. Resolves when it is written: the next one comes then. */
  write(delta: PackedDelta): Promise<void>;
  clock: Clock;
  tuning: WriteTuning;
}

/**
 * From a reader's updates through the graph to batches, in this thread. While a batch is written the next one is
 * filled, so that load makes batches larger, not the queue longer: at most two batches and the queue are in memory.
 */
export class ThreadIngest implements Ingest {
  readonly #options: IngestOptions;
  readonly #createReader: CreateReader;
  readonly #ids: NodeIds;
  readonly #queue: UpdateQueue;
  readonly #graph: ClusterGraph;
  readonly #storedKinds: readonly KindId[];
  #health: ClusterHealth = { state: 'answering' };
  #healthChanged = false;
  /** When the oldest change arrived of the batch that is being filled. */
  #since: number | undefined;
  /** What the graph says of the cluster; the connection's state stands above it. */
  #graphState: NonNullable<GraphDelta['clusterState']> = {
    state: 'syncing',
    message: '',
  };
  /** The batch that is being written. */
  #writing: Promise<void> | undefined;

  static async create(
    options: IngestOptions,
    createReader: CreateReader,
  ): Promise<ThreadIngest> {
    const ids = new NodeIds(options.takeIds);
    await ids.reserve(1);
    const stored = await options.loadStored();
    return new ThreadIngest(options, createReader, ids, stored);
  }

  private constructor(
    options: IngestOptions,
    createReader: CreateReader,
    ids: NodeIds,
    restored: StoredCluster | undefined,
  ) {
    const { cluster, kinds = [], tuning } = options;
    const { catalog = KindCatalog.create() } = options;
    this.#options = options;
    this.#createReader = createReader;
    this.#ids = ids;
    this.#queue = new UpdateQueue(tuning.queueCapacity);
    this.#graph = ClusterGraph.create({
      cluster,
      kinds,
      relations: catalog.relations,
      ownerRelation: (owner, owned) => catalog.ownerRelation(owner, owned),
      allocateId: ids.allocate,
      restored,
    });
    this.#storedKinds = kindsOf(restored);
  }

  async run(signal: AbortSignal): Promise<void> {
    const queue = this.#queue;
    const { clock } = this.#options;
    const reader = await this.#createReader({
      sink: update => queue.put(update, clock.now()),
      onHealth: health => this.#takeHealth(health),
      stored: this.#storedKinds,
    });
    const read = linkedTo(signal);
    const write = new AbortController();
    const reads = reader.run(read.signal).finally(() => write.abort());
    const writes = this.#handOver(write.signal).catch(error => {
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

  #takeHealth(health: ClusterHealth): void {
    if (isDeepStrictEqual(health, this.#health)) {
      return;
    }
    this.#health = health;
    this.#healthChanged = true;
    this.#queue.wake();
  }

  async #handOver(signal: AbortSignal): Promise<void> {
    const { clock, tuning } = this.#options;
    const queue = this.#queue;
    while (!(signal.aborted && queue.isEmpty)) {
      await this.#waitForWork(signal);
      await this.#fill();
      await this.#writing;
      const delta = this.#graph.delta(clock.now());
      if (!isEmptyDelta(delta) || this.#healthChanged) {
        this.#write(delta);
        const isCatchingUp = this.#graphState.state === 'syncing';
        if (!isCatchingUp && queue.size < tuning.queueCapacity / 2) {
          await clock.sleep(tuning.window, signal);
        }
      } else {
        this.#since = undefined;
      }
    }
    await this.#writing;
  }

  /** Resolves when there is an update, a verdict has come due, the connection's state changed or the end has come. */
  async #waitForWork(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const queue = this.#queue;
    if (!queue.isEmpty || this.#healthChanged || signal.aborted) {
      return;
    }
    const arrived = new AbortController();
    const stop = () => arrived.abort();
    signal.addEventListener('abort', stop, { once: true });
    queue.next().then(stop);
    // A failed write ends the waiting, too.
    this.#writing?.catch(stop);
    const due = this.#graph.nextDue() ?? Infinity;
    const wait = Math.min(Math.max(due - clock.now(), 0), LONGEST_SLEEP);
    await clock.sleep(wait, arrived.signal);
    signal.removeEventListener('abort', stop);
  }

  /** Until the batch is large enough, or nothing waits and nothing is being written. */
  async #fill(): Promise<void> {
    const graph = this.#graph;
    const queue = this.#queue;
    let isEmpty = true;
    while (isEmpty || graph.pending < this.#options.tuning.rows) {
      const update = queue.take();
      if (update) {
        this.#since ??= queue.takenArrival;
        await this.#ids.reserve(newNodesAtMost(update));
        graph.take(update);
        isEmpty = false;
      } else if (this.#writing && !isEmpty) {
        await Promise.race([this.#writing, queue.next()]);
      } else {
        return;
      }
    }
  }

  #write(delta: GraphDelta): void {
    const { clock, write } = this.#options;
    this.#graphState = delta.clusterState ?? this.#graphState;
    if (this.#healthChanged || delta.clusterState) {
      this.#healthChanged = false;
      delta.clusterState = stateOf(this.#graphState, this.#health);
    }
    delta.at = Math.max(delta.at, clock.now());
    const since = this.#since;
    this.#since = undefined;
    const writing = write({
      ...packDelta(delta),
      graph: { ...this.#graph.size, queued: this.#queue.size, since },
    }).then(() => {
      if (this.#writing === writing) {
        this.#writing = undefined;
      }
    });
    this.#writing = writing;
    writing.catch(() => undefined);
  }
}

/** The connection's state stands above what the graph says of the cluster. */
function stateOf(
  graph: NonNullable<GraphDelta['clusterState']>,
  health: ClusterHealth,
): NonNullable<GraphDelta['clusterState']> {
  if (health.state === 'failing') {
    return health;
  }
  const { state, message } = graph;
  return { state, message: message || (health.message ?? '') };
}

/** Of the objects that were listed. */
function kindsOf(stored: StoredCluster | undefined): KindId[] {
  const kinds = new Map<string, KindId>();
  for (const { kind, uid } of stored?.nodes ?? []) {
    if (uid !== undefined) {
      kinds.set(kindText(kind), kind);
    }
  }
  return [...kinds.values()];
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
