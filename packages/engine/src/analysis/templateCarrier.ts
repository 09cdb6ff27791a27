import {
  CausalGraph,
  CausalGraphEdge,
  CausalGraphNode,
  Dependency,
  isKind,
} from './causalGraph';
import { Link, called } from './finding';

/** The object whose pod template a pod was made from, and the way down to the pod. */
export interface TemplateCarrier {
  node: CausalGraphNode;
  /** The first edge down; absent when the pod carries its template itself. */
  edge?: CausalGraphEdge;
  /** Between carrier and pod: a ReplicaSet. */
  above: Link[];
}

/** Controllers that have a pod template; an operator's resource may make pods from whatever it likes. */
const TEMPLATE_KINDS = [
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
];

/**
 * Whose mistake a fault in a pod's template is: the controller's, for a ReplicaSet its Deployment's, or the pod's own
 * when it has none. A pod of which siblings from the same template are well is its own: the template works elsewhere.
 */
export function templateCarrier(
  pod: CausalGraphNode,
  graph: CausalGraph,
): TemplateCarrier {
  const controller = controllerOf(pod, graph, TEMPLATE_KINDS);
  const controlled = controller && graph.controlled(controller.node.key);
  if (!controller || (controlled && controlled.ok > 0)) {
    return { node: pod, above: [] };
  }
  const top = controllerOf(controller.node, graph, ['Deployment']);
  if (!top) {
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

function controllerOf(
  node: CausalGraphNode,
  graph: CausalGraph,
  kinds: readonly string[],
): Dependency | undefined {
  return graph
    .controllers(node.key)
    .find(controller => isKind(controller.node, ...kinds));
}
