import { POD, PRIORITY_CLASS } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { called } from './finding';
import { templateCarrier } from './templateCarrier';
import { PlacementExplainer, objectRoot } from './unplacedPod';

const BY = /Preempted by (?:a )?pod:? ?([0-9a-zA-Z-]+)/;

/**
 * A pod that has no place because its forerunner was put out for one of higher priority (S041): the forerunner, or an
 * event about it, says by whom. The workload of that pod is the root, and the class that gives it the priority is told.
 */
export const preempted: PlacementExplainer = (unplaced, graph) => {
  const { pod } = unplaced;
  const siblings = graph
    .controllers(pod.key)
    // Reached, so that the controller's other pods are loaded, too.
    .filter(({ node }) => graph.reach(node.key))
    .flatMap(({ node }) => graph.dependencies(node.key))
    .map(({ node }) => node)
    .filter(node => isKind(node, 'Pod') && node.key !== pod.key);
  const uid = siblings
    .filter(isPutOut)
    .flatMap(one => graph.events(one.key))
    .flatMap(({ reason, message }) =>
      reason === 'Preempted' ? BY.exec(message)?.[1] ?? [] : [],
    )[0];
  const by = uid === undefined ? undefined : podOf(uid, pod, graph);
  if (!by) {
    return undefined;
  }
  const carrier = templateCarrier(by, graph, 'may be well').node;
  const priority = classOf(by, graph);
  return [
    objectRoot(unplaced, carrier, {
      fault: 'Preempted',
      predicate: `put out pods of lower priority: ${called(by)}${
        priority ? ` (PriorityClass ${priority.name}, ${priority.value})` : ''
      } took the place of a pod in ${pod.namespace}`,
      nextStep: `Add room for both, or lower the priority of ${called(
        carrier,
      )}${
        priority ? `: it has priorityClassName ${priority.name}` : ''
      }; kubectl get priorityclasses`,
      evidence: siblings.filter(isPutOut)[0].verdict.evidence,
    }),
  ];
};

/** It ends because the scheduler has put it out. */
function isPutOut({ verdict }: CausalGraphNode): boolean {
  return (
    [verdict.message ?? '', ...verdict.evidence.map(one => one.value)].some(
      text => /PreemptionByScheduler|preempting to accommodate/.test(text),
    ) || verdict.level === 'terminating'
  );
}

function podOf(
  uid: string,
  { cluster }: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const pods = graph.inventory({ cluster, kind: POD });
  const found = pods?.nodes.find(one => one.uid === uid);
  // Reached, so that its controllers are loaded, too.
  return found && graph.reach(found.key);
}

/** The class that gives its pods their priority, as the ReplicaSet's template names it. */
function classOf(
  pod: CausalGraphNode,
  graph: CausalGraph,
): { name: string; value: unknown } | undefined {
  const name = graph
    .controllers(pod.key)
    .map(({ node }) => Object(node.properties.Template).priorityClassName)
    .find((one): one is string => typeof one === 'string');
  const classes = graph.inventory({
    cluster: pod.cluster,
    kind: PRIORITY_CLASS,
  });
  const found = classes?.nodes.find(one => one.name === name);
  return name === undefined
    ? undefined
    : { name, value: found?.properties.Value ?? 'unknown' };
}
