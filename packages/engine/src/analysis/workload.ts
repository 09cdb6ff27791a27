import { PROBLEM_LEVELS, StatusLevel } from '../kinds/status';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
} from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';

/** Children at these levels make their owner suffer; a pod that ends or starts as it should does not. */
const TROUBLED: ReadonlySet<StatusLevel> = new Set<StatusLevel>([
  ...PROBLEM_LEVELS,
  'unknown',
  'terminating',
]);

/**
 * A workload suffers from what it controls (R002–R013): the root is below. Never Deployment, ReplicaSet and pod as
 * three problems (`health.md` section 7). A ReplicaSet is looked through, whatever it says of itself: it only passes on
 * what its pods are.
 */
export const rollUp: Explainer = (workload, graph) => {
  const children = graph
    .dependencies(workload.key)
    .filter(({ edge }) => edge.relation.class === 'control')
    .filter(({ node }) => suffersWith(node));
  if (children.length === 0) {
    return undefined;
  }
  return children.map(
    ({ node, edge }): Finding => ({
      type: 'dependency',
      on: node.key,
      edge,
      confidence: 'proven',
      says: `${called(workload)}: ${
        workload.verdict.message ?? workload.verdict.reason
      }.`,
      evidence: workload.verdict.evidence,
    }),
  );
};

function suffersWith(child: Dependency['node']): boolean {
  return isKind(child, 'ReplicaSet')
    ? child.verdict.level !== 'history'
    : TROUBLED.has(child.verdict.level);
}

/** A StatefulSet whose headless Service does not exist: its pods run, without DNS names (H055, R006). */
export const headlessServiceMissing: Explainer = (set, graph) => {
  const missing =
    set.verdict.reason === 'HeadlessServiceMissing'
      ? graph
          .dependencies(set.key)
          .find(
            ({ node }) =>
              isKind(node, 'Service') && node.verdict.level === 'missing',
          )
      : undefined;
  return (
    missing && [
      {
        type: 'dependency',
        on: missing.node.key,
        edge: missing.edge,
        confidence: 'proven',
        says: `${called(set)}: ${set.verdict.message}.`,
        evidence: set.verdict.evidence,
      },
    ]
  );
};

/**
 * A workload without a ready pod whose new pods start as they should, after an eviction or a deletion: out of service,
 * with nothing broken below (`rca-scenarios.md` section 0, "Rollout memory").
 */
export const podsStarting: Explainer = (workload, graph) => {
  const pods = graph
    .dependencies(workload.key)
    .filter(
      ({ node, edge }) =>
        edge.relation.class === 'control' && isKind(node, 'Pod'),
    );
  const starting = pods.find(({ node }) => isStarting(node));
  if (
    !starting ||
    !pods.every(({ node }) => isStarting(node) || isLeaving(node, graph))
  ) {
    return undefined;
  }
  const { node, edge } = starting;
  const { evidence, reason, message, since } = node.verdict;
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `${called(workload)} has no other pod that is ready.`,
      evidence: workload.verdict.evidence,
      rootEdge: edge,
      root: {
        node,
        fault: 'PodStarting',
        predicate: 'is still starting',
        nextStep: `Wait: it has just been created. If it takes longer than a start may take, it is a problem of its own. Watch: kubectl get pod ${
          node.name
        }${namespaceFlag(node)} --watch`,
        evidence:
          evidence.length > 0
            ? evidence
            : [{ source: 'field', field: 'status', value: message ?? reason }],
        since,
      },
    },
  ];
};

/** Placed and within the time that a start may take (H014, H025): a pod that waits for a node is something else. */
function isStarting({ verdict }: CausalGraphNode): boolean {
  return (
    verdict.level === 'progressing' &&
    (verdict.rule === 'H014' || verdict.rule === 'H025')
  );
}

/** Ends as asked (H031), and not because its node is lost. */
function isLeaving(pod: CausalGraphNode, graph: CausalGraph): boolean {
  return (
    pod.verdict.rule === 'H031' &&
    !graph
      .dependencies(pod.key)
      .some(
        ({ node }) => isKind(node, 'Node') && TROUBLED.has(node.verdict.level),
      )
  );
}

/** A workload in trouble whose pods show none: they may be too few, starting, or not visible to the asker. */
export const workloadAlone: Explainer = workload => {
  const { level, reason, message } = workload.verdict;
  return PROBLEM_LEVELS.has(level)
    ? [{ type: 'silent', because: nothingBelow(workload, message ?? reason) }]
    : undefined;
};

function nothingBelow(workload: CausalGraphNode, words: string): string {
  return `${called(workload)}: "${words}", and none of its pods shows a fault.`;
}
