import { NodeKey } from '../kinds/identity';
import { Evidence, Verdict } from '../kinds/status';

/** A node as a causal answer names it. */
export interface CausalNode {
  key: NodeKey;
  /** `Kind`, without the group. */
  kind: string;
  namespace: string;
  name: string;
  verdict: Verdict;
}

/** One step of a cascade: what happens at this node, and over which edge the next one suffers from it. */
export interface CausalHop {
  node: CausalNode;
  /** The edge to the next hop; absent at the victim. */
  edge?: { source: NodeKey; relation: string; target: NodeKey };
  /** One sentence in plain words. */
  says: string;
  evidence: Evidence[];
}

/** Why an object is down: root → … → victim, each hop with its evidence. */
export interface RootCause {
  root: CausalNode;
  /** Kind of fault, e.g. `MissingSecret`, `NoMatchingVolume`, `NodeUnreachable`. */
  fault: string;
  /** `proven`: the victim's own message names it; `likely`: structure and time agree. */
  confidence: 'proven' | 'likely';
  /** Milliseconds since the epoch. */
  since?: number;
  /** One sentence in plain words. */
  summary: string;
  /** What to do next. */
  nextStep: string;
  /** Root first. */
  path: CausalHop[];
}

/** An honest answer is one of three: a cause, nothing is wrong, or no cause that the Kubernetes API shows. */
export type Explanation =
  | { answer: 'cause'; victim: CausalNode; causes: RootCause[] }
  | { answer: 'healthy'; victim: CausalNode }
  | { answer: 'unexplained'; victim: CausalNode; because: string };
