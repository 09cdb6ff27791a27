import { CausalGraph, CausalGraphEdge, CausalGraphNode } from './causalGraph';
import { Link, called } from './finding';

/** More levels of controllers are a cycle. */
const MOST_LEVELS = 6;

/** Whose spec an object was made from, and the way down to the object. */
export interface SpecOwner {
  node: CausalGraphNode;
  /** The first edge down; absent when the object stands for itself. */
  edge?: CausalGraphEdge;
  /** Between the owner and the object, owner's side first. */
  above: Link[];
}

/**
 * The outermost controller of an object: what stands in a ReplicaSet is its Deployment's, and what an operator made
 * stands in its custom resource (S027, S060).
 */
export function specOwner(
  object: CausalGraphNode,
  graph: CausalGraph,
): SpecOwner {
  const chain: { node: CausalGraphNode; edge: CausalGraphEdge }[] = [];
  let node = object;
  for (let level = 0; level < MOST_LEVELS; level++) {
    const controller = graph
      .controllers(node.key)
      .find(({ node: one }) => one.verdict.level !== 'missing');
    if (
      !controller ||
      chain.some(one => one.node.key === controller.node.key)
    ) {
      break;
    }
    chain.unshift(controller);
    node = controller.node;
  }
  const [top, ...between] = chain;
  return top
    ? {
        node: top.node,
        edge: top.edge,
        above: between.map(one => ({
          node: one.node,
          edge: one.edge,
          says: `${called(one.node)} is made from it.`,
          evidence: one.node.verdict.evidence,
        })),
      }
    : { node: object, above: [] };
}
