import { Clock } from './cluster/clock';
import { KindState } from './graph/delta';
import {
  EDGE_FIELDS,
  NODE_NUMBERS,
  PackedDelta,
  REMOVED_EDGE_FIELDS,
} from './graph/packedDelta';
import { KindId } from './kinds/identity';

/** Told what the engine does, in the main thread. It has to be quick and must not throw. */
export interface EngineObserver {
  /** This process reads the cluster from now on. */
  followed?(cluster: string): void;
  unfollowed?(cluster: string): void;
  /** A batch goes to the database. */
  writing?(cluster: string): void;
  wrote?(batch: WrittenBatch): void;
}

/** A batch that is committed. Numbers only: what objects hold is nobody's business here. */
export interface WrittenBatch {
  cluster: string;
  revision: number;
  /** Kinds of which nodes were written. */
  kinds: readonly KindId[];
  /** In the order in which they came about. */
  kindStates: readonly KindState[];
  nodes: { written: number; removed: number };
  edges: { written: number; removed: number };
  /** Of the transaction with all tries, in milliseconds. */
  took: number;
  /** From the API server's word for the oldest change in it to now, in milliseconds. */
  lag: number;
  /** As it was when the batch was handed over. */
  graph?: PackedDelta['graph'];
}

export function writtenBatch(
  delta: PackedDelta,
  context: { revision: number; startedAt: number; clock: Clock },
): WrittenBatch {
  const { revision, startedAt, clock } = context;
  const now = clock.now();
  const since = delta.graph?.since ?? delta.at;
  return {
    cluster: delta.cluster,
    revision,
    kinds: delta.kinds,
    kindStates: delta.kindStates,
    nodes: {
      written: delta.nodeNumbers.length / NODE_NUMBERS + delta.verdicts.length,
      removed: delta.removedNodes.length,
    },
    edges: {
      written: delta.edges.length / EDGE_FIELDS,
      removed: delta.removedEdges.length / REMOVED_EDGE_FIELDS,
    },
    took: Math.max(0, now - startedAt),
    lag: Math.max(0, now - since),
    graph: delta.graph,
  };
}
