import { Edge, GraphNode } from './graphNode';
import { Link } from './link';

type EdgeContent = Pick<Link, 'required' | 'details'>;

/**
 * What an edge shows, with the keys that it asks for and that the object at its end does not have (R019, R023). Names of
 * keys are a fact of that object (`keys`); where it has none, nothing is claimed.
 */
export function contentInContext(edge: Edge): EdgeContent {
  const content = edge.content();
  const asked = content.details?.keys;
  const present = edge.target.facts.keys;
  if (!Array.isArray(asked) || !Array.isArray(present)) {
    return content;
  }
  const missingKeys = asked.filter(key => !present.includes(key));
  return missingKeys.length > 0
    ? { ...content, details: { ...content.details, missingKeys } }
    : content;
}

/** The edges that show something else when the keys of the object do. */
export function* edgesAskingForKeys(node: GraphNode): Iterable<Edge> {
  for (const edge of node.in) {
    if (edge.live && edge.content().details?.keys) {
      yield edge;
    }
  }
}
