import { judgeByEvents } from '../kinds/eventRules';
import { EventRule } from '../kinds/kindDefinition';
import { Verdict, verdictAt } from '../kinds/status';
import { BookedEvent } from './eventBook';
import { verdictPrint } from './fingerprint';
import { ghostVerdict } from './ghostVerdict';
import { GraphNode } from './graphNode';

/** How long to wait for proof that a heartbeat did not come, in milliseconds. */
const PROOF_INTERVAL = 10_000;

export interface OwnJudgement {
  own: Verdict;
  /** When it has to be found again. */
  due: number;
  /** Events whose Event object is gone and that explain nothing any more. */
  expired: BookedEvent[];
}

/**
 * A node's own verdict: its declared one, its sequels come due, then the events about it. What the status still says
 * does not lose its explanation because the Event expired (`health.md` section 2).
 */
export function judgeOwn(
  node: GraphNode,
  events: readonly BookedEvent[],
  now: number,
): OwnJudgement {
  if (node.presence === 'ghost') {
    return {
      own: ghostVerdict(node, node.own.level === 'missing'),
      due: Infinity,
      expired: events.filter(row => row.withdrawn),
    };
  }
  const declared = verdictAt(node.declared, now, node.kind.heard);
  if (declared !== node.declared) {
    node.declared = declared;
    node.currentPrint = verdictPrint(declared);
  }
  const declaredDue = dueOf(declared, now);
  if (events.length === 0) {
    return { own: declared, due: declaredDue, expired: [] };
  }
  const rules = (node.kind.definition?.eventRules ?? []).filter(rule =>
    speaksOf(rule, declared),
  );
  const concerning = events.filter(row => isAbout(row, node));
  const own = verdictAt(judgeByEvents(rules, declared, concerning, now), now);
  return {
    own,
    due: Math.min(
      declaredDue,
      dueOf(own, now),
      ...concerning.flatMap(row => ripeAt(row, rules, now)),
    ),
    expired: events.filter(
      row =>
        row.withdrawn &&
        !(isAbout(row, node) && rules.some(rule => names(rule, row))),
    ),
  };
}

function dueOf({ sequel }: Verdict, now: number): number {
  if (!sequel) {
    return Infinity;
  }
  return sequel.at > now ? sequel.at : now + PROOF_INTERVAL;
}

function speaksOf(rule: EventRule, declared: Verdict): boolean {
  const { levels, reasons } = rule.when;
  return (
    levels.includes(declared.level) &&
    (!reasons || reasons.includes(declared.reason))
  );
}

function names(rule: EventRule, row: BookedEvent): boolean {
  return (
    rule.eventReasons.includes(row.reason) &&
    (!rule.messageIncludes || row.message.includes(rule.messageIncludes))
  );
}

/** Not of a former object of the same name: by uid, and for events without one by time. */
function isAbout(row: BookedEvent, node: GraphNode): boolean {
  if (
    row.aboutUid !== undefined &&
    node.uid !== undefined &&
    row.aboutUid !== node.uid
  ) {
    return false;
  }
  return node.createdAt === undefined || row.lastAt >= node.createdAt;
}

/** When the event will have lasted long enough for a rule. */
function ripeAt(
  row: BookedEvent,
  rules: readonly EventRule[],
  now: number,
): number[] {
  return rules.flatMap(rule => {
    const lasting = rule.after?.lasting;
    const at = lasting === undefined ? now : row.firstAt + lasting;
    return at > now && names(rule, row) ? [at] : [];
  });
}
