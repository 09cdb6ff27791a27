import { Explainer } from './finding';
import { nodesLetNothingIn } from './nodeSide';
import { PLACEMENT_RULES } from './placementRules';
import { preempted } from './preemption';
import { insufficientResources } from './resourceRequests';
import {
  SchedulerReason,
  parseSchedulerMessage,
  taintOf,
} from './schedulerMessage';
import { symptomsOf, textsOf } from './symptom';
import { withTaintsNamed } from './taints';
import { PlacementExplainer } from './unplacedPod';
import { volumeElsewhere } from './volumePlacement';

/** The most specific first. */
const FAMILIES: readonly PlacementExplainer[] = [
  volumeElsewhere,
  preempted,
  ...PLACEMENT_RULES,
  nodesLetNothingIn,
  insufficientResources,
];

/**
 * A pod that fits on no node (S029–S041): because of what its template asks for, of what the nodes do not let in, or of
 * where its volume is. Reasons that are of several such kinds decide nothing: the scheduler is quoted.
 */
export const unschedulable: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(
    ({ reason }) => reason === 'Unschedulable',
  );
  if (!symptom) {
    return undefined;
  }
  const message =
    textsOf(symptom).find(text => text.includes('nodes are available')) ??
    symptom.message;
  const reasons = withTaintsNamed(
    parseSchedulerMessage(message).reasons,
    pod,
    graph,
  ).filter(reason => !isForControlPlane(reason));
  for (const family of FAMILIES) {
    const findings = family({ pod, symptom, message, reasons }, graph);
    if (findings) {
      return findings;
    }
  }
  return [{ type: 'silent', because: `The scheduler says: "${message}"` }];
};

/** Nodes of the control plane take no pods: that is no fault of anybody's. */
function isForControlPlane(reason: SchedulerReason): boolean {
  return /^node-role\.kubernetes\.io\/(control-plane|master)$/.test(
    taintOf(reason) ?? '',
  );
}
