import { CausalGraph, CausalGraphNode, Dependency } from './causalGraph';

/**
 * Who makes the object and says that it cannot: the ExternalSecret of a Secret, its Certificate (R173–R175).
 */
export function brokenMakers(
  node: CausalGraphNode,
  graph: CausalGraph,
): Dependency[] {
  return graph
    .dependencies(node.key)
    .filter(
      ({ node: { verdict }, edge }) =>
        edge.relation.class === 'config' &&
        edge.relation.suffers === 'target' &&
        !edge.relation.inferred &&
        (verdict.level === 'down' || verdict.level === 'degraded'),
    );
}

const NOT_READ: ReadonlySet<string> = new Set([
  'Forbidden',
  'KindAbsent',
  'ListFailing',
  'NotListedYet',
  'NotWatched',
  'OutOfScope',
]);

/** Whether nothing is known of the object but its name: its kind was not read. */
export function isUnread({ verdict }: CausalGraphNode): boolean {
  return verdict.level === 'unknown' && NOT_READ.has(verdict.reason);
}
