/** A condition of an object's status. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  lastTransitionTime: string;
  lastUpdateTime?: string;
  lastProbeTime?: string | null;
  lastHeartbeatTime?: string;
  observedGeneration?: number;
  reason?: string;
  message?: string;
}

/** Sets one condition; `lastTransitionTime` moves only when the status flips. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  condition: Condition,
): Condition[] {
  const old = conditionOf(conditions, condition.type);
  const merged =
    old?.status === condition.status
      ? { ...condition, lastTransitionTime: old.lastTransitionTime }
      : condition;
  return old
    ? conditions!.map(other => (other === old ? merged : other))
    : [...(conditions ?? []), merged];
}

export function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find(condition => condition.type === type);
}

export function isTrue(
  conditions: readonly Condition[] | undefined,
  type: string,
): boolean {
  return conditionOf(conditions, type)?.status === 'True';
}
