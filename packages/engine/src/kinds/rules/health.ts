import { KubernetesObject } from '../kindDefinition';
import { parseTime } from '../metadata';
import { Evidence, StatusLevel, Verdict } from '../status';
import { currentConditions, StatusCondition } from '../statusConditions';
import { fieldEvidence, until, verdict } from '../verdict';
import { compileComparison, isScalar } from './comparison';
import { FieldPath } from './fieldPath';
import {
  ConditionTest,
  FieldTest,
  HealthRule,
  HealthRules,
} from './ruleSchema';

const WORD = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

/** What holds of an object, and since or from when. */
interface Held {
  evidence: Evidence[];
  condition?: StatusCondition;
  /** A text that was found, where it is one word: a phase. */
  word?: string;
  since?: number;
  /** Holds from then on only. */
  from?: number;
}

type Test = (object: KubernetesObject) => Held | undefined;
/** What is said where no rule holds. */
type Otherwise = (object: KubernetesObject) => Verdict;

/** The verdict of the first rule that holds, else `otherwise`. Pure; never throws. */
export function compileHealth(
  health: Pick<HealthRules, 'rules' | 'suspended'>,
  otherwise: Otherwise,
): Otherwise {
  const decide = health.rules.reduceRight<Otherwise>(
    (next, rule) => compileRule(rule, next),
    otherwise,
  );
  const switches = (health.suspended ?? []).map(FieldPath.parse);
  return object => {
    const off = switches.find(path => path.first(object) === true);
    return off
      ? verdict('suspended', 'Suspended', {
          evidence: [fieldEvidence(off.text, true)],
        })
      : decide(object);
  };
}

function compileRule(rule: HealthRule, next: Otherwise): Otherwise {
  const tests = rule.when.map(test =>
    'condition' in test ? compileConditionTest(test) : compileFieldTest(test),
  );
  const say = compileWords(rule);
  const sinceFrom =
    rule.since === undefined ? undefined : FieldPath.parse(rule.since);
  return object => {
    const held: Held[] = [];
    for (const test of tests) {
      const one = test(object);
      if (!one) {
        return next(object);
      }
      held.push(one);
    }
    const since =
      parseTime(sinceFrom?.first(object)) ??
      held.find(one => one.since !== undefined)?.since;
    const found = say(object, held, rule.level, since);
    const from = Math.max(...held.map(one => one.from ?? -Infinity));
    if (from > -Infinity) {
      return switchAt(next(object), from, found);
    }
    if (rule.grace === undefined) {
      return found;
    }
    const begin = since ?? parseTime(object.metadata.creationTimestamp) ?? 0;
    return until(
      begin + rule.grace,
      say(object, held, rule.meanwhile, since),
      found,
    );
  };
}

/** What holds before `at` stays as it is, with its own sequels up to then. */
function switchAt(before: Verdict, at: number, then: Verdict): Verdict {
  return before.sequel && before.sequel.at < at
    ? {
        ...before,
        sequel: {
          at: before.sequel.at,
          verdict: switchAt(before.sequel.verdict, at, then),
        },
      }
    : { ...before, sequel: { at, verdict: then } };
}

function compileConditionTest(test: ConditionTest): Test {
  const path = FieldPath.parse(test.in);
  const statuses: ReadonlySet<string> = new Set(test.is);
  const matches = (one: StatusCondition) =>
    one.type === test.condition &&
    statuses.has(one.status) &&
    (!test.reasons || test.reasons.includes(one.reason ?? '')) &&
    !test.notReasons?.includes(one.reason ?? '');
  return object => {
    const lists = listsAt(path, object).map(entries =>
      currentConditions(entries, object.metadata.generation),
    );
    const found = lists.map(list => list.find(matches));
    const holds =
      test.of === 'all'
        ? found.length > 0 && found.every(one => one !== undefined)
        : found.some(one => one !== undefined);
    const condition = found.find(one => one !== undefined);
    return holds && condition
      ? {
          condition,
          since: condition.since,
          evidence: [evidenceOf(test.in, condition)],
        }
      : undefined;
  };
}

/** `status.conditions` leads to one list, `status.parents[*].conditions` to several. */
function listsAt(path: FieldPath, object: KubernetesObject): unknown[] {
  return path.all(object).filter(Array.isArray);
}

function evidenceOf(place: string, one: StatusCondition): Evidence {
  const said = [one.status, one.reason, one.message].filter(Boolean).join(': ');
  return fieldEvidence(`${place}[${one.type}]`, said, one.since);
}

function compileFieldTest(test: FieldTest): Test {
  const path = FieldPath.parse(test.field);
  const compare = compileComparison(test, test.of);
  return object => {
    const found = path.all(object);
    const held = compare(found, object);
    if (held === false) {
      return undefined;
    }
    const shown = found.filter(isScalar).slice(0, 3);
    return {
      evidence: [
        fieldEvidence(
          test.field,
          shown.length > 0 ? shown.join(', ') : undefined,
        ),
      ],
      word: shown.map(String).find(text => WORD.test(text)),
      from: held === true ? undefined : held.from,
    };
  };
}

function compileWords(
  rule: HealthRule,
): (
  object: KubernetesObject,
  held: readonly Held[],
  level: StatusLevel,
  since: number | undefined,
) => Verdict {
  const reasonFrom =
    rule.reasonFrom === undefined
      ? undefined
      : FieldPath.parse(rule.reasonFrom);
  const messageFrom =
    rule.messageFrom === undefined
      ? undefined
      : FieldPath.parse(rule.messageFrom);
  return (object, held, level, since) => {
    const condition = held.find(one => one.condition)?.condition;
    const reason =
      rule.reason ??
      wordAt(reasonFrom, object) ??
      wordOf(condition?.reason) ??
      condition?.type ??
      held.find(one => one.word)?.word ??
      'Declared';
    const message =
      rule.message ??
      textOf(messageFrom?.first(object)) ??
      (level === 'ok' ? undefined : condition?.message);
    return verdict(level, reason, {
      rule: rule.rule,
      message,
      since,
      evidence: held.flatMap(one => one.evidence),
    });
  };
}

function wordAt(
  path: FieldPath | undefined,
  object: KubernetesObject,
): string | undefined {
  return path && wordOf(path.first(object));
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && WORD.test(value) ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
