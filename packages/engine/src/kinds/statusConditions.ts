import { Condition } from './conditions';
import { withoutUndefined } from './json';
import { parseTime } from './metadata';
import { isMap, listOf } from './wellFormed';

/** More than any controller writes; what a manifest from anywhere may hold has to end. */
const MOST_CONDITIONS = 50;

/** A condition of any kind: many say of which generation of the spec they speak. */
export interface StatusCondition extends Condition {
  observedGeneration?: number;
}

/** The conditions of a list, whatever else may stand in it. */
export function readConditions(entries: unknown): StatusCondition[] {
  return listOf(entries)
    .slice(0, MOST_CONDITIONS)
    .flatMap(entry =>
      isMap(entry) && typeof entry.type === 'string'
        ? withoutUndefined<StatusCondition>({
            type: entry.type,
            status: String(entry.status),
            reason: textOf(entry.reason),
            message: textOf(entry.message),
            since: parseTime(entry.lastTransitionTime),
            observedGeneration:
              typeof entry.observedGeneration === 'number'
                ? entry.observedGeneration
                : undefined,
          })
        : [],
    );
}

/** Without those that were found of an older spec. */
export function currentConditions(
  entries: unknown,
  generation: unknown,
): StatusCondition[] {
  return readConditions(entries).filter(
    ({ observedGeneration }) =>
      observedGeneration === undefined ||
      typeof generation !== 'number' ||
      observedGeneration >= generation,
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
