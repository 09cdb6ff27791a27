import type {
  DocumentedIncident,
  ExplanationDocument,
} from '@kubernetes-topology/engine';
import {
  Explanation,
  RootCause,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';

/** What a portal says of single objects, as one document: symptoms of one root and fault are one incident. */
export function portalExplanation(
  explanations: readonly Explanation[],
): ExplanationDocument {
  const incidents = new Map<string, DocumentedIncident>();
  const unexplained: ExplanationDocument['unexplained'] = [];
  for (const explanation of explanations) {
    const { victim } = explanation;
    if (explanation.answer === 'unexplained') {
      unexplained.push({ ...named(victim), because: explanation.because });
    }
    if (explanation.answer === 'cause') {
      for (const cause of explanation.causes) {
        const id = `${cause.root.key} ${cause.fault}`;
        const incident = incidents.get(id) ?? incidentOf(cause, id);
        incident.affected.push(named(victim));
        incidents.set(id, incident);
      }
    }
  }
  return { incidents: [...incidents.values()], unexplained };
}

function incidentOf(cause: RootCause, id: string): DocumentedIncident {
  const { root, fault, confidence, summary, nextStep, path, since } = cause;
  return {
    root: { ...named(root), reason: fault },
    confidence,
    summary,
    affected: [],
    path: path.map(({ node, says }) => ({ ...named(node), says })),
    evidence: path
      .flatMap(({ evidence }) => evidence)
      .map(({ since: at, ...rest }) => ({
        ...rest,
        ...(at !== undefined && { since: new Date(at).toISOString() }),
      })),
    nextStep,
    severity: 'critical',
    id,
    ...(since !== undefined && { since: new Date(since).toISOString() }),
  };
}

function named({ kind, namespace, name }: TopologyNode) {
  return { kind, namespace, name };
}
