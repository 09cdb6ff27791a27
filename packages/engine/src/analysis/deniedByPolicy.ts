import { hasReadySibling, calledServices } from './calledService';
import { CallingSymptom, callingSymptom } from './callingPod';
import { CausalGraphNode, Dependency, isWell } from './causalGraph';
import { Explainer, RootFinding, called } from './finding';
import { deniedService } from './policyModel';
import { PolicyRoot, deniedDns, policyRoot } from './policyRoot';

/** A pod that had been ready until then does not fall with what came later; probes need some periods to fail. */
const SLACK = 60_000;
/**
 * A pod that is not ready, while policies keep it from a Service that it calls, or from name look-ups (S088–S090). No
 * status ever shows a policy: what they let through is computed, and that this is why the probe fails is likely only.
 */
export const deniedByPolicy: Explainer = (pod, graph) => {
  const calling = callingSymptom(pod, graph);
  if (!calling || hasReadySibling(pod, graph)) {
    return undefined;
  }
  const services = calledServices(pod, graph, calling).filter(({ node }) =>
    isWell(node),
  );
  for (const dependency of services) {
    const denial = deniedService(pod, dependency.node, graph);
    const root = denial && policyRoot(denial, dependency.node, graph);
    if (root && isInTime(root.root.node, calling)) {
      return [suffering(pod, calling, root, dependency)];
    }
  }
  const dns = deniedDns(pod, graph);
  return dns &&
    isInTime(dns.root.node, calling) &&
    (calling.speaksOfName ||
      services.length > 0 ||
      isRightAfter(dns.root.node, calling))
    ? [suffering(pod, calling, dns)]
    : undefined;
};

function suffering(
  pod: CausalGraphNode,
  { symptom, evidence, words }: CallingSymptom,
  { root, above }: PolicyRoot,
  dependency?: Dependency,
): RootFinding {
  return {
    type: 'root',
    confidence: 'likely',
    says: dependency
      ? `${called(pod)} calls ${called(dependency.node)} and cannot reach it (${
          symptom.reason
        }).`
      : `${called(pod)} cannot look up names (${symptom.reason}).`,
    evidence,
    quote: words ? { who: 'the kubelet', text: words } : undefined,
    above,
    root,
  };
}

/** When nothing tells since when it suffers, a policy that exists may always have been in the way. */
function isInTime(
  { createdAt }: CausalGraphNode,
  { since }: CallingSymptom,
): boolean {
  return (
    createdAt === undefined || since === undefined || createdAt <= since + SLACK
  );
}

function isRightAfter(
  { createdAt }: CausalGraphNode,
  { since }: CallingSymptom,
): boolean {
  return (
    createdAt !== undefined &&
    since !== undefined &&
    since >= createdAt - SLACK &&
    since <= createdAt + 10 * SLACK
  );
}
