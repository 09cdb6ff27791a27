import { GremlinAnswer, GremlinEdge, GremlinNode } from '../gremlin/result';

export type LiveElement = GremlinNode | GremlinEdge;

/**
 * What a subscriber of a query hears. `revision` is where to go on from after a drop; each message may be applied more
 * than once with the same outcome.
 */
export type LiveMessage =
  /** The whole answer: at the start, and where changes cannot be told one by one. */
  | {
      type: 'answer';
      revision: number;
      value: GremlinAnswer['value'];
      cut?: string;
    }
  /** What came into an answer of nodes or edges, or a graph, what in it looks different, and the `ID`s of what left it. */
  | {
      type: 'changes';
      revision: number;
      added: LiveElement[];
      changed: LiveElement[];
      removed: string[];
    }
  /** The query cannot be answered any more; the subscription ends. */
  | { type: 'failed'; message: string };

export function isElement(value: unknown): value is LiveElement {
  return (
    typeof value === 'object' &&
    value !== null &&
    'ID' in value &&
    'Metadata' in value
  );
}

export function isGraph(
  value: unknown,
): value is { Nodes: GremlinNode[]; Edges: GremlinEdge[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'Nodes' in value &&
    'Edges' in value
  );
}
