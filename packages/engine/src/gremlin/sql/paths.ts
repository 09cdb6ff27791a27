import { Dialect } from './dialect';
import { rowsWithin } from './positions';
import { extraOf, orderOf, Selection, Stage, whereOf } from './selection';
import { sql, Sql } from './sql';
import { Statement } from './statement';

/** A finished expression of ways: `trail` (see `readTrail`), `times`, `position`. */
export interface Paths {
  readonly table: string;
}

/** The ways by which the elements of a selection were reached. */
export function pathsOf(
  selection: Selection,
  statement: Statement,
  dialect: Dialect,
): Paths {
  return {
    table: statement.add(
      'p',
      selection.sources,
      () =>
        sql`SELECT ${extraOf(selection, 'trail')} AS trail, ${
          selection.times ?? sql`1`
        } AS times, row_number() OVER (ORDER BY ${orderOf(
          selection,
          dialect,
        )}) AS position FROM ${selection.from}${whereOf(selection.where)}`,
    ),
  };
}

/** The nodes on the ways, each once. */
export function nodesOnPaths(
  paths: Paths,
  statement: Statement,
  dialect: Dialect,
): Stage {
  const items = dialect.partsOfJsonList(sql`'[' || p.trail || ']'`);
  return {
    element: 'nodes',
    extras: [],
    counted: false,
    sorted: false,
    table: statement.add(
      's',
      [paths.table],
      () =>
        sql`SELECT DISTINCT CAST(${
          items.text
        } AS integer) AS id FROM ${Sql.name(paths.table)} p CROSS JOIN ${
          items.from
        } WHERE ${items.text} NOT LIKE '%:%'`,
    ),
  };
}

export function pathsCount(paths: Paths): Sql {
  return sql`SELECT coalesce(sum(times), 0) AS count FROM ${Sql.name(
    paths.table,
  )}`;
}

export function pathsRange(
  paths: Paths,
  from: number,
  to: number,
  statement: Statement,
  dialect: Dialect,
): Paths {
  const rows = { table: paths.table, column: sql`trail`, prefix: 'p' };
  return { table: rowsWithin(rows, from, to, statement, dialect) };
}
