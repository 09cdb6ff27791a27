import { conditionEvidence } from './conditions';
import { StatusLevel, Verdict } from './status';
import { currentConditions, StatusCondition } from './statusConditions';
import { until, verdict } from './verdict';

const MINUTE = 60_000;
/** A controller that is there answers within seconds. */
export const ANSWER_WITHIN = 2 * MINUTE;
/** Cloud load balancers take their time. */
export const PROGRAM_WITHIN = 5 * MINUTE;

/** Current conditions by type: those of an older spec are left out. */
export function gatewayConditions(
  entries: unknown,
  generation: unknown,
): ReadonlyMap<string, StatusCondition> {
  return new Map(
    currentConditions(entries, generation).map(one => [one.type, one]),
  );
}

/** What a condition says, in its own words. */
export function said(
  level: StatusLevel,
  reason: string,
  rule: string,
  by: StatusCondition,
  who?: string,
): Verdict {
  const message = [who, by.message ?? by.reason].filter(Boolean).join(': ');
  return verdict(level, reason, {
    rule,
    message,
    since: by.since,
    evidence: [conditionEvidence(by)],
  });
}

/** `Unknown` and `Pending` are how the API server writes that no controller has answered yet. */
export function isUnanswered(one: StatusCondition | undefined): boolean {
  return !one || one.status === 'Unknown';
}

/** Progressing for a while, then what it is. */
export function within(
  since: number | undefined,
  budget: number,
  then: Verdict,
): Verdict {
  return until((since ?? 0) + budget, { ...then, level: 'progressing' }, then);
}
