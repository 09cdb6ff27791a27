import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode, isKind, isWell } from './causalGraph';

/** One thing that is wrong with a pod, by its own status or that of one of its containers. */
export interface Symptom {
  /** Kubernetes' reason: `CreateContainerConfigError`. */
  reason: string;
  message: string;
  evidence: Evidence[];
  since?: number;
  /** The container that shows it, where it is one's. */
  container?: CausalGraphNode;
}

/** The pod's symptoms: its containers' own, and what the pod says of itself. */
export function symptomsOf(
  pod: CausalGraphNode,
  graph: CausalGraph,
): Symptom[] {
  const containers = graph
    .dependencies(pod.key)
    .map(({ node }) => node)
    .filter(node => isKind(node, 'Container') && !isWell(node));
  return [symptomOf(pod), ...containers.map(node => symptomOf(node, node))];
}

function symptomOf(
  node: CausalGraphNode,
  container?: CausalGraphNode,
): Symptom {
  const { reason, message, evidence, since } = node.verdict;
  return { reason, message: message ?? '', evidence, since, container };
}

/** Everything that a symptom quotes: where names of missing objects stand. */
export function textsOf(symptom: Symptom): string[] {
  return [
    symptom.message,
    ...symptom.evidence.map(({ value }) => value),
  ].filter(text => text !== '');
}
