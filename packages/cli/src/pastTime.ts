import { usageFailure } from './failure';

const UNITS: Record<string, number> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * `-1h`, `10m`, `2d`: so long ago; `2026-01-31T12:00:00Z`, milliseconds since the epoch. In milliseconds since the epoch.
 *
 * @throws Failure when it is none
 */
export function pastTime(
  text: string | undefined,
  option: string,
  now = Date.now(),
): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const ago = /^-?(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(text);
  if (ago) {
    return now - Number(ago[1]) * UNITS[ago[2]];
  }
  const time = /^\d{11,}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(time) || /^\d{1,10}$/.test(text)) {
    throw usageFailure(
      `${option} takes a time like -10m, -2h or 2026-01-31T12:00:00Z, and "${text}" is none`,
    );
  }
  return time;
}
