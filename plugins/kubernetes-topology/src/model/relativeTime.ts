const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** `5 minutes ago`; both times in milliseconds since the epoch. A clock that runs ahead reads as now. */
export function relativeTime(at: number, now: number, locale?: string): string {
  const past = Math.max(0, now - at);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, length] of UNITS) {
    if (past >= length) {
      return format.format(-Math.floor(past / length), unit);
    }
  }
  return format.format(0, 'second');
}

/** The moment itself, for the tooltip of a relative time. */
export function absoluteTime(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(at);
}
