import type {
  DocumentedEvidence,
  DocumentedIncident,
  ExplanationDocument,
} from '@kubernetes-topology/engine';
import {
  Evidence,
  Explanation,
  Incidents,
  RootCause,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { timeText } from '../openTopology';

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

/** All that a portal knows to be wrong, as one document. */
export function portalIncidents({
  incidents,
  unexplained,
  cut,
}: Incidents): ExplanationDocument {
  return {
    incidents: incidents.map(incident => {
      const { id, severity, affected, more } = incident;
      return {
        ...incidentOf(incident, id),
        severity,
        affected: affected.map(named),
        evidence: incident.evidence.map(documented),
        ...(more > 0 && { more }),
      };
    }),
    unexplained: unexplained.map(({ node, because }) => ({
      ...named(node),
      because,
    })),
    ...(cut && { cut }),
  };
}

function incidentOf(cause: RootCause, id: string): DocumentedIncident {
  const { root, fault, confidence, summary, nextStep, path, since } = cause;
  return {
    root: { ...named(root), reason: fault },
    confidence,
    summary,
    affected: [],
    path: path.map(({ node, says }) => ({ ...named(node), says })),
    evidence: path.flatMap(({ evidence }) => evidence).map(documented),
    nextStep,
    severity: 'critical',
    id,
    ...(since !== undefined && { since: timeText(since) }),
  };
}

function documented({ since, ...rest }: Evidence): DocumentedEvidence {
  return { ...rest, ...(since !== undefined && { since: timeText(since) }) };
}

function named({ kind, namespace, name }: TopologyNode) {
  return { kind, namespace, name };
}
