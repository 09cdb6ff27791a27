import {
  EdgeRow,
  EventRow,
  GraphDelta,
  KindState,
  NodeId,
  NodeRow,
  VerdictRow,
} from './graph/delta';
import { kindText } from './kinds/identity';

type EdgeEnds = Pick<EdgeRow, 'source' | 'relation' | 'target'>;
type EventId = Pick<EventRow, 'about' | 'reason' | 'source'>;

/**
 * Deltas of one cluster merged into one, to be written as one transaction: what a later one overwrites or removes is
 * written once or not at all. Relies on the graph never using a removed node's id again.
 */
export class DeltaBatch {
  readonly #cluster: string;
  readonly #nodes = new Map<NodeId, NodeRow>();
  readonly #verdicts = new Map<NodeId, VerdictRow>();
  readonly #removedNodes = new Set<NodeId>();
  readonly #edges = new Map<string, EdgeRow>();
  readonly #removedEdges = new Map<string, EdgeEnds>();
  readonly #events = new Map<string, EventRow>();
  readonly #removedEvents = new Map<string, EventId>();
  readonly #kindStates = new Map<string, KindState>();
  #clusterState: GraphDelta['clusterState'];
  #at = 0;

  constructor(cluster: string) {
    this.#cluster = cluster;
  }

  /** Rows to write, about. */
  get size(): number {
    return (
      this.#nodes.size +
      this.#verdicts.size +
      this.#removedNodes.size +
      this.#edges.size +
      this.#removedEdges.size +
      this.#events.size +
      this.#removedEvents.size +
      this.#kindStates.size +
      (this.#clusterState ? 1 : 0)
    );
  }

  add(delta: GraphDelta): void {
    this.#at = Math.max(this.#at, delta.at);
    for (const row of delta.nodes) {
      this.#nodes.set(row.id, row);
      this.#verdicts.delete(row.id);
    }
    for (const row of delta.verdicts ?? []) {
      this.#setVerdict(row);
    }
    for (const id of delta.removedNodes) {
      this.#nodes.delete(id);
      this.#verdicts.delete(id);
      this.#removedNodes.add(id);
    }
    for (const edge of delta.edges) {
      const key = edgeKey(edge);
      this.#edges.set(key, edge);
      this.#removedEdges.delete(key);
    }
    for (const edge of delta.removedEdges) {
      const key = edgeKey(edge);
      this.#edges.delete(key);
      this.#removedEdges.set(key, edge);
    }
    for (const event of delta.events) {
      const key = eventKey(event);
      this.#events.set(key, event);
      this.#removedEvents.delete(key);
    }
    for (const event of delta.removedEvents) {
      const key = eventKey(event);
      this.#events.delete(key);
      this.#removedEvents.set(key, event);
    }
    for (const state of delta.kindStates) {
      this.#kindStates.set(kindText(state.kind), state);
    }
    this.#clusterState = delta.clusterState ?? this.#clusterState;
  }

  delta(): GraphDelta {
    const stands = ({ source, target }: EdgeEnds) =>
      !this.#removedNodes.has(source) && !this.#removedNodes.has(target);
    return {
      cluster: this.#cluster,
      at: this.#at,
      nodes: [...this.#nodes.values()],
      verdicts: [...this.#verdicts.values()],
      removedNodes: [...this.#removedNodes],
      edges: [...this.#edges.values()].filter(stands),
      removedEdges: [...this.#removedEdges.values()].filter(stands),
      events: [...this.#events.values()],
      removedEvents: [...this.#removedEvents.values()],
      kindStates: [...this.#kindStates.values()],
      clusterState: this.#clusterState,
    };
  }

  #setVerdict(row: VerdictRow): void {
    const node = this.#nodes.get(row.id);
    if (node) {
      const { verdict, hash } = row;
      this.#nodes.set(row.id, { ...node, verdict, hash });
    } else {
      this.#verdicts.set(row.id, row);
    }
  }
}

function edgeKey({ source, relation, target }: EdgeEnds): string {
  return `${source} ${target} ${relation}`;
}

function eventKey({ about, reason, source }: EventId): string {
  return JSON.stringify([about, reason, source]);
}
