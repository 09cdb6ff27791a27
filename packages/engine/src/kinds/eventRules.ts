import { EventRule } from './kindDefinition';
import { Evidence, Verdict } from './status';
import { shorten, verdict } from './verdict';

/** What a rule needs of an event; `EventObservation` and the store's rows both have it. */
export interface EventFacts {
  reason: string;
  message: string;
  count: number;
  /** Milliseconds since the epoch. */
  firstAt: number;
  lastAt: number;
}

/**
 * The verdict on an object once the events about it have spoken. The first rule of the list that applies decides;
 * among its events the newest is the evidence. A rule that applies for a limited time gives way to the own verdict
 * by a sequel; one that waits for `after` is the own verdict's sequel.
 *
 * @param own what the object's own fields say, now
 * @param events events about this very object (same uid where both are known)
 */
export function judgeByEvents(
  rules: readonly EventRule[],
  own: Verdict,
  events: readonly EventFacts[],
  now: number,
): Verdict {
  let pending: { at: number; verdict: Verdict } | undefined;
  for (const rule of rules) {
    const spoken = concerns(rule, own)
      ? speak(rule, own, events, now)
      : undefined;
    if (spoken && spoken.at <= now) {
      return spoken.verdict;
    }
    if (spoken && (!pending || spoken.at < pending.at)) {
      pending = spoken;
    }
  }
  const changesBefore = own.sequel && pending && own.sequel.at <= pending.at;
  return pending && !changesBefore ? { ...own, sequel: pending } : own;
}

function concerns(rule: EventRule, own: Verdict): boolean {
  return (
    rule.when.levels.includes(own.level) &&
    (!rule.when.reasons || rule.when.reasons.includes(own.reason))
  );
}

/** What the rule makes of the verdict, and from when on. */
function speak(
  rule: EventRule,
  own: Verdict,
  events: readonly EventFacts[],
  now: number,
): { at: number; verdict: Verdict } | undefined {
  const heard = events.flatMap(event => {
    const at = appliesFrom(rule, event, now);
    return at === undefined ? [] : [{ at, event }];
  });
  if (heard.length === 0) {
    return undefined;
  }
  const newest = newestOf(heard.map(({ event }) => event));
  return {
    at: Math.min(...heard.map(({ at }) => at)),
    verdict: spokenVerdict(rule, own, newest),
  };
}

/** When the rule begins to apply because of an event: 0 for at once; `undefined` when it never will. */
function appliesFrom(
  rule: EventRule,
  event: EventFacts,
  now: number,
): number | undefined {
  if (!rule.eventReasons.includes(event.reason)) {
    return undefined;
  }
  if (rule.messageIncludes && !event.message.includes(rule.messageIncludes)) {
    return undefined;
  }
  if (rule.within !== undefined && event.lastAt + rule.within <= now) {
    return undefined;
  }
  const { count, lasting } = rule.after ?? { count: 1 };
  if (count !== undefined && event.count >= count) {
    return 0;
  }
  return lasting === undefined ? undefined : event.firstAt + lasting;
}

function newestOf(events: readonly EventFacts[]): EventFacts {
  return events.reduce((newest, event) =>
    event.lastAt > newest.lastAt ? event : newest,
  );
}

function spokenVerdict(
  rule: EventRule,
  own: Verdict,
  event: EventFacts,
): Verdict {
  const evidence: Evidence = {
    source: 'event',
    field: event.reason,
    value: shorten(event.message),
    since: event.firstAt,
  };
  const found = verdict(rule.level, rule.reason, {
    rule: rule.rule,
    message: event.message,
    since: own.since ?? event.firstAt,
    evidence: [evidence, ...own.evidence],
  });
  return rule.within === undefined
    ? found
    : { ...found, sequel: { at: event.lastAt + rule.within, verdict: own } };
}
