import { KindId, NodeKey, nodeKey } from '../kinds/identity';
import { StatusLevel } from '../kinds/status';
import { CausalGraph, CausalGraphEdge, CausalGraphNode } from './causalGraph';

/** An object that a message names. */
export interface NamedObject {
  cluster: string;
  kind: KindId;
  /** `''` for cluster-scoped kinds. */
  namespace: string;
  name: string;
}

/**
 * The object that Kubernetes' own words name. Where it is not at hand (a dump without its kind, an object that nobody
 * refers to) it stands for itself with these words as proof.
 *
 * @param level what the words say of it: `missing`, or `unknown` when they only name it
 * @param words the sentence, and where it stands
 */
export function objectNamed(
  graph: CausalGraph,
  named: NamedObject,
  level: Extract<StatusLevel, 'missing' | 'unknown'>,
  words: { field: string; value: string },
): CausalGraphNode {
  const key = nodeKey(named);
  return (
    graph.node(key) ??
    graph.reach(key) ?? {
      key,
      cluster: named.cluster,
      kind: named.kind,
      namespace: named.namespace,
      name: named.name,
      labels: {},
      properties: {},
      verdict: {
        level,
        reason: level === 'missing' ? 'NotFound' : 'NamedByMessage',
        evidence: [{ source: 'field', ...words }],
      },
    }
  );
}

/** Whether it is known to be there: named by a message that may be older than it. */
export function isThere({ verdict }: CausalGraphNode): boolean {
  return verdict.level !== 'missing' && verdict.level !== 'unknown';
}

/** The stored edge over which the node suffers from the other one, if there is one. */
export function edgeBetween(
  graph: CausalGraph,
  node: CausalGraphNode,
  other: NodeKey,
): CausalGraphEdge | undefined {
  return graph
    .dependencies(node.key)
    .find(dependency => dependency.node.key === other)?.edge;
}
