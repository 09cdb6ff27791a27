import { Dialect } from './dialect';
import { FieldSource, firstJson, sortKey } from './fieldSource';
import { runningSum, timesWithin, within } from './positions';
import {
  columnsOf,
  orderOf,
  reopen,
  Selection,
  Stage,
  whereOf,
} from './selection';
import { list, sql, Sql, whole } from './sql';
import { Statement } from './statement';

/** How many elements there are, each as often as it occurs; of a selection whose rows count. */
export function countOf(selection: Selection): Sql {
  return sql`SELECT coalesce(sum(${
    selection.times ?? sql`1`
  }), 0) AS count FROM ${selection.from}${whereOf(selection.where)}`;
}

/** The elements at positions from (inclusive) to (exclusive); of an element that occurs several times so many of it. */
export function limited(
  selection: Selection,
  from: number,
  to: number,
  statement: Statement,
  dialect: Dialect,
): Selection {
  const { element, times, position } = selection;
  const columns = columnsOf(element);
  const keys = list(
    selection.keys.map((key, i) => sql`${key} AS ${columns[i]}`),
  );
  const place = position ? sql`, ${position} AS position` : sql``;
  const order = orderOf(selection);
  const source = sql`FROM ${selection.from}${whereOf(selection.where)}`;
  const stage = (table: string): Stage => ({
    element,
    table,
    counted: times !== undefined,
    sorted: position !== undefined,
  });
  if (!times) {
    return reopen(
      stage(
        statement.add(
          's',
          selection.sources,
          () =>
            sql`SELECT ${keys}${place} ${source} ORDER BY ${order} LIMIT ${whole(
              Math.max(0, to - from),
            )} OFFSET ${whole(from)}`,
        ),
      ),
    );
  }
  const running = statement.add(
    't',
    selection.sources,
    () =>
      sql`SELECT ${keys}, ${times} AS times${place}, ${runningSum(
        times,
        order,
      )} AS upto ${source}`,
  );
  const kept = [
    ...columns,
    sql`${timesWithin(from, to, dialect)} AS times`,
    ...(position ? [sql`position`] : []),
  ];
  return reopen(
    stage(
      statement.add(
        's',
        [running],
        () =>
          sql`SELECT ${list(kept)} FROM ${Sql.name(running)} WHERE ${within(
            from,
            to,
          )}`,
      ),
    ),
  );
}

/** Numbers (also texts that are whole numbers) by value, then texts by code point, then what lacks the field. */
export function sorted(
  selection: Selection,
  source: FieldSource,
  descending: boolean,
  statement: Statement,
  dialect: Dialect,
): Selection {
  const columns = columnsOf(selection.element);
  const keys = selection.keys.map((key, i) => sql`${key} AS ${columns[i]}`);
  const { number, text } = sortKey(source, dialect);
  const keyed = statement.add(
    't',
    selection.sources,
    () =>
      sql`SELECT ${list(keys)}, ${selection.times ?? sql`1`} AS times, ${
        selection.position ?? sql`0`
      } AS earlier, ${number} AS as_number, ${text} AS as_text FROM ${
        selection.from
      }${whereOf(selection.where)}`,
  );
  const way = descending ? sql`DESC` : sql`ASC`;
  const order = list([
    sql`CASE WHEN as_number IS NULL AND as_text IS NULL THEN 1 ELSE 0 END`,
    sql`CASE WHEN as_number IS NULL THEN 1 ELSE 0 END ${way}`,
    sql`as_number ${way}`,
    sql`CASE WHEN as_number IS NULL THEN ${dialect.byCodePoint(
      sql`as_text`,
    )} END ${way}`,
    sql`earlier`,
    ...columns,
  ]);
  return reopen({
    element: selection.element,
    table: statement.add(
      's',
      [keyed],
      () =>
        sql`SELECT ${list(
          columns,
        )}, times, row_number() OVER (ORDER BY ${order}) AS position FROM ${Sql.name(
          keyed,
        )}`,
    ),
    counted: true,
    sorted: true,
  });
}

/** The first element of each combination of field values; elements that have none of the fields all stay. */
export function dedupByKeys(
  selection: Selection,
  sources: readonly FieldSource[],
  statement: Statement,
  dialect: Dialect,
): Selection {
  const columns = columnsOf(selection.element);
  const keys = selection.keys.map((key, i) => sql`${key} AS ${columns[i]}`);
  const names = sources.map((_, i) => Sql.name(`k${i}`));
  const values = sources.map(
    (source, i) => sql`${firstJson(source, dialect)} AS ${names[i]}`,
  );
  const keyed = statement.add(
    't',
    selection.sources,
    () =>
      sql`SELECT ${list([...keys, ...values])}, ${
        selection.times ?? sql`1`
      } AS times, ${selection.position ?? sql`0`} AS position FROM ${
        selection.from
      }${whereOf(selection.where)}`,
  );
  const numbered = statement.add(
    't',
    [keyed],
    () =>
      sql`SELECT ${list(columns)}, times, position, CASE WHEN ${Sql.join(
        names.map(name => sql`${name} IS NULL`),
        sql` AND `,
      )} THEN 1 ELSE 0 END AS bare, row_number() OVER (PARTITION BY ${list(
        names,
      )} ORDER BY position, ${list(columns)}) AS nth FROM ${Sql.name(keyed)}`,
  );
  return reopen({
    element: selection.element,
    table: statement.add(
      's',
      [numbered],
      () =>
        sql`SELECT ${list(
          columns,
        )}, CASE WHEN bare = 1 THEN times ELSE 1 END AS times, position FROM ${Sql.name(
          numbered,
        )} WHERE nth = 1 OR bare = 1`,
    ),
    counted: true,
    sorted: selection.position !== undefined,
  });
}
