import { Dialect } from './dialect';
import { list, sql, Sql, whole } from './sql';
import { Statement } from './statement';

/** How many occurrences there are up to and with this row. */
export function runningSum(
  times: Sql,
  order: Sql,
  partition: readonly Sql[] = [],
): Sql {
  const parts =
    partition.length > 0 ? sql`PARTITION BY ${list(partition)} ` : sql``;
  return sql`CAST(sum(${times}) OVER (${parts}ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS bigint)`;
}

export function within(from: number, to: number): Sql {
  return sql`upto > ${whole(from)} AND upto - times < ${whole(to)} AND ${whole(
    from,
  )} < ${whole(to)}`;
}

export function timesWithin(from: number, to: number, dialect: Dialect): Sql {
  return sql`(${dialect.least(sql`upto`, whole(to))} - ${dialect.greatest(
    sql`upto - times`,
    whole(from),
  )})`;
}

/** Of a table of `column`, `times` and `position` the occurrences from (inclusive) to (exclusive), as a new table. */
export function rowsWithin(
  rows: { table: string; column: Sql; prefix: string },
  from: number,
  to: number,
  statement: Statement,
  dialect: Dialect,
): string {
  const { table, column, prefix } = rows;
  const running = statement.add(
    't',
    [table],
    () =>
      sql`SELECT ${column}, times, position, ${runningSum(
        sql`times`,
        sql`position`,
      )} AS upto FROM ${Sql.name(table)}`,
  );
  return statement.add(
    prefix,
    [running],
    () =>
      sql`SELECT ${column}, ${timesWithin(
        from,
        to,
        dialect,
      )} AS times, position FROM ${Sql.name(running)} WHERE ${within(
        from,
        to,
      )}`,
  );
}
