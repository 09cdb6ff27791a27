import { Neighbour } from '@kubernetes-topology/engine';
import { NeighbourGroup } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyNode } from './topologyNode';

/** Neighbours by relation and direction, in the order in which they come. */
export function neighbourGroups(found: {
  neighbours: readonly Neighbour[];
  more: Readonly<Record<string, number>>;
}): NeighbourGroup[] {
  const groups = new Map<string, NeighbourGroup>();
  for (const { relation, direction, node } of found.neighbours) {
    const id = `${relation.name}/${direction}`;
    let group = groups.get(id);
    if (!group) {
      group = {
        relation: relation.name,
        class: relation.class,
        direction,
        nodes: [],
        more: found.more[id] ?? 0,
      };
      groups.set(id, group);
    }
    group.nodes.push(topologyNode(node));
  }
  return [...groups.values()];
}
