import { CausalGraph, CausalGraphEdge, CausalGraphNode } from './causalGraph';
import { Link, called } from './finding';

/** The object whose pod template a pod was made from, and the way down to the pod. */
export interface TemplateCarrier {
  node: CausalGraphNode;
  /** The first edge down; absent when the pod carries its template itself. */
  edge?: CausalGraphEdge;
  /** Between carrier and pod: a ReplicaSet. */
  above: Link[];
}

/**
 * Whose mistake a fault in a pod's template is: the workload at the top of its controllers, or the pod itself when it
 * has none. A pod of which siblings from the same template are well is its own: the template works elsewhere.
 */
export function templateCarrier(
  pod: CausalGraphNode,
  graph: CausalGraph,
): TemplateCarrier {
  const [controller] = graph.controllers(pod.key);
  const controlled = controller && graph.controlled(controller.node.key);
  if (!controller || (controlled && controlled.ok > 0)) {
    return { node: pod, above: [] };
  }
  const [top] = graph.controllers(controller.node.key);
  // A CronJob's template has made other Jobs that may have been well: the Job carries the copy that failed.
  if (!top || top.node.kind.kind === 'CronJob') {
    return { node: controller.node, edge: controller.edge, above: [] };
  }
  return {
    node: top.node,
    edge: top.edge,
    above: [
      {
        node: controller.node,
        edge: controller.edge,
        says: `${called(controller.node)} makes its pods from this template.`,
        evidence: controller.node.verdict.evidence,
      },
    ],
  };
}
