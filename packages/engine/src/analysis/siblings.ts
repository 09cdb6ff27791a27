import { NODE, POD } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';

const HASH = 'pod-template-hash';

/**
 * The pod and the others of the same controller, those that are well included (which a neighbourhood leaves out), in so
 * far as they can be read at once; `undefined` while they are not loaded, or when nobody controls the pod.
 */
export function siblingsOf(
  pod: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode[] | undefined {
  const controller = graph.controllers(pod.key)[0]?.node;
  const pods =
    controller &&
    graph.inventory({
      cluster: pod.cluster,
      kind: POD,
      namespace: pod.namespace,
    });
  const prefix = `${controller?.name}-`;
  return pods?.nodes.filter(
    one =>
      one.name.startsWith(prefix) &&
      one.labels[HASH] === pod.labels[HASH] &&
      isKind(one, 'Pod'),
  );
}

/** All nodes of the cluster by name, `undefined` while they are not loaded. */
export function nodesOf(
  cluster: string,
  graph: CausalGraph,
): { nodes: CausalGraphNode[]; complete: boolean } | undefined {
  const found = graph.inventory({ cluster, kind: NODE });
  return (
    found && {
      nodes: found.nodes.filter(({ verdict }) => verdict.level !== 'missing'),
      complete: found.complete,
    }
  );
}

/** The node that a pod is on, also where it is well. */
export function nodeOfPod(
  pod: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const name = pod.properties.Node;
  return nodesOf(pod.cluster, graph)?.nodes.find(node => node.name === name);
}

/** `node-1`, `node-1 and node-2`, `node-1, node-2 and 3 more`. */
export function namesOf(names: readonly string[]): string {
  const [first, second] = names;
  if (names.length <= 2) {
    return names.join(' and ');
  }
  return names.length === 3
    ? `${first}, ${second} and ${names[2]}`
    : `${first}, ${second} and ${names.length - 2} more`;
}
