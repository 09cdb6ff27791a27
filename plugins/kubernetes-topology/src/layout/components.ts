import { LayoutEdge, LayoutNode } from './types';

/** The parts of a graph that hang together, largest first; within one, nodes keep their order. */
export function connectedComponents(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
): LayoutNode[][] {
  const leader = new Map(nodes.map(node => [node.id, node.id]));
  const find = (id: string): string => {
    let current = id;
    while (leader.get(current) !== current) {
      const next = leader.get(current)!;
      leader.set(current, leader.get(next)!);
      current = next;
    }
    return current;
  };
  for (const edge of edges) {
    if (leader.has(edge.source) && leader.has(edge.target)) {
      leader.set(find(edge.source), find(edge.target));
    }
  }
  const components = new Map<string, LayoutNode[]>();
  for (const node of nodes) {
    const id = find(node.id);
    const members = components.get(id) ?? [];
    members.push(node);
    components.set(id, members);
  }
  return [...components.values()].sort((a, b) => b.length - a.length);
}
