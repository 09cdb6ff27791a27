import {
  EntityTopology,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';

export interface MissingKeysGap {
  /** `out`: the asked object needs the keys of `node`; `in`: `node` needs its. */
  direction: 'out' | 'in';
  keys: string[];
  node: TopologyNode;
}

/** Where keys are missing at one end of an object's references, one entry for each object at the other end. */
export function missingKeysAt(
  key: string,
  { nodes, edges }: Pick<EntityTopology, 'nodes' | 'edges'>,
): MissingKeysGap[] {
  const byKey = new Map(nodes.map(node => [node.key, node]));
  const gaps = new Map<string, MissingKeysGap>();
  for (const { source, target, missingKeys } of edges) {
    if (!missingKeys || (source !== key && target !== key)) continue;
    const direction = source === key ? 'out' : 'in';
    const node = byKey.get(direction === 'out' ? target : source);
    if (!node) continue;
    const id = `${direction} ${node.key}`;
    const known = gaps.get(id)?.keys ?? [];
    const keys = [...new Set([...known, ...missingKeys])].sort();
    gaps.set(id, { direction, keys, node });
  }
  return [...gaps.values()];
}
