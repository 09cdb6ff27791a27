/** When a query looks at the topology: at a time, or so long from now (negative: ago). Milliseconds. */
export type QueryTime =
  | { readonly since: 'epoch'; readonly milliseconds: number }
  | { readonly since: 'now'; readonly milliseconds: number };

/** Whole numbers up to this are seconds, greater ones milliseconds (`skydive.md` 3.7). */
const MOST_SECONDS = 2_147_483_647;
/** The latest time that a date can hold. */
const MOST_MILLISECONDS = 8.64e15;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  // Go has no days, but Skydive's panel for time travel has.
  d: 86_400_000,
};

const DURATION = /^([+-]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h|d))+)$/;
const ISO =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const RFC_1123 =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|[+-]\d{4})$/;

/** `undefined`: the number is no time. */
export function timeOfNumber(value: number): QueryTime | undefined {
  if (!Number.isInteger(value) || value < 0) {
    return undefined;
  }
  return atEpoch(value <= MOST_SECONDS ? value * 1_000 : value);
}

/**
 * A Go duration (`-10m`, `-1h30m`), RFC 1123 (`Mon, 02 Jan 2006 15:04:05 GMT`), or, beyond Skydive, ISO 8601 (in UTC when
 * it names no zone). `undefined`: the text is no time.
 */
export function timeOfText(text: string): QueryTime | undefined {
  const duration = DURATION.exec(text);
  if (duration) {
    const [, sign, amounts] = duration;
    let milliseconds = 0;
    for (const [, amount, unit] of amounts.matchAll(/([\d.]+)([a-zµ]+)/g)) {
      milliseconds += Number(amount) * UNITS[unit];
    }
    return milliseconds > MOST_MILLISECONDS
      ? undefined
      : {
          since: 'now',
          milliseconds: Math.round(sign === '-' ? -milliseconds : milliseconds),
        };
  }
  const iso = ISO.exec(text);
  if (iso) {
    const zoned = iso[1] !== undefined || !text.includes(':');
    const written = text.replace(' ', 'T');
    return atEpoch(Date.parse(zoned ? written : `${written}Z`));
  }
  return RFC_1123.test(text) ? atEpoch(Date.parse(text)) : undefined;
}

/** A span in milliseconds: a number of seconds, or a Go duration; `undefined`: it is none. */
export function spanOf(value: string | number): number | undefined {
  if (typeof value === 'number') {
    return value >= 0 && value <= MOST_SECONDS
      ? Math.round(value * 1_000)
      : undefined;
  }
  const time = timeOfText(value);
  return time?.since === 'now' ? Math.abs(time.milliseconds) : undefined;
}

/** Milliseconds since the epoch. */
export function resolveTime(time: QueryTime, now: number): number {
  return time.since === 'now' ? now + time.milliseconds : time.milliseconds;
}

function atEpoch(milliseconds: number): QueryTime | undefined {
  return Number.isFinite(milliseconds) &&
    Math.abs(milliseconds) <= MOST_MILLISECONDS
    ? { since: 'epoch', milliseconds }
    : undefined;
}
