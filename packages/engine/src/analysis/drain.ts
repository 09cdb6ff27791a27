import { POD_DISRUPTION_BUDGET } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { Explainer, Finding, called } from './finding';

/** A drain of a node with a few pods is over by then. */
const DRAINED_WITHIN = 10 * 60_000;
/** The walk loads so many that are alike; with more the node is hardly being drained. */
const FEW = 20;

/**
 * A node that was cordoned long ago, on which nothing is left but what a drain leaves alone and pods that budgets
 * protect (S109): a drain waits there. A node that only takes no new pods has others left.
 */
export const drainBlocked: Explainer = (node, graph) => {
  const { reason, since, evidence } = node.verdict;
  if (
    reason !== 'Cordoned' ||
    since === undefined ||
    since + DRAINED_WITHIN > graph.now
  ) {
    return undefined;
  }
  const left = graph
    .dependents(node.key)
    .filter(({ edge }) => edge.relation.name === 'node-pod')
    .map(({ node: pod }) => pod)
    .filter(pod => isEvicted(pod, graph));
  const budgets = left.map(pod => zeroBudget(pod, graph));
  if (
    left.length === 0 ||
    left.length >= FEW ||
    !budgets.every(budget => budget !== undefined)
  ) {
    return undefined;
  }
  const distinct = new Map(budgets.map(budget => [budget!.key, budget!]));
  return [...distinct.values()].map((budget): Finding => {
    const pods = left.filter((_, nth) => budgets[nth]!.key === budget.key);
    const { MinAvailable, MaxUnavailable, CurrentHealthy, ExpectedPods } =
      budget.properties;
    const rule =
      MinAvailable !== undefined
        ? `minAvailable ${MinAvailable}`
        : `maxUnavailable ${MaxUnavailable}`;
    const proof = [
      {
        source: 'field' as const,
        field: 'status.disruptionsAllowed',
        value: '0',
      },
      {
        source: 'field' as const,
        field: 'spec',
        value: `${rule}, ${CurrentHealthy} of ${ExpectedPods} pods healthy`,
      },
      {
        source: 'structure' as const,
        field: `pods left on ${node.name}`,
        value: pods.map(({ name }) => name).join(', '),
      },
    ];
    return {
      type: 'root',
      confidence: 'likely',
      says: `${called(
        node,
      )} takes no new pods, and only protected ones are left on it.`,
      evidence,
      root: {
        node: budget,
        fault: 'DrainBlocked',
        predicate: `allows 0 disruptions because of ${rule} of ${ExpectedPods} pods, so a drain of ${node.name} waits`,
        nextStep: `Add a replica, or let one go: kubectl edit poddisruptionbudget ${budget.name} -n ${budget.namespace} (minAvailable below the number of replicas)`,
        evidence: proof,
        since,
      },
    };
  });
};

/** What a drain puts out: no daemons, no static pods, nothing that has ended. */
function isEvicted(pod: CausalGraphNode, graph: CausalGraph): boolean {
  const { Annotations, Phase } = pod.properties;
  const isStatic = Boolean(
    (Annotations as Record<string, unknown> | undefined)?.[
      'kubernetes.io/config.mirror'
    ],
  );
  return (
    !isStatic &&
    Phase !== 'Succeeded' &&
    Phase !== 'Failed' &&
    !graph.controllers(pod.key).some(({ node }) => isKind(node, 'DaemonSet'))
  );
}

/** The budget that allows no eviction of the pod though all of its pods are well: by its own rule. */
function zeroBudget(
  pod: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  return graph
    .inventory({
      cluster: pod.cluster,
      kind: POD_DISRUPTION_BUDGET,
      linkedTo: { relation: 'poddisruptionbudget-pod', key: pod.key },
    })
    ?.nodes.find(
      ({ properties }) =>
        properties.DisruptionsAllowed === 0 &&
        properties.CurrentHealthy === properties.ExpectedPods,
    );
}
