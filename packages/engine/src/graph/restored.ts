import { Relation } from '../kinds/relation';
import { Changes } from './changes';
import { edgePrint, EdgeSet } from './edgeSet';
import { EventBook } from './eventBook';
import { parseRowHash } from './fingerprint';
import { Edge, GraphNode } from './graphNode';
import { NodeSet } from './nodeSet';
import { RestoredEdge, StoredCluster } from './storedCluster';

/**
 * What the database has from before a restart, until fresh lists have confirmed or refuted it. A node that was
 * listed has a uid; parts and ghosts have none and stand or fall with what points at them.
 */
export class Restored {
  readonly #nodes = new Set<GraphNode>();
  readonly #edges = new Map<Edge, RestoredEdge>();
  readonly #changes: Changes;

  constructor(
    stored: StoredCluster,
    graph: {
      nodes: NodeSet;
      edges: EdgeSet;
      events: EventBook;
      changes: Changes;
      relations: ReadonlyMap<string, Relation>;
    },
  ) {
    this.#changes = graph.changes;
    const byId = new Map<number, GraphNode>();
    for (const row of stored.nodes) {
      const { id, key, kind, namespace, name } = row;
      const node = graph.nodes.add(key, kind, namespace, name, 'restored', id);
      graph.nodes.setUid(node, row.uid);
      const hash = parseRowHash(row.hash);
      node.published = true;
      node.publishedContent = hash.content;
      node.publishedVerdict = hash.verdict;
      node.own = { level: row.level, reason: 'NotListedYet', evidence: [] };
      node.verdict = node.own;
      byId.set(id, node);
      this.#nodes.add(node);
    }
    for (const row of stored.edges) {
      const source = byId.get(row.source);
      const target = byId.get(row.target);
      const relation = graph.relations.get(row.relation);
      if (source && target && relation) {
        const edge = graph.edges.attach(new Edge(source, relation, target));
        edge.published = edgePrint(row);
        this.#edges.set(edge, row);
      } else {
        graph.changes.obsoleteEdges.push(row);
      }
    }
    for (const row of stored.events) {
      graph.events.restore(row);
    }
  }

  get isEmpty(): boolean {
    return this.#nodes.size === 0 && this.#edges.size === 0;
  }

  edges(): Iterable<RestoredEdge> {
    return this.#edges.values();
  }

  /** After each list: lets go of what is confirmed, and refutes what only refuted nodes held. */
  sweep(options: {
    /** Kinds that are not watched any more refute their nodes themselves. */
    isWatched(node: GraphNode): boolean;
    refute(node: GraphNode): void;
  }): void {
    for (const node of this.#nodes) {
      if (node.presence !== 'restored') {
        this.#nodes.delete(node);
      } else if (node.uid !== undefined && !options.isWatched(node)) {
        this.#nodes.delete(node);
        options.refute(node);
      }
    }
    for (const node of this.#nodes) {
      if (node.uid === undefined && !heldByRestored(node)) {
        this.#nodes.delete(node);
        options.refute(node);
      }
    }
    for (const edge of this.#edges.keys()) {
      const open =
        edge.source.presence === 'restored' ||
        edge.target.presence === 'restored';
      if (edge.live || edge.outAt < 0 || !open) {
        this.#edges.delete(edge);
        this.#changes.edges.add(edge);
      }
    }
  }
}

function heldByRestored(node: GraphNode): boolean {
  const holds = (other: GraphNode) =>
    other.presence === 'restored' && other.uid !== undefined;
  return (
    node.in.some(edge => holds(edge.source)) ||
    node.out.some(edge => holds(edge.target))
  );
}
