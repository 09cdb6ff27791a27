import { Json } from '../../kinds/observation';
import { StatusLevel } from '../../kinds/status';
import { STATUS_LEVELS } from '../nodeState';
import { Atom, Dialect } from './dialect';
import { any, FALSE, list, NULL, sql, Sql, TRUE } from './sql';

/**
 * Where the value of a field comes from. The SQL in it reads the aliases `n` (a row of `nodes`) or `e` (a row of
 * `edges`).
 */
export type FieldSource =
  /** The same for every element; `undefined`: no element has it. */
  | { form: 'constant'; value: Json | undefined }
  /** A function of `nodes.level`. */
  | {
      form: 'level';
      level: Sql;
      valueOf: (level: StatusLevel) => string | undefined;
    }
  /** `true`, or absent. */
  | { form: 'flag'; holds: Sql }
  /** NULL: absent. */
  | { form: 'text'; value: Sql }
  | { form: 'number'; value: Sql }
  /** A text of a row of a small table `d` that the element names by id: matched there, not in every element. */
  | {
      form: 'dictionary';
      id: Sql;
      table: Sql;
      value: Sql;
      /** All of them by their ids where that is known: then ids are compared, which indexes have. */
      values?: ReadonlyMap<number, string | undefined>;
      /** More ids than this are left to the database. */
      mostIds?: number;
    }
  /** What lies at a path in a JSON object; at several paths where a key may hold dots itself. */
  | { form: 'json'; document: Sql; paths: readonly (readonly string[])[] }
  /** A whole JSON object: always there, and equal to nothing. */
  | { form: 'document'; document: Sql };

/** Whether any value of the field fulfils a condition, which must be built from the atom that it is given. */
export function anyAtom(
  source: Exclude<FieldSource, { form: 'constant' | 'level' | 'flag' }>,
  dialect: Dialect,
  condition: (atom: Atom) => Sql,
): Sql {
  switch (source.form) {
    case 'text':
      return condition(textAtom(source.value, dialect));
    case 'number':
      return condition({ number: source.value });
    case 'dictionary':
      return sql`${source.id} IN (SELECT d.id FROM ${
        source.table
      } WHERE ${condition(textAtom(source.value, dialect))})`;
    case 'json':
      return any(
        source.paths.map(path => {
          const rows = dialect.jsonAtoms(source.document, path);
          const inList = exists(rows.from, [
            ...rows.where,
            condition(rows.atom),
          ]);
          const member = dialect.jsonMember?.(source.document, path);
          return member
            ? sql`CASE WHEN ${member.isList} THEN ${inList} ELSE ${condition(
                member.atom,
              )} END`
            : inList;
        }),
      );
    default:
      return FALSE;
  }
}

export function isPresent(source: FieldSource, dialect: Dialect): Sql {
  switch (source.form) {
    case 'constant':
      return source.value === undefined ? FALSE : TRUE;
    case 'level':
      return levelsWhere(source, level => source.valueOf(level) !== undefined);
    case 'flag':
      return source.holds;
    case 'text':
    case 'number':
      return sql`${source.value} IS NOT NULL`;
    case 'dictionary':
      return sql`${source.id} IN (SELECT d.id FROM ${source.table} WHERE ${source.value} IS NOT NULL)`;
    case 'json':
      return any(
        source.paths.map(path => {
          const rows = dialect.jsonValues(source.document, path);
          return exists(rows.from, rows.where);
        }),
      );
    default:
      return TRUE;
  }
}

/** The levels for which something holds: decided here, bound there. */
export function levelsWhere(
  source: Extract<FieldSource, { form: 'level' }>,
  holds: (level: StatusLevel) => boolean,
): Sql {
  const levels = STATUS_LEVELS.filter(holds);
  return levels.length === 0
    ? FALSE
    : sql`${source.level} IN (${Sql.join(
        levels.map(level => sql`${level}`),
        sql`, `,
      )})`;
}

/** The field's value as JSON text, NULL when absent; of a path that crosses lists the first. */
export function firstJson(source: FieldSource, dialect: Dialect): Sql {
  if (source.form === 'json') {
    return firstOf(
      source.paths.map(path => {
        const rows = dialect.jsonValues(source.document, path);
        return first(rows.json, rows.from, rows.where, rows.order);
      }),
    );
  }
  return scalarJson(source, dialect);
}

/** As `firstJson`, for the forms that have one value at most. */
export function scalarJson(
  source: Exclude<FieldSource, { form: 'json' }>,
  dialect: Dialect,
): Sql {
  switch (source.form) {
    case 'constant':
      return source.value === undefined
        ? NULL
        : sql`CAST(${JSON.stringify(source.value)} AS text)`;
    case 'level':
      return dialect.jsonOfText(levelText(source));
    case 'flag':
      return flagText(source);
    case 'text':
      return dialect.jsonOfText(source.value);
    case 'number':
      return dialect.jsonOfNumber(source.value);
    case 'dictionary':
      return dialect.jsonOfText(
        sql`(SELECT ${source.value} FROM ${source.table} WHERE d.id = ${source.id})`,
      );
    default:
      return dialect.jsonOfDocument(source.document);
  }
}

/** What to sort by: a number (also of a text that is a whole number), else a text, else both NULL. */
export function sortKey(
  source: FieldSource,
  dialect: Dialect,
): { number: Sql; text: Sql } {
  switch (source.form) {
    case 'level':
      return { number: sql`CAST(NULL AS numeric)`, text: levelText(source) };
    case 'flag':
      return { number: sql`CAST(NULL AS numeric)`, text: flagText(source) };
    case 'text':
      return {
        number: dialect.wholeNumber(source.value),
        text: source.value,
      };
    case 'number':
      return { number: source.value, text: sql`CAST(NULL AS text)` };
    case 'dictionary': {
      const text = sql`(SELECT ${source.value} FROM ${source.table} WHERE d.id = ${source.id})`;
      return { number: dialect.wholeNumber(text), text };
    }
    case 'json': {
      const pick = (value: (atom: Atom) => Sql) =>
        firstOf(
          source.paths.map(path => {
            const rows = dialect.jsonAtoms(source.document, path);
            return first(value(rows.atom), rows.from, rows.where, rows.order);
          }),
        );
      return {
        number: pick(({ number }) => number ?? NULL),
        text: pick(
          ({ text, boolean }) =>
            sql`coalesce(${text ?? NULL}, ${boolean ?? NULL})`,
        ),
      };
    }
    default:
      return {
        number: sql`CAST(NULL AS numeric)`,
        text: sql`CAST(NULL AS text)`,
      };
  }
}

function levelText(source: Extract<FieldSource, { form: 'level' }>): Sql {
  const cases = STATUS_LEVELS.flatMap(level => {
    const value = source.valueOf(level);
    return value === undefined
      ? []
      : [sql`WHEN ${level} THEN CAST(${value} AS text)`];
  });
  return sql`CASE ${source.level} ${Sql.join(cases, sql` `)} END`;
}

function flagText({ holds }: Extract<FieldSource, { form: 'flag' }>): Sql {
  return sql`CASE WHEN ${holds} THEN CAST('true' AS text) END`;
}

function textAtom(text: Sql, dialect: Dialect): Atom {
  return { text, number: dialect.wholeNumber(text) };
}

function exists(from: Sql, where: readonly Sql[]): Sql {
  return sql`EXISTS (SELECT 1 FROM ${from} WHERE ${Sql.join(
    where.length === 0 ? [TRUE] : where,
    sql` AND `,
  )})`;
}

function firstOf(values: readonly Sql[]): Sql {
  return values.length === 1 ? values[0] : sql`coalesce(${list(values)})`;
}

function first(
  value: Sql,
  from: Sql,
  where: readonly Sql[],
  order: readonly Sql[],
): Sql {
  const sorted =
    order.length === 0 ? sql`` : sql` ORDER BY ${Sql.join(order, sql`, `)}`;
  return sql`(SELECT ${value} FROM ${from} WHERE ${Sql.join(
    where.length === 0 ? [TRUE] : where,
    sql` AND `,
  )}${sorted} LIMIT 1)`;
}
