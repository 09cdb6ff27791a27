import { NodeKey } from './identity';

/**
 * What an object's own fields say of it (`health.md` section 1).
 *
 * `down` and `degraded` are problems; `missing` is one where the reference is required; everything else is a
 * normal state. `missing` is only ever given to a referenced object that a complete list proves absent.
 */
export type StatusLevel =
  | 'ok'
  | 'progressing'
  | 'degraded'
  | 'down'
  | 'idle'
  | 'suspended'
  | 'maintenance'
  | 'terminating'
  | 'history'
  | 'unknown'
  | 'missing';

/** The levels that count as a problem of the object itself. */
export const PROBLEM_LEVELS: ReadonlySet<StatusLevel> = new Set<StatusLevel>([
  'degraded',
  'down',
  'missing',
]);

/** One thing that was read and that carries a verdict: a field, an event, an absence. */
export interface Evidence {
  source: 'field' | 'event' | 'absence' | 'structure';
  /** A field path such as `status.conditions[PodScheduled].message`, or an event's reason. */
  field: string;
  /** What stood there, in Kubernetes' own words; never a Secret's or ConfigMap's value. */
  value: string;
  /** Milliseconds since the epoch. */
  since?: number;
}

/**
 * An object's own status with what proves it (`health.md` section 2).
 *
 * A verdict that changes by time alone carries its sequel: a pod that is `progressing` within its grace period
 * becomes `down` at `sequel.at` unless the object changes before. So nobody has to keep the object to judge it again.
 */
export interface Verdict {
  level: StatusLevel;
  /** A CamelCase word: Kubernetes' own where it has one (`CrashLoopBackOff`), else `health.md`'s. */
  reason: string;
  /** Kubernetes' own sentence, if there is one. */
  message?: string;
  /** The H-number of the rule that decided. */
  rule?: string;
  /** Milliseconds since the epoch. */
  since?: number;
  evidence: Evidence[];
  sequel?: Sequel;
  /** Secrets and ConfigMaps that changed after the pod had read them at its start. Never empty. */
  stale?: StaleSource[];
}

/** A Secret or ConfigMap of which a pod still runs with a former version; times in milliseconds since the epoch. */
export interface StaleSource {
  key: NodeKey;
  changedAt: number;
  /** Since when the container runs that read it. */
  startedAt: number;
}

/** What a verdict becomes when the object does not change before. */
export interface Sequel {
  /** Milliseconds since the epoch. */
  at: number;
  verdict: Verdict;
  /**
   * Set where a heartbeat puts the sequel off: when the object was last heard, by the cluster's clock. A later one is no
   * change of the verdict. And that none came counts only once other objects of the kind were heard after `at`: a
   * watch that is silent, or a dump, proves nothing.
   */
  heartbeat?: number;
}

/**
 * The verdict that holds at a time: follows sequels that have come due.
 *
 * @param heard the newest heartbeat of the object's kind
 */
export function verdictAt(
  verdict: Verdict,
  now: number,
  heard: number = -Infinity,
): Verdict {
  let current = verdict;
  while (
    current.sequel &&
    current.sequel.at <= now &&
    (current.sequel.heartbeat === undefined || current.sequel.at <= heard)
  ) {
    current = current.sequel.verdict;
  }
  return current;
}

/** What is written of a verdict: when the next heartbeat is due is not, or each would be a new version. */
export function withoutHeartbeat(verdict: Verdict): Verdict {
  if (verdict.sequel?.heartbeat === undefined) {
    return verdict;
  }
  const { sequel: _, ...rest } = verdict;
  return rest;
}
