import { zoneOffset } from './zoneOffset';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A schedule such as `0 0 30 2 *` never comes; as robfig/cron, one gives up after five years. */
const HORIZON_DAYS = 5 * 366;

/** The calendar fields of a schedule: which values of each are wanted. */
interface Calendar {
  type: 'calendar';
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  /** `*` in either: then both have to match, otherwise one of them. */
  bothDays: boolean;
}

interface Interval {
  type: 'interval';
  milliseconds: number;
}

export interface CronSchedule {
  when: Calendar | Interval;
  /** Of a `TZ=` prefix. */
  timeZone?: string;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const WEEKDAYS = 'sun mon tue wed thu fri sat'.split(' ');
const DESCRIPTORS: { readonly [name: string]: string } = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const UNITS: { readonly [unit: string]: number } = {
  h: HOUR,
  m: MINUTE,
  s: SECOND,
};

/** A schedule as the CronJob controller reads it (robfig/cron's standard parser); `undefined` when it is none. */
export function parseCronSchedule(text: string): CronSchedule | undefined {
  const [, timeZone, rest] =
    /^(?:(?:CRON_)?TZ=(\S+)\s+)?(.*)$/.exec(text.trim()) ?? [];
  const when = parseInterval(rest) ?? parseCalendar(DESCRIPTORS[rest] ?? rest);
  return when && { when, ...(timeZone ? { timeZone } : {}) };
}

/** `@every 1h30m` */
function parseInterval(text: string): Interval | undefined {
  const duration = /^@every\s+((?:\d+(?:\.\d+)?[hms])+)$/.exec(text)?.[1];
  if (!duration) {
    return undefined;
  }
  let milliseconds = 0;
  for (const [, count, unit] of duration.matchAll(/([\d.]+)([hms])/g)) {
    milliseconds += Number(count) * UNITS[unit];
  }
  return {
    type: 'interval',
    milliseconds: Math.max(SECOND, milliseconds - (milliseconds % SECOND)),
  };
}

function parseCalendar(text: string): Calendar | undefined {
  const fields = text.split(/\s+/);
  if (fields.length !== 5) {
    return undefined;
  }
  const [minutes, hours, days, months, weekdays] = [
    parseField(fields[0], 0, 59),
    parseField(fields[1], 0, 23),
    parseField(fields[2], 1, 31),
    parseField(fields[3], 1, 12, MONTHS),
    parseField(fields[4], 0, 6, WEEKDAYS),
  ];
  return minutes && hours && days && months && weekdays
    ? {
        type: 'calendar',
        minutes: minutes.values,
        hours: hours.values,
        days: days.values,
        months: months.values,
        weekdays: weekdays.values,
        bothDays: days.isAny || weekdays.isAny,
      }
    : undefined;
}

// `*`, `5`, `1-5`, `*/15`, `10/5`, `mon,wed-fri`: comma-separated ranges, each with a step.
function parseField(
  text: string,
  least: number,
  most: number,
  names: readonly string[] = [],
): { values: ReadonlySet<number>; isAny: boolean } | undefined {
  const values = new Set<number>();
  let isAny = false;
  const number = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    if (named >= 0) {
      return named + least;
    }
    return /^\d+$/.test(word) ? Number(word) : NaN;
  };
  for (const part of text.split(',')) {
    const [, range, stepText] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    if (!range) {
      return undefined;
    }
    const step = stepText === undefined ? 1 : Number(stepText);
    const isStar = range === '*' || range === '?';
    const ends = isStar ? [String(least), String(most)] : range.split('-');
    const from = number(ends[0]);
    const open = ends.length === 1 && stepText !== undefined;
    const to = open ? most : number(ends[ends.length - 1]);
    if (
      ends.length > 2 ||
      step < 1 ||
      !(from >= least && from <= to && to <= most)
    ) {
      return undefined;
    }
    isAny ||= isStar && step === 1;
    for (let value = from; value <= to; value += step) {
      values.add(value);
    }
  }
  return { values, isAny };
}

/**
 * The first time of a schedule after a moment; `undefined` when there is none within five years, or the zone is not
 * known here.
 *
 * @param after milliseconds since the epoch
 * @param zone an IANA name, or a fixed offset from UTC in milliseconds
 */
export function nextRun(
  { when }: CronSchedule,
  after: number,
  zone: string | number,
): number | undefined {
  if (when.type === 'interval') {
    return after - (after % SECOND) + when.milliseconds;
  }
  const offsetAt = zoneOffset(zone);
  if (!offsetAt) {
    return undefined;
  }
  const firstDay = Math.floor((after + offsetAt(after)) / DAY);
  for (let day = firstDay; day < firstDay + HORIZON_DAYS; day++) {
    const found =
      isWantedDay(when, day) && nextOnDay(when, day, after, offsetAt);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** @param day days since the epoch, by the local calendar */
function isWantedDay(
  { days, months, weekdays, bothDays }: Calendar,
  day: number,
): boolean {
  const date = new Date(day * DAY);
  const byDay = days.has(date.getUTCDate());
  const byWeekday = weekdays.has(date.getUTCDay());
  return (
    months.has(date.getUTCMonth() + 1) &&
    (bothDays ? byDay && byWeekday : byDay || byWeekday)
  );
}

function nextOnDay(
  { hours, minutes }: Calendar,
  day: number,
  after: number,
  offsetAt: (time: number) => number,
): number | undefined {
  for (let hour = 0; hour < 24; hour++) {
    const local = day * DAY + hour * HOUR;
    const offset = offsetAt(local - offsetAt(local));
    if (!hours.has(hour) || local - offset + HOUR <= after) {
      continue;
    }
    for (let minute = 0; minute < 60; minute++) {
      const time = local + minute * MINUTE - offset;
      // An hour that the clocks skip has no such time.
      if (minutes.has(minute) && time > after && offsetAt(time) === offset) {
        return time;
      }
    }
  }
  return undefined;
}

/** Whether a moment is one of the schedule's; for an interval every one is. */
export function isRun(
  schedule: CronSchedule,
  time: number,
  zone: string | number,
): boolean {
  return (
    schedule.when.type === 'interval' ||
    nextRun(schedule, time - 1, zone) === time
  );
}
