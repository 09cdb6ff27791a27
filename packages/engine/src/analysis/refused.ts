import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, Quote, Root } from './finding';
import { edgeBetween } from './namedObject';

/** Somebody whom the API server refuses something, in its words. */
export interface Refused {
  node: CausalGraphNode;
  /** What happens at the node, one sentence. */
  says: string;
  /** The API server's sentence. */
  text: string;
  /** Where the sentence stands: a condition's message, an event. */
  field: string;
  evidence: Evidence[];
}

/** The sentence as proof of an object that it names. */
export function words({ field, text }: Refused): {
  field: string;
  value: string;
} {
  return { field, value: text };
}

export function apiServerSays(text: string): Quote {
  return { who: 'the API server', text };
}

/** The refusal starts at this root; `undefined` stays so. */
export function rooted(
  refused: Refused,
  graph: CausalGraph,
  root: Root | undefined,
  confidence: 'proven' | 'likely' = 'proven',
): Finding | undefined {
  return (
    root && {
      type: 'root',
      confidence,
      says: refused.says,
      evidence: refused.evidence,
      quote: apiServerSays(refused.text),
      rootEdge: edgeBetween(graph, refused.node, root.node.key),
      root,
    }
  );
}

/** The node suffers from another one that can be explained in turn. */
export function suffersFrom(
  refused: Refused,
  graph: CausalGraph,
  on: CausalGraphNode,
  says: string = refused.says,
): Finding {
  return {
    type: 'dependency',
    on: on.key,
    edge: edgeBetween(graph, refused.node, on.key),
    confidence: 'proven',
    says,
    evidence: refused.evidence,
    quote: apiServerSays(refused.text),
  };
}
