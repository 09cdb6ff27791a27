import { GremlinEdge, GremlinNode } from '../objects/skydiveNode';
import { TreeEdge, TreeGraph } from './readTree';

/** An object with what hangs on it. */
export interface ObjectTree {
  node: GremlinNode;
  /** The edge from the object above; absent at a root. */
  edge?: GremlinEdge;
  /** It stands elsewhere in the tree, with what hangs on it. */
  isRepeated: boolean;
  children: ObjectTree[];
}

/**
 * Trees of a graph: what an object and its owners both refer to stands at the owner; what one reaches over owners stands
 * there and not beside them. Cycles end, and each object is unfolded once.
 */
export function objectTrees(
  graph: TreeGraph,
  roots: readonly string[],
): ObjectTree[] {
  const unfolded = new Set<string>(roots);
  const trees = roots.map(root => treeOf(graph, root));
  // Breadth first, so that each object is unfolded where it is nearest to a root.
  let level: { tree: ObjectTree; above: ReadonlySet<string> }[] = trees.map(
    tree => ({ tree, above: new Set([tree.node.ID]) }),
  );
  while (level.length > 0) {
    const next: typeof level = [];
    for (const { tree, above } of level) {
      const edges = shownEdges(graph, tree.node.ID, above);
      const listed = new Set([...above, ...edges.map(({ to }) => to)]);
      for (const { to, edge } of edges) {
        const child = { ...treeOf(graph, to), edge };
        tree.children.push(child);
        if (unfolded.has(to)) {
          child.isRepeated = (graph.edges.get(to) ?? []).length > 0;
        } else {
          unfolded.add(to);
          next.push({ tree: child, above: listed });
        }
      }
    }
    level = next;
  }
  return trees;
}

function treeOf(graph: TreeGraph, id: string): ObjectTree {
  const node = graph.nodes.get(id);
  if (!node) {
    throw new Error(`${id} is no node of this graph`);
  }
  return { node, isRepeated: false, children: [] };
}

function shownEdges(
  graph: TreeGraph,
  id: string,
  above: ReadonlySet<string>,
): TreeEdge[] {
  const edges = (graph.edges.get(id) ?? []).filter(
    ({ to }) => graph.nodes.has(to) && !above.has(to),
  );
  const deeper = new Set(edges.flatMap(({ to }) => madeBy(graph, to)));
  return edges
    .filter(({ to, isControl }) => isControl || !deeper.has(to))
    .sort((one, other) => Number(other.isControl) - Number(one.isControl));
}

/** What is reached from an object over owners alone. */
function madeBy(graph: TreeGraph, id: string): string[] {
  const found = new Set<string>();
  const visit = (from: string) => {
    for (const { to, isControl } of graph.edges.get(from) ?? []) {
      if (isControl && to !== id && !found.has(to)) {
        found.add(to);
        visit(to);
      }
    }
  };
  visit(id);
  return [...found];
}

/** The objects of a namespace that nothing else in it refers to; of a circle its first one. */
export function topmost(
  graph: TreeGraph,
  candidates: readonly string[],
): string[] {
  const among = new Set(candidates);
  const referred = new Set(
    [...graph.edges]
      .filter(([from]) => among.has(from))
      .flatMap(([, edges]) => edges.map(({ to }) => to)),
  );
  const roots = candidates.filter(id => !referred.has(id));
  const reached = new Set<string>();
  const reach = (id: string) => {
    const waiting = [id];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (!reached.has(next)) {
        reached.add(next);
        waiting.push(...(graph.edges.get(next) ?? []).map(({ to }) => to));
      }
    }
  };
  roots.forEach(reach);
  for (const id of candidates) {
    if (!reached.has(id)) {
      roots.push(id);
      reach(id);
    }
  }
  return roots;
}
