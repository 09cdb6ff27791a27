import { KubernetesObject } from './kindDefinition';
import { parseTime } from './time';
import { Evidence } from './status';
import { fieldEvidence } from './verdict';

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
  return rawConditions(object).map(readCondition);
}

export function condition(
  object: KubernetesObject,
  type: string,
): Condition | undefined {
  for (const entry of rawConditions(object)) {
    if (entry.type === type) {
      return readCondition(entry);
    }
  }
  return undefined;
}

function rawConditions(object: KubernetesObject): any[] {
  const entries: unknown = object.status?.conditions;
  return Array.isArray(entries) ? entries : [];
}

function readCondition(entry: any): Condition {
  return {
    type: String(entry.type),
    status: String(entry.status),
    reason: entry.reason || undefined,
    message: entry.message || undefined,
    since: parseTime(entry.lastTransitionTime),
    updated: parseTime(entry.lastUpdateTime),
  };
}

/** The condition's status, reason and message as one piece of evidence. */
export function conditionEvidence(entry: Condition): Evidence {
  let said = entry.status;
  for (const part of [entry.reason, entry.message]) {
    said = part === undefined ? said : `${said}: ${part}`;
  }
  return fieldEvidence(`status.conditions[${entry.type}]`, said, entry.since);
}

/** `{ "Ready": "True" }`: what a node's properties show; without reasons, times or heartbeats. */
export function conditionSummary(
  object: KubernetesObject,
): { [type: string]: string } | undefined {
  const entries = rawConditions(object);
  if (entries.length === 0) {
    return undefined;
  }
  const summary: { [type: string]: string } = {};
  for (const { type, status } of entries) {
    summary[type] = String(status);
  }
  return summary;
}
