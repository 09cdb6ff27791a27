const FORMATS = new Map<string, Intl.DateTimeFormat | undefined>();
/** A cluster names a handful of zones; names from the wild must not fill the memory. */
const MOST_ZONES = 1000;

/**
 * How far a zone's clocks are ahead of UTC at a moment, in milliseconds; `undefined` for a zone that is not known here.
 *
 * @param zone an IANA name, or the offset itself
 */
export function zoneOffset(
  zone: string | number,
): ((time: number) => number) | undefined {
  if (typeof zone === 'number') {
    return () => zone;
  }
  if (/^(etc\/)?utc$/i.test(zone)) {
    return () => 0;
  }
  const format = formatOf(zone);
  return format && (time => offsetAt(format, time));
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!FORMATS.has(zone) && FORMATS.size < MOST_ZONES) {
    FORMATS.set(zone, newFormat(zone));
  }
  return FORMATS.get(zone);
}

function newFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

function offsetAt(format: Intl.DateTimeFormat, time: number): number {
  const parts: { [type: string]: number } = {};
  for (const { type, value } of format.formatToParts(time)) {
    parts[type] = Number(value);
  }
  const local = Date.UTC(
    parts.year,
    parts.month - 1,
    parts.day,
    parts.hour,
    parts.minute,
    parts.second,
  );
  return local - (time - (((time % 1000) + 1000) % 1000));
}
