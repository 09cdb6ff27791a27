import { Evidence } from '../kinds/status';
import { IncidentSeverity, Incidents } from './incident';
import { CausalNode, RootCause } from './rootCause';

/** An object as documents name it; the namespace is `''` for cluster-scoped ones. */
export interface DocumentedObject {
  kind: string;
  namespace: string;
  name: string;
}

/** One object on the way from the root to what suffers. */
export interface DocumentedHop extends DocumentedObject {
  /** What happens there, one sentence. */
  says: string;
}

/** Kubernetes' own words. */
export interface DocumentedEvidence {
  source: Evidence['source'];
  /** A field path, or an event's reason. */
  field: string;
  value: string;
  /** RFC 3339. */
  since?: string;
}

export interface DocumentedIncident {
  root: DocumentedObject & {
    /** Kind of fault: `MissingSecret`. */
    reason: string;
  };
  confidence: RootCause['confidence'];
  summary: string;
  affected: DocumentedObject[];
  /** Root first. */
  path: DocumentedHop[];
  evidence: DocumentedEvidence[];
  nextStep: string;
  severity: IncidentSeverity;
  /** The same as long as root and fault are the same. */
  id: string;
  /** RFC 3339. */
  since?: string;
  /** Affected objects that are not named. */
  more?: number;
}

/** What `kube-topology explain -o json` writes; the most severe first. */
export interface ExplanationDocument {
  incidents: DocumentedIncident[];
  /** Down, and nothing that Kubernetes shows explains it. */
  unexplained: (DocumentedObject & { because: string })[];
  /** What a bound left out, in words. */
  cut?: string;
  /** Clusters that cannot be read at present, since when (RFC 3339), and why. */
  outdated?: { cluster: string; since: string; because: string }[];
}

export function explanationDocument({
  incidents,
  unexplained,
  cut,
  outdated,
}: Incidents): ExplanationDocument {
  return {
    incidents: incidents.map(
      ({ root, fault, affected, path, evidence, since, more, ...rest }) => ({
        root: { ...named(root), reason: fault },
        confidence: rest.confidence,
        summary: rest.summary,
        affected: affected.map(named),
        path: path.map(({ node, says }) => ({ ...named(node), says })),
        evidence: evidence.map(documented),
        nextStep: rest.nextStep,
        severity: rest.severity,
        id: rest.id,
        ...(since !== undefined && { since: timeText(since) }),
        ...(more > 0 && { more }),
      }),
    ),
    unexplained: unexplained.map(({ node, because }) => ({
      ...named(node),
      because,
    })),
    ...(cut !== undefined && { cut }),
    ...(outdated && {
      outdated: outdated.map(({ since, ...rest }) => ({
        ...rest,
        since: timeText(since),
      })),
    }),
  };
}

function named({ kind, namespace, name }: CausalNode): DocumentedObject {
  return { kind, namespace, name };
}

function documented({ since, ...rest }: Evidence): DocumentedEvidence {
  return { ...rest, ...(since !== undefined && { since: timeText(since) }) };
}

function timeText(time: number): string {
  return new Date(time).toISOString();
}
