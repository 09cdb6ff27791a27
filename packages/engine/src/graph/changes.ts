import { NodeKey } from '../kinds/identity';
import { Json } from '../kinds/observation';
import { Verdict } from '../kinds/status';
import { ContentTexts } from './delta';
import { RestoredEdge } from './storedCluster';
import { Edge, GraphNode } from './graphNode';

/** What a row of `nodes` shows beyond identity and verdict; in memory only until the delta is built. */
export interface NodeContent {
  labels: Readonly<Record<string, string>>;
  properties: { [name: string]: Json };
  texts: ContentTexts;
}

/** What was touched since the last delta: everything else costs nothing. */
export class Changes {
  /** May have another row. */
  readonly nodes = new Set<GraphNode>();
  readonly edges = new Set<Edge>();
  /** Content that differs from what the database has. */
  readonly contents = new Map<GraphNode, NodeContent>();
  /** The JSON of verdicts that were hashed by it: it need not be made again to be written. */
  readonly verdictTexts = new Map<Verdict, string>();
  /** Their own verdict has to be found again. */
  readonly unjudged = new Set<GraphNode>();
  /** Events about these changed, and they are no nodes. */
  readonly unknownSubjects = new Set<NodeKey>();
  /** Neighbours' rules see them differently: own verdict, facts or presence changed. */
  readonly seenDifferently = new Set<GraphNode>();
  /** In the database, of a relation that this version does not know. */
  readonly obsoleteEdges: RestoredEdge[] = [];
  /**
   * Referred to, of kinds whose first list is still to come: neither they nor the edges to them are written before it
   * tells what they are.
   */
  readonly awaited = new Set<GraphNode>();
  /** Edges that came or went since the last judging. */
  readonly relinked = new Set<Edge>();

  /** What the node is can be told now. */
  release(node: GraphNode): void {
    this.awaited.delete(node);
    this.nodes.add(node);
    this.#addUnpublished(node.in);
    this.#addUnpublished(node.out);
  }

  #addUnpublished(edges: readonly Edge[]): void {
    for (const edge of edges) {
      if (edge.live && edge.published === 0) {
        this.edges.add(edge);
      }
    }
  }
}
