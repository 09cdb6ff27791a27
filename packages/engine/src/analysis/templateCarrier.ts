import { Evidence } from '../kinds/status';
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
 * Whose mistake a fault in a pod's template is: the controller's, for a ReplicaSet its Deployment's, for a Job its
 * CronJob's (a Job's own template cannot be changed), or the pod's own when it has none. A pod of which siblings from the same template are well is its own: the template works elsewhere.
 *
 * @param siblings `may be well`: the template's fault shows only where something else comes together with it: on some
 *   nodes (an image that is not for their architecture), or in surplus pods (a port that only one of them can have)
 */
export function templateCarrier(
  pod: CausalGraphNode,
  graph: CausalGraph,
  siblings: 'are alike' | 'may be well' = 'are alike',
): TemplateCarrier {
  const controller = controllerOf(pod, graph, TEMPLATE_KINDS);
  const controlled = controller && graph.controlled(controller.node.key);
  const isOwn =
    siblings === 'are alike' && controlled !== undefined && controlled.ok > 0;
  if (!controller || isOwn) {
    return { node: pod, above: [] };
  }
  const top = controllerOf(controller.node, graph, ['Deployment', 'CronJob']);
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

/** Pods of a StatefulSet that are not made before the ones before them are ready (S119). */
export function waitingInOrder({
  kind,
  properties,
}: CausalGraphNode): Evidence[] {
  const { Replicas, DesiredReplicas, PodManagementPolicy } = properties;
  const waiting = Number(DesiredReplicas ?? 0) - Number(Replicas ?? 0);
  return isKind({ kind }, 'StatefulSet') &&
    PodManagementPolicy !== 'Parallel' &&
    waiting > 0
    ? [
        {
          source: 'structure',
          field: 'status.replicas',
          value: `${Replicas} of ${DesiredReplicas} pods exist: ${waiting} more are made in order, once these are ready`,
        },
      ]
    : [];
}
