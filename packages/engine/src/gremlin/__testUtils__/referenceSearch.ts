import { Direction, Step } from '../query';
import { Edge, Graph, inOrder, Node } from './referenceGraph';
import { holds } from './referenceValues';

export function touches(edge: Edge, id: number, direction: Direction): boolean {
  return (
    (direction !== 'in' && edge.source === id) ||
    (direction !== 'out' && edge.target === id)
  );
}

/** The start and all that is reached from it within the depth. */
export function closure(
  graph: Graph,
  start: Node[],
  step: Extract<Step, { step: 'closure' }>,
): Node[] {
  const seen = new Map(start.map(node => [node.id, node]));
  let frontier = [...seen.values()];
  const depth = step.depth === 'unlimited' ? Infinity : step.depth;
  for (let level = 0; level < depth && frontier.length > 0; level++) {
    const next: Node[] = [];
    for (const node of frontier) {
      for (const edge of graph.edges) {
        if (
          touches(edge, node.id, step.direction) &&
          step.edges.some(each => holds(edge.shown, each.field, each.test))
        ) {
          for (const id of [edge.source, edge.target]) {
            const isOther =
              id !== node.id &&
              (step.direction === 'both' ||
                (step.direction === 'out') === (id === edge.target));
            if (isOther && !seen.has(id)) {
              const other = graph.nodes.find(each => each.id === id)!;
              seen.set(id, other);
              next.push(other);
            }
          }
        }
      }
    }
    frontier = next;
  }
  return inOrder([...seen.values()]);
}

/** Of the shortest ways to a target the one over the smallest ids, seen from the source. */
export function shortestWay(
  graph: Graph,
  source: Node,
  step: Extract<Step, { step: 'shortestPath' }>,
): Node[] | undefined {
  const isTarget = (node: Node) =>
    step.target.every(each => holds(node.shown, each.field, each.test));
  const neighbours = (node: Node) =>
    inOrder(
      graph.edges
        .filter(
          edge =>
            (edge.source === node.id || edge.target === node.id) &&
            step.edges.every(each => holds(edge.shown, each.field, each.test)),
        )
        .map(
          edge =>
            graph.nodes.find(
              ({ id }) =>
                id === (edge.source === node.id ? edge.target : edge.source),
            )!,
        ),
    );
  const inside = graph.nodes.some(({ id }) => id === source.id);
  // All ways of one length, in the order of their ids: the first that ends at a target is it.
  let ways = inside || isTarget(source) ? [[source]] : [];
  const seen = new Set([source.id]);
  while (ways.length > 0) {
    const arrived = ways.find(way => isTarget(way.at(-1)!));
    if (arrived) {
      return arrived;
    }
    const next = ways.flatMap(way =>
      neighbours(way.at(-1)!)
        .filter(({ id }) => !seen.has(id))
        .map(node => [...way, node]),
    );
    next.forEach(way => seen.add(way.at(-1)!.id));
    ways = next;
  }
  return undefined;
}
