import {
  CronSchedule,
  isRun,
  nextRun,
  parseCronSchedule,
} from './cronSchedule';

const HOUR = 3_600_000;
/** Everywhere on earth, in half hours. */
const OFFSETS: readonly number[] = Array.from(
  { length: 53 },
  (_, nth) => -12 * HOUR + nth * (HOUR / 2),
);

/**
 * When a CronJob has to run next at the latest; `undefined` when it cannot be told. Without `timeZone` the schedule
 * means the controller's own zone, which is in no object: then it is any zone in which the last run was on schedule.
 *
 * @param after the last run, or the object's creation; milliseconds since the epoch
 */
export function latestNextRun(
  spec: { schedule?: unknown; timeZone?: unknown },
  after: number,
  hasRun: boolean,
): number | undefined {
  const schedule = parseCronSchedule(String(spec.schedule ?? ''));
  if (!schedule) {
    return undefined;
  }
  const named = schedule.timeZone ?? spec.timeZone;
  if (typeof named === 'string' && named !== '') {
    return nextRun(schedule, after, named);
  }
  if (schedule.when.type === 'interval') {
    return nextRun(schedule, after, 0);
  }
  // Most controllers run in UTC; the others' clocks may be set back an hour before the next run.
  return hasRun && isRun(schedule, after, 0)
    ? nextRun(schedule, after, 0)
    : latestIn(zonesOf(schedule, after, hasRun), schedule, after);
}

function zonesOf(
  schedule: CronSchedule,
  after: number,
  hasRun: boolean,
): readonly number[] {
  const fitting = hasRun
    ? OFFSETS.filter(offset => isRun(schedule, after, offset))
    : [];
  return fitting.length > 0 ? fitting : OFFSETS;
}

function latestIn(
  offsets: readonly number[],
  schedule: CronSchedule,
  after: number,
): number | undefined {
  let latest = -Infinity;
  for (const offset of offsets) {
    latest = Math.max(latest, nextRun(schedule, after, offset) ?? Infinity);
  }
  return Number.isFinite(latest)
    ? latest + (offsets === OFFSETS ? 0 : HOUR)
    : undefined;
}
