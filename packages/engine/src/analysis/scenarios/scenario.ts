import { KubernetesObject } from '../../kinds/kindDefinition';

/** `Kind/namespace/name`; `Kind//name` for cluster-scoped objects. */
export type ObjectReference = string;

/** One fault of `rca-scenarios.md` as the API server shows it, with its true cause. */
export interface Scenario {
  /** S-number and, where one has several forms, a letter: `S008`, `S001b`. */
  id: string;
  /** What was done to the cluster. */
  fault: string;
  /** The cluster as it is seen; the times in it lie before `NOW`. */
  objects: readonly KubernetesObject[];
  /** The cluster before the fault, oldest first, where the history is needed: each is written as a version of its own. */
  before?: readonly { at: number; objects: readonly KubernetesObject[] }[];
  /** `kindText` of kinds that may not be listed: all that refers to them is unknown. */
  forbidden?: readonly string[];
  /** Milliseconds since the epoch at which it is judged; default: `NOW`. */
  now?: number;
  expects: Expectation;
}

export type Expectation =
  /** The top-ranked incident has one of these as its root, and there is no other incident. */
  | {
      roots: readonly ObjectReference[];
      /** Of these, one must be said. */
      faults?: readonly string[];
      /** All of these are among the affected. */
      affected?: readonly ObjectReference[];
      /** Words that summary, next step or evidence must hold, in any case of letters. */
      says?: readonly string[];
    }
  /** Several independent faults at once: these are the roots, no other. */
  | { independentRoots: readonly ObjectReference[] }
  /** Something is broken, and Kubernetes cannot tell why: no root may be named, or one of these as merely `likely`. */
  | { noCause: true; orLikely?: readonly ObjectReference[] }
  /** A control: no incident at all. */
  | { nothing: true };

/** When scenarios are judged: 2026-03-02 10:00 UTC. */
export const NOW = Date.UTC(2026, 2, 2, 10, 0, 0);
