import { Evidence, StatusLevel, Verdict } from './status';

/** Kubernetes' own words are kept, but not without end: a termination message may hold 4 KiB of log. */
const LONGEST_TEXT = 1024;

export function shorten(text: string): string {
  return text.length > LONGEST_TEXT
    ? `${text.slice(0, LONGEST_TEXT - 1)}…`
    : text;
}

/** One field of the object as evidence; `undefined` reads as absent. */
export function fieldEvidence(
  field: string,
  value: unknown,
  since?: number,
): Evidence {
  const text = value === undefined ? 'absent' : String(value);
  return { source: 'field', field, value: shorten(text), since };
}

export interface VerdictDetails {
  rule?: string;
  message?: string;
  since?: number;
  evidence?: Evidence[];
}

export function verdict(
  level: StatusLevel,
  reason: string,
  details: VerdictDetails = {},
): Verdict {
  return {
    level,
    reason,
    message: details.message ? shorten(details.message) : undefined,
    rule: details.rule,
    since: details.since,
    evidence: details.evidence ?? [],
  };
}

/**
 * `first` until `at`, then `next` unless the object changes. Rules state both without looking at the clock, so that
 * the same object always gives the same chain; `verdictAt` picks what holds now.
 */
export function until(
  at: number | undefined,
  first: Verdict,
  next: Verdict,
): Verdict {
  return at === undefined ? first : { ...first, sequel: { at, verdict: next } };
}

/**
 * `first` as long as heartbeats come, at most `budget` milliseconds after each other; `next` when none does.
 *
 * @param heartbeat the last one, by the cluster's clock
 */
export function unlessSilent(
  heartbeat: number,
  budget: number,
  first: Verdict,
  next: Verdict,
): Verdict {
  return {
    ...first,
    sequel: { at: heartbeat + budget, verdict: next, heartbeat },
  };
}

/** How much a level matters when several verdicts speak about one object. */
const SEVERITY: { readonly [level in StatusLevel]: number } = {
  down: 6,
  missing: 6,
  degraded: 5,
  unknown: 4,
  progressing: 3,
  terminating: 3,
  maintenance: 2,
  suspended: 1,
  idle: 1,
  history: 0,
  ok: 0,
};

export function moreSevere(a: StatusLevel, b: StatusLevel): boolean {
  return SEVERITY[a] > SEVERITY[b];
}

/**
 * The most severe of several verdicts at every point in time: their sequels interleave. Among equals the first wins.
 * At least one verdict must be given.
 */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  let [worst] = verdicts;
  let at = Infinity;
  for (const one of verdicts) {
    if (moreSevere(one.level, worst.level)) {
      worst = one;
    }
    at = Math.min(at, one.sequel?.at ?? Infinity);
  }
  if (at === Infinity) {
    return worst;
  }
  const { sequel: _, ...current } = worst;
  const later = worstVerdict(
    verdicts.map(one =>
      one.sequel && one.sequel.at <= at ? one.sequel.verdict : one,
    ),
  );
  return sameFinding(current, later)
    ? later
    : { ...current, sequel: { at, verdict: later } };
}

function sameFinding(a: Verdict, b: Verdict): boolean {
  return (
    a.level === b.level &&
    a.reason === b.reason &&
    a.rule === b.rule &&
    a.message === b.message
  );
}

/** A time that a budget ends, where it is known when it began. */
export function after(
  since: number | undefined,
  budget: number,
): number | undefined {
  return since === undefined ? undefined : since + budget;
}
