import { InputError } from '@backstage/errors';
import {
  resolveTime,
  timeOfNumber,
  timeOfText,
} from '@kubernetes-topology/engine';

/**
 * Milliseconds since the epoch of the schema `Time`; undefined stays undefined, which is now.
 *
 * @throws InputError for what is no time
 */
export function timeOf(
  text: string | undefined,
  now: number = Date.now(),
): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const time = /^\d{1,16}$/.test(text)
    ? timeOfNumber(Number(text))
    : timeOfText(text);
  if (!time) {
    throw new InputError(
      `${JSON.stringify(
        text,
      )} is no time: expected 2026-01-02T15:04:05Z, -10m, or seconds or milliseconds since the epoch`,
    );
  }
  return resolveTime(time, now);
}
