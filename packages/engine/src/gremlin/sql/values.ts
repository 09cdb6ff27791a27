import { Dialect } from './dialect';
import { FieldSource, scalarJson } from './fieldSource';
import { runningSum, timesWithin, within } from './positions';
import { Selection, whereOf } from './selection';
import { list, sql, Sql } from './sql';
import { Statement } from './statement';

/** A finished expression of values: `v` (JSON text), `times`, `position`. */
export interface Values {
  readonly table: string;
}

/** The values of a field: of a path that crosses lists one for each element; empty lists and objects are left out. */
export function valuesOf(
  selection: Selection,
  source: FieldSource,
  statement: Statement,
  dialect: Dialect,
): Values {
  let { from } = selection;
  let where = selection.where;
  const order = selection.position ? [selection.position] : [...selection.keys];
  let json: Sql;
  if (source.form === 'json') {
    const rows = dialect.jsonValues(source.document, source.path);
    from = sql`${from} CROSS JOIN ${rows.from}`;
    where = [...where, ...rows.where];
    order.push(...rows.order);
    json = rows.json;
  } else {
    json = scalarJson(source, dialect);
  }
  const places = order.map((_, i) => Sql.name(`o${i}`));
  const read = list([
    sql`${json} AS v`,
    sql`${selection.times ?? sql`1`} AS times`,
    ...order.map((each, i) => sql`${each} AS ${places[i]}`),
  ]);
  const rows = statement.add(
    'v',
    selection.sources,
    () => sql`SELECT ${read} FROM ${from}${whereOf(where)}`,
  );
  const table = statement.add(
    'v',
    [rows],
    () =>
      sql`SELECT v, times, row_number() OVER (ORDER BY ${list(
        places,
      )}) AS position FROM ${Sql.name(rows)}`,
  );
  return {
    table: statement.add(
      'v',
      [table],
      () =>
        sql`SELECT v, times, position FROM ${Sql.name(
          table,
        )} WHERE v IS NOT NULL AND v NOT IN ('[]', '{}')`,
    ),
  };
}

export function valuesDedup(values: Values, statement: Statement): Values {
  return {
    table: statement.add(
      'v',
      [values.table],
      () =>
        sql`SELECT v, 1 AS times, min(position) AS position FROM ${Sql.name(
          values.table,
        )} GROUP BY v`,
    ),
  };
}

export function valuesCount(values: Values): Sql {
  return sql`SELECT coalesce(sum(times), 0) AS count FROM ${Sql.name(
    values.table,
  )}`;
}

export function valuesRange(
  values: Values,
  from: number,
  to: number,
  statement: Statement,
  dialect: Dialect,
): Values {
  const running = statement.add(
    't',
    [values.table],
    () =>
      sql`SELECT v, times, position, ${runningSum(
        sql`times`,
        sql`position`,
      )} AS upto FROM ${Sql.name(values.table)}`,
  );
  return {
    table: statement.add(
      'v',
      [running],
      () =>
        sql`SELECT v, ${timesWithin(
          from,
          to,
          dialect,
        )} AS times, position FROM ${Sql.name(running)} WHERE ${within(
          from,
          to,
        )}`,
    ),
  };
}
