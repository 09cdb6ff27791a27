import {
  Incident as EngineIncident,
  IncidentRecord as EngineIncidentRecord,
  Incidents as EngineIncidents,
} from '@kubernetes-topology/engine';
import {
  Incident,
  IncidentRecord,
  Incidents,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { causalHop } from './explanation';
import { causalTopologyNode } from './topologyNode';

/** What is in trouble, as the REST API shows it; of a namespace what starts or is felt there, where one is given. */
export function incidents(
  found: EngineIncidents,
  { namespace, limit }: { namespace?: string; limit: number },
): Incidents {
  const isThere = (node: { namespace: string }) =>
    namespace === undefined || node.namespace === namespace;
  const there = found.incidents.filter(
    ({ root, affected }) => isThere(root) || affected.some(isThere),
  );
  const beyond = there.length - limit;
  const cut = [
    ...(found.cut ? [found.cut] : []),
    ...(beyond > 0 ? [`${beyond} more incidents are left out`] : []),
  ].join(' ');
  return {
    incidents: there.slice(0, limit).map(incident),
    unexplained: found.unexplained
      .filter(({ node }) => isThere(node))
      .map(({ node, because }) => ({
        node: causalTopologyNode(node),
        because,
      })),
    ...(cut !== '' && { cut }),
  };
}

/** Incidents from when they opened, as the REST API shows them. */
export function incidentRecord({
  incident: told,
  ...times
}: EngineIncidentRecord): IncidentRecord {
  return { ...times, incident: incident(told) };
}

function incident(found: EngineIncident): Incident {
  const { root, path, affected, rivals } = found;
  return {
    id: found.id,
    root: causalTopologyNode(root),
    fault: found.fault,
    severity: found.severity,
    confidence: found.confidence,
    since: found.since,
    summary: found.summary,
    nextStep: found.nextStep,
    path: path.map(causalHop),
    evidence: found.evidence,
    affected: affected.map(causalTopologyNode),
    more: found.more,
    rivals: rivals.map(rival => ({
      root: causalTopologyNode(rival.root),
      fault: rival.fault,
      speaksFor: rival.speaksFor,
      speaksAgainst: rival.speaksAgainst,
    })),
  };
}
