import { NODE } from '../kinds/kindIds';
import { PROBLEM_LEVELS } from '../kinds/status';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
} from './causalGraph';
import { Explainer, Finding, called } from './finding';
import {
  isNodeFailureTaint,
  parseSchedulerMessage,
  taintOf,
} from './schedulerMessage';
import { symptomsOf, textsOf } from './symptom';
import { withTaintsNamed } from './taints';

/** Rules of `health.md` that say that a node does not run pods: not ready, unreachable, no network, out of service. */
const LOST_RULES: ReadonlySet<string> = new Set([
  'H115',
  'H116',
  'H119',
  'H124',
]);

/** Reasons by which a pod shows that its node, and not itself, is at fault. */
const LOSS_REASONS: ReadonlySet<string> = new Set([
  'NodeLost',
  'NodeNotReady',
  'NetworkNotReady',
  'SandboxFailed',
  'Disrupted',
  'StuckTerminating',
  'Terminating',
]);

export function isLost(node: CausalGraphNode): boolean {
  return (
    isKind(node, 'Node') &&
    PROBLEM_LEVELS.has(node.verdict.level) &&
    (node.verdict.level === 'missing' ||
      LOST_RULES.has(node.verdict.rule ?? '') ||
      /NotReady|Unreachable|NodeStatusUnknown/.test(node.verdict.reason))
  );
}

/**
 * A pod that is lost with its node (S102, S103): only while the node is not ready or unreachable, and only when the
 * pod shows what the node controller does to it. A container that crashed before goes on being its own fault.
 */
export const lostWithNode: Explainer = (pod, graph) => {
  const node = nodeOf(pod, graph);
  if (node?.node.verdict.level === 'unknown' && pod.verdict.rule === 'H007') {
    return [unseenNode(pod, node)];
  }
  if (!node || !isLost(node.node) || !showsLoss(pod)) {
    return undefined;
  }
  return [
    {
      type: 'dependency',
      on: node.node.key,
      edge: node.edge,
      confidence: 'proven',
      says: `${called(pod)} is on ${called(node.node)}: ${
        pod.verdict.message ?? pod.verdict.reason
      }.`,
      evidence: pod.verdict.evidence,
    },
  ];
};

/** A dump without nodes: what the node controller did to the pod is proof enough. */
function unseenNode(pod: CausalGraphNode, { node, edge }: Dependency): Finding {
  const { evidence, since } = pod.verdict;
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(pod)} is on ${called(node)}: ${
      pod.verdict.message ?? pod.verdict.reason
    }.`,
    evidence,
    rootEdge: edge,
    root: {
      node,
      fault: 'NodeUnreachable',
      predicate:
        'is unreachable: the node controller has marked the pods on it',
      nextStep: `See what the node says: kubectl describe node ${node.name}`,
      evidence,
      since,
    },
  };
}

function nodeOf(
  pod: CausalGraphNode,
  graph: CausalGraph,
): Dependency | undefined {
  return graph.dependencies(pod.key).find(({ node }) => isKind(node, 'Node'));
}

function showsLoss(pod: CausalGraphNode): boolean {
  return (
    LOSS_REASONS.has(pod.verdict.reason) ||
    pod.verdict.rule === 'H007' ||
    [pod.verdict.message ?? '', ...pod.verdict.evidence.map(e => e.value)].some(
      text => /DeletionByTaintManager|NoExecute taint/.test(text),
    )
  );
}

/**
 * A pod that cannot be placed because a node is lost: the scheduler's message names the node controller's taint, and
 * the lost node would take the pod if it were well. That is proven when the taint is all that stands against it, or
 * when a pod from the same template ran there.
 */
export const noRoomWithoutNode: Explainer = (pod, graph) => {
  const message = symptomsOf(pod, graph)
    .flatMap(textsOf)
    .find(text => text.includes('nodes are available'));
  if (!message) {
    return undefined;
  }
  const reasons = withTaintsNamed(
    parseSchedulerMessage(message).reasons,
    pod,
    graph,
  );
  const failed = reasons.filter(reason => isNodeFailureTaint(taintOf(reason)));
  if (failed.length === 0) {
    return undefined;
  }
  const former = siblingNodes(pod, graph);
  const onlyTaint = failed.length === reasons.length;
  const lost =
    former.length > 0 || !onlyTaint ? former : lostNodes(pod.cluster, graph);
  if (lost.length === 0) {
    return [{ type: 'silent', because: `The scheduler says: "${message}"` }];
  }
  return lost.map(
    (node): Finding => ({
      type: 'dependency',
      on: node.key,
      confidence: 'proven',
      says: `${called(pod)} cannot be placed: ${called(node)} is lost${
        former.length > 0 ? ', where a pod of the same template ran' : ''
      }.`,
      evidence: pod.verdict.evidence,
      quote: { who: 'the scheduler', text: message },
    }),
  );
};

/** The lost nodes on which pods of the same controller are. */
function siblingNodes(
  pod: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode[] {
  const siblings = graph
    .controllers(pod.key)
    // Reached, so that the controller's other pods are loaded, too.
    .filter(({ node }) => graph.reach(node.key))
    .flatMap(({ node }) => graph.dependencies(node.key))
    .filter(({ node }) => isKind(node, 'Pod') && node.key !== pod.key);
  const nodes = siblings.flatMap(({ node }) => nodeOf(node, graph)?.node ?? []);
  return [...new Map(nodes.filter(isLost).map(node => [node.key, node]))].map(
    ([, node]) => node,
  );
}

function lostNodes(cluster: string, graph: CausalGraph): CausalGraphNode[] {
  const nodes = graph.inventory({ cluster, kind: NODE, troubled: true });
  return (nodes?.nodes ?? [])
    .filter(isLost)
    .flatMap(node => graph.reach(node.key) ?? []);
}

/** A node that is lost or under pressure: nothing that the API shows lies deeper. */
export const nodeItself: Explainer = node => {
  if (!PROBLEM_LEVELS.has(node.verdict.level)) {
    return undefined;
  }
  const { reason, message, since, evidence } = node.verdict;
  const unreachable = /Unreachable|NodeStatusUnknown/.test(
    [reason, ...evidence.map(({ value }) => value)].join(' '),
  );
  const lost = isLost(node);
  const state = unreachable
    ? 'is unreachable: its kubelet no longer reports'
    : `is ${lost ? 'not ready' : node.verdict.level}`;
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `${called(node)} ${state}.`,
      evidence,
      root: {
        node,
        fault: faultOf(reason, unreachable, lost),
        predicate: unreachable ? state : `${state} (${reason})`,
        nextStep: unreachable
          ? `Check that the machine runs and reaches the API server: kubectl describe node ${node.name}. If it will not come back: kubectl delete node ${node.name}`
          : `See what the kubelet reports: kubectl describe node ${node.name}`,
        evidence,
        quote: message ? { who: 'the node', text: message } : undefined,
        since,
      },
    },
  ];
};

function faultOf(reason: string, unreachable: boolean, lost: boolean): string {
  if (unreachable) {
    return 'NodeUnreachable';
  }
  return lost ? 'NodeNotReady' : reason;
}
