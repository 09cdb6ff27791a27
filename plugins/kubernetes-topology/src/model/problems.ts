import { EntityTopology } from '@kubernetes-topology/plugin-kubernetes-topology-common';

/**
 * The objects that something is wrong with: down, degraded, or missing where something needs them. What is missing
 * and only optional is a silent fallback, not a fault (`relationships.md` section 0).
 */
export function problemsOf(
  topology: Pick<EntityTopology, 'nodes' | 'edges'>,
): ReadonlySet<string> {
  const needed = new Set(
    topology.edges
      .filter(edge => edge.required && edge.class !== 'ownership')
      .flatMap(edge => [edge.source, edge.target]),
  );
  return new Set(
    topology.nodes
      .filter(
        ({ key, verdict: { level } }) =>
          level === 'down' ||
          level === 'degraded' ||
          (level === 'missing' && needed.has(key)),
      )
      .map(node => node.key),
  );
}
