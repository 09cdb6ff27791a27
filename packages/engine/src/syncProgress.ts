import { KindState } from './graph/delta';

/** How far the first lists of a cluster are. */
export interface SyncProgress {
  /** Kinds that are through: listed, or known not to be readable. */
  kinds: number;
  /** That are to be read. Those that the API server does not serve do not count. */
  ofKinds: number;
  /** By objects, as far as the API server told how many there are; from 0 to 100, which only a whole picture reaches. */
  percent: number;
}

/** What a list weighs of which nothing is known yet: a page. Those with many objects come early (`readingOrder.ts`). */
const UNKNOWN_WEIGHT = 500;

export function syncProgress(states: readonly KindState[]): SyncProgress {
  const served = states.filter(({ state }) => state !== 'absent');
  let through = 0;
  let read = 0;
  let all = 0;
  for (const state of served) {
    if (state.state === 'listing') {
      const { objects = 0, expected } = state;
      read += objects;
      all += Math.max(expected ?? objects + UNKNOWN_WEIGHT, 1);
    } else {
      // A request has its price, too.
      const objects = state.state === 'listed' ? state.objects + 1 : 1;
      through++;
      read += objects;
      all += objects;
    }
  }
  const isThrough = through === served.length && through > 0;
  const percent = Math.floor((100 * read) / Math.max(all, 1));
  return {
    kinds: through,
    ofKinds: served.length,
    percent: isThrough ? 100 : Math.min(percent, 99),
  };
}

/** `17 of 43 kinds, 61 %`. */
export function progressText({
  kinds,
  ofKinds,
  percent,
}: SyncProgress): string {
  return `${kinds} of ${ofKinds} kinds, ${percent} %`;
}
