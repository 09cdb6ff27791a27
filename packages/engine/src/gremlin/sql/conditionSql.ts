import { Literal, Test } from '../query';
import { TextPattern } from '../textPattern';
import { passes } from '../valueTest';
import { Atom, Dialect } from './dialect';
import { anyAtom, FieldSource, isPresent, levelsWhere } from './fieldSource';
import { all, any, FALSE, list, not, sql, Sql, TRUE } from './sql';

/** A pattern that is to be matched in process: gives the condition on a text, once the matching texts are known. */
export type MatchingTexts = (
  source: Exclude<
    FieldSource,
    { form: 'constant' | 'level' | 'flag' | 'document' }
  >,
  pattern: TextPattern,
) => (text: Sql) => Sql;

const MOST_IDS = 500;

/** A test of a field as a condition on the row `n` or `e`. */
export function conditionSql(
  source: FieldSource,
  test: Test,
  dialect: Dialect,
  matching: MatchingTexts,
): Sql {
  if (source.form === 'constant') {
    return passes(test, source.value) ? TRUE : FALSE;
  }
  if (source.form === 'dictionary' && source.values) {
    const ids = [...source.values]
      .filter(([, value]) => passes(test, value))
      .map(([id]) => id);
    if (ids.length === 0) {
      return FALSE;
    }
    if (ids.length <= (source.mostIds ?? MOST_IDS)) {
      return ids.length === 1
        ? sql`${source.id} = ${ids[0]}`
        : sql`${source.id} IN (${list(ids.map(id => sql`${id}`))})`;
    }
  }
  if (source.form === 'level') {
    return levelsWhere(source, level => passes(test, source.valueOf(level)));
  }
  if (source.form === 'flag') {
    const [when, otherwise] = [passes(test, true), passes(test, undefined)];
    if (when === otherwise) {
      return when ? TRUE : FALSE;
    }
    return when ? sql`(${source.holds})` : not(source.holds);
  }
  switch (test.test) {
    case 'present':
      return isPresent(source, dialect);
    case 'absent':
      return not(isPresent(source, dialect));
    case 'equals':
      return anyAtom(source, dialect, atom => equalsAny(atom, test.anyOf));
    case 'differs': {
      const differs = not(
        anyAtom(source, dialect, atom => equalsAny(atom, test.noneOf)),
      );
      return test.whenAbsent
        ? differs
        : all([isPresent(source, dialect), differs]);
    }
    case 'within':
      return anyAtom(source, dialect, ({ number }) =>
        number
          ? all([
              ...(test.above
                ? [
                    test.above.inclusive
                      ? sql`${number} >= ${numeric(test.above.value)}`
                      : sql`${number} > ${numeric(test.above.value)}`,
                  ]
                : []),
              ...(test.below
                ? [
                    test.below.inclusive
                      ? sql`${number} <= ${numeric(test.below.value)}`
                      : sql`${number} < ${numeric(test.below.value)}`,
                  ]
                : []),
            ])
          : FALSE,
      );
    case 'outside':
      return anyAtom(source, dialect, ({ number }) =>
        number
          ? any([
              sql`${number} < ${numeric(test.below)}`,
              sql`${number} > ${numeric(test.above)}`,
            ])
          : FALSE,
      );
    case 'not':
      return all([
        isPresent(source, dialect),
        not(conditionSql(source, test.of, dialect, matching)),
      ]);
    default: {
      if (source.form === 'number' || source.form === 'document') {
        return FALSE;
      }
      const matches = matching(source, test.pattern);
      return anyAtom(source, dialect, ({ text }) =>
        text ? matches(text) : FALSE,
      );
    }
  }
}

function equalsAny(atom: Atom, literals: readonly Literal[]): Sql {
  const texts: Sql[] = [];
  const conditions: Sql[] = [];
  for (const literal of literals) {
    if (typeof literal === 'string') {
      texts.push(sql`${literal}`);
    } else if (typeof literal === 'number') {
      if (atom.number) {
        conditions.push(sql`${atom.number} = ${numeric(literal)}`);
      }
    } else if (atom.boolean) {
      conditions.push(sql`${atom.boolean} = ${String(literal)}`);
    }
  }
  if (atom.text && texts.length > 0) {
    conditions.unshift(sql`${atom.text} IN (${list(texts)})`);
  }
  return any(conditions);
}

function numeric(value: number): Sql {
  return sql`CAST(${value} AS numeric)`;
}
