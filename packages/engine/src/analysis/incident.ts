import { Evidence } from '../kinds/status';
import { CausalHop, CausalNode, RootCause } from './rootCause';

/** How much it matters: something serves nobody, serves less, or will bite later. */
export type IncidentSeverity = 'critical' | 'warning' | 'info';

/** Another object that could explain the same symptoms, and why it is not the root. */
export interface RivalCause {
  root: CausalNode;
  fault: string;
  speaksFor: string[];
  speaksAgainst: string[];
}

/** Symptoms that share a cause: one root, counted once. */
export interface Incident {
  /** The same as long as root and fault are the same, over updates, restarts and replicas. */
  id: string;
  root: CausalNode;
  /** Kind of fault, CamelCase: `MissingSecret`, `QuotaExceeded`. */
  fault: string;
  severity: IncidentSeverity;
  confidence: RootCause['confidence'];
  /** Milliseconds since the epoch. */
  since?: number;
  /** What happens and why, in plain words. */
  summary: string;
  /** What to do next: a command, or what to change. */
  nextStep: string;
  /** The longest cascade, root first. */
  path: CausalHop[];
  /** Of all hops, root's first, each once. */
  evidence: Evidence[];
  /** Objects that suffer from it, the root excluded unless it suffers itself; the gravest first. */
  affected: CausalNode[];
  /** Affected objects beyond the bound. */
  more: number;
  rivals: RivalCause[];
}

export interface Incidents {
  /** Most severe first, then the one that affects most. */
  incidents: Incident[];
  /** Down, and nothing that Kubernetes shows explains it; `because` in words. */
  unexplained: { node: CausalNode; because: string }[];
  /** What a bound left out, in words. */
  cut?: string;
  /** Clusters that cannot be read at present: what is said of them is how they were. */
  outdated?: {
    cluster: string;
    /** Milliseconds since the epoch. */
    since: number;
    because: string;
  }[];
}
