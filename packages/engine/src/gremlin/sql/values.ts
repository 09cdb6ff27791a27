import { Dialect } from './dialect';
import { FieldSource, scalarJson } from './fieldSource';
import { rowsWithin } from './positions';
import { Selection, whereOf } from './selection';
import { list, sql, Sql } from './sql';
import { Statement } from './statement';

/** One way to the values of a field; `from`: what has to be joined for it. */
interface JsonArm {
  json: Sql;
  from?: Sql;
  where: readonly Sql[];
  order: readonly Sql[];
}

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
  const { from, where } = selection;
  const order = selection.position ? [selection.position] : [...selection.keys];
  const arms: JsonArm[] =
    source.form === 'json'
      ? source.paths.map(path => dialect.jsonValues(source.document, path))
      : [{ json: scalarJson(source, dialect), where: [], order: [] }];
  const depth = Math.max(...arms.map(arm => arm.order.length));
  const places = Array.from({ length: order.length + depth }, (_, i) =>
    Sql.name(`o${i}`),
  );
  const rows = statement.add(
    'v',
    arms.flatMap(() => selection.sources),
    () =>
      Sql.join(
        arms.map(arm => {
          const orders = [...order, ...arm.order];
          const read = list([
            sql`${arm.json} AS v`,
            sql`${selection.times ?? sql`1`} AS times`,
            ...places.map(
              (place, i) => sql`${orders[i] ?? sql`0`} AS ${place}`,
            ),
          ]);
          return sql`SELECT ${read} FROM ${
            arm.from ? sql`${from} CROSS JOIN ${arm.from}` : from
          }${whereOf([...where, ...arm.where])}`;
        }),
        sql` UNION ALL `,
      ),
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

/** How often each value of a field occurs, in no order. */
export function occurrencesOf(
  selection: Selection,
  source: FieldSource,
  statement: Statement,
  dialect: Dialect,
): Values {
  const { from, where, times = sql`1` } = selection;
  const arms: Sql[] =
    source.form === 'json'
      ? source.paths.map(path => {
          const rows = dialect.jsonValues(source.document, path);
          return sql`SELECT ${
            rows.json
          } AS v, ${times} AS times FROM ${from} CROSS JOIN ${
            rows.from
          }${whereOf([...where, ...rows.where])}`;
        })
      : [
          source.form === 'dictionary'
            ? // Counted by ids first: there are few of them.
              sql`SELECT ${dialect.jsonOfText(
                source.value,
              )} AS v, g.times FROM (SELECT ${
                source.id
              } AS id, sum(${times}) AS times FROM ${from}${whereOf(
                where,
              )} GROUP BY ${source.id}) g JOIN ${source.table} ON d.id = g.id`
            : sql`SELECT ${scalarJson(
                source,
                dialect,
              )} AS v, ${times} AS times FROM ${from}${whereOf(where)}`,
        ];
  const rows = statement.add(
    'v',
    arms.flatMap(() => selection.sources),
    () => Sql.join(arms, sql` UNION ALL `),
  );
  return {
    table: statement.add(
      'v',
      [rows],
      () =>
        sql`SELECT v, sum(times) AS times, 0 AS position FROM ${Sql.name(
          rows,
        )} WHERE v IS NOT NULL AND v NOT IN ('[]', '{}') GROUP BY v`,
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
  const rows = { table: values.table, column: sql`v`, prefix: 'v' };
  return { table: rowsWithin(rows, from, to, statement, dialect) };
}
