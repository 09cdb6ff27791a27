import { KubernetesObject } from './kindDefinition';
import { parseTime } from './metadata';
import { Evidence } from './status';
import { fieldEvidence, withoutUndefined } from './verdict';

/** An entry of `status.conditions`. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  /** `lastTransitionTime` in milliseconds; never the heartbeat. */
  since?: number;
  /** `lastUpdateTime` in milliseconds, where the kind has it (Deployment). */
  updated?: number;
}

export function conditions(object: KubernetesObject): Condition[] {
  const entries: unknown = object.status?.conditions;
  if (!Array.isArray(entries)) {
    return [];
  }
  return entries.map(entry =>
    withoutUndefined({
      type: String(entry.type),
      status: String(entry.status),
      reason: entry.reason || undefined,
      message: entry.message || undefined,
      since: parseTime(entry.lastTransitionTime),
      updated: parseTime(entry.lastUpdateTime),
    }),
  );
}

export function condition(
  object: KubernetesObject,
  type: string,
): Condition | undefined {
  return conditions(object).find(entry => entry.type === type);
}

/** The condition's status, reason and message as one piece of evidence. */
export function conditionEvidence(entry: Condition): Evidence {
  const said = [entry.status, entry.reason, entry.message]
    .filter(part => part !== undefined)
    .join(': ');
  return fieldEvidence(`status.conditions[${entry.type}]`, said, entry.since);
}

/** `{ "Ready": "True" }`: what a node's properties show; without reasons, times or heartbeats. */
export function conditionSummary(
  object: KubernetesObject,
): { [type: string]: string } | undefined {
  const entries = conditions(object);
  return entries.length === 0
    ? undefined
    : Object.fromEntries(entries.map(entry => [entry.type, entry.status]));
}
