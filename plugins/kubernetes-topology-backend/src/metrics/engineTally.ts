import {
  EngineObserver,
  KindId,
  kindText,
  WrittenBatch,
} from '@kubernetes-topology/engine';

/** What this process did with one kind of a cluster. */
export interface KindTally {
  readonly kind: KindId;
  objects: number;
  /** Lists after the first one: a watch could not go on. */
  relists: number;
  /** Lists that failed or are forbidden, by each change to such a state. */
  failures: number;
  /** Of the last batch with the kind, in milliseconds. */
  lag?: number;
  state?: WrittenBatch['kindStates'][number]['state'];
  wasListed: boolean;
}

/** What this process did with one cluster. */
export interface ClusterTally {
  /** Whether it has the cluster's lease. */
  isHeld: boolean;
  nodes: number;
  edges: number;
  revisions: number;
  /** The last one that it wrote. */
  revision?: number;
  readonly kinds: Map<string, KindTally>;
  queued: number;
  /** Batches on their way into the database. */
  writing: number;
  wroteAt: number;
}

/** So long after a batch what waited behind it was taken, unless another one is on its way. Milliseconds. */
const QUEUE_HOLDS = 5_000;

/** Counts what the engine of this process does; other replicas count theirs. */
export class EngineTally implements EngineObserver {
  readonly #clusters = new Map<string, ClusterTally>();
  readonly #listeners = new Set<(batch: WrittenBatch) => void>();

  get clusters(): ReadonlyMap<string, ClusterTally> {
    return this.#clusters;
  }

  onWrote(listener: (batch: WrittenBatch) => void): void {
    this.#listeners.add(listener);
  }

  followed(cluster: string): void {
    const tally = this.#cluster(cluster);
    tally.isHeld = true;
    // A worker that did not end well never said that its batch was written.
    tally.writing = 0;
  }

  /** Another replica counts its objects now. */
  unfollowed(cluster: string): void {
    const tally = this.#cluster(cluster);
    Object.assign(tally, { isHeld: false, nodes: 0, edges: 0, queued: 0 });
    for (const kind of tally.kinds.values()) {
      kind.objects = 0;
      kind.lag = undefined;
      kind.wasListed = false;
    }
  }

  writing(cluster: string): void {
    this.#cluster(cluster).writing++;
  }

  wrote(batch: WrittenBatch): void {
    const tally = this.#cluster(batch.cluster);
    tally.writing = Math.max(0, tally.writing - 1);
    tally.wroteAt = Date.now();
    tally.revisions++;
    tally.revision = batch.revision;
    if (batch.graph) {
      const { nodes, edges, queued } = batch.graph;
      Object.assign(tally, { nodes, edges, queued });
    }
    for (const kind of batch.kinds) {
      kindOf(tally, kind).lag = batch.lag;
    }
    for (const state of batch.kindStates) {
      count(kindOf(tally, state.kind), state);
    }
    this.#listeners.forEach(listener => listener(batch));
  }

  /** By `kindText`, of this process; milliseconds. */
  lags(cluster: string): Map<string, number> {
    const kinds = this.#clusters.get(cluster)?.kinds ?? new Map();
    return new Map(
      [...kinds].flatMap(([text, { lag }]) =>
        lag === undefined ? [] : [[text, lag]],
      ),
    );
  }

  /** Objects that wait to be taken into the graph. */
  queued(cluster: string, now: number): number {
    const tally = this.#clusters.get(cluster);
    const isKnown =
      tally && (tally.writing > 0 || now - tally.wroteAt < QUEUE_HOLDS);
    return isKnown ? tally.queued : 0;
  }

  #cluster(name: string): ClusterTally {
    let tally = this.#clusters.get(name);
    if (!tally) {
      tally = {
        isHeld: false,
        nodes: 0,
        edges: 0,
        revisions: 0,
        kinds: new Map(),
        queued: 0,
        writing: 0,
        wroteAt: 0,
      };
      this.#clusters.set(name, tally);
    }
    return tally;
  }
}

function kindOf(tally: ClusterTally, kind: KindId): KindTally {
  const text = kindText(kind);
  let found = tally.kinds.get(text);
  if (!found) {
    found = { kind, objects: 0, relists: 0, failures: 0, wasListed: false };
    tally.kinds.set(text, found);
  }
  return found;
}

function count(
  tally: KindTally,
  state: WrittenBatch['kindStates'][number],
): void {
  const isNew = tally.state !== state.state;
  tally.state = state.state;
  switch (state.state) {
    case 'listing':
      // A list that goes on says so again and again.
      if (isNew && tally.wasListed) {
        tally.relists++;
      }
      break;
    case 'listed':
      tally.objects = state.objects;
      tally.wasListed = true;
      break;
    case 'absent':
      tally.objects = 0;
      break;
    default:
      if (isNew) {
        tally.failures++;
      }
      if (state.state === 'forbidden') {
        tally.objects = 0;
      }
  }
}
