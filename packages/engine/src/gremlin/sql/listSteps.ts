import { Dialect } from './dialect';
import { FieldSource, firstJson, sortKey } from './fieldSource';
import { runningSum, timesWithin, within } from './positions';
import {
  columnsOf,
  Extra,
  idColumns,
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
  const { element, extras, position } = selection;
  const origins = originsOf(extras);
  // Within a condition each element that it is about has positions of its own.
  const times = selection.times ?? (origins.length > 0 ? sql`1` : undefined);
  const columns = columnsOf(selection);
  const keys = list(
    selection.keys.map((key, i) => sql`${key} AS ${columns[i]}`),
  );
  const place = position ? sql`, ${position} AS position` : sql``;
  const order = orderOf(selection, dialect);
  const source = sql`FROM ${selection.from}${whereOf(selection.where)}`;
  const stage = (table: string): Stage => ({
    element,
    extras,
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
        origins,
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
  const columns = columnsOf(selection);
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
  const ids = idColumns(selection.element).length;
  const order = list([
    sql`CASE WHEN as_number IS NULL AND as_text IS NULL THEN 1 ELSE 0 END`,
    sql`CASE WHEN as_number IS NULL THEN 1 ELSE 0 END ${way}`,
    sql`as_number ${way}`,
    sql`CASE WHEN as_number IS NULL THEN ${dialect.byCodePoint(
      sql`as_text`,
    )} END ${way}`,
    sql`earlier`,
    ...columns.map((column, i) =>
      selection.extras[i - ids] === 'trail'
        ? dialect.byCodePoint(column)
        : column,
    ),
  ]);
  return reopen({
    element: selection.element,
    extras: selection.extras,
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
  const columns = columnsOf(selection);
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
      )} THEN 1 ELSE 0 END AS bare, row_number() OVER (PARTITION BY ${list([
        ...names,
        ...originsOf(selection.extras),
      ])} ORDER BY position, ${placeOf(
        selection,
        dialect,
      )}) AS nth FROM ${Sql.name(keyed)}`,
  );
  return reopen({
    element: selection.element,
    extras: selection.extras,
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

/** The first occurrence of each element, where occurrences have extras that tell them apart. */
export function firstOfEach(
  selection: Selection,
  statement: Statement,
  dialect: Dialect,
): Selection {
  const { element, extras, position } = selection;
  const columns = columnsOf(selection);
  const keys = selection.keys.map((key, i) => sql`${key} AS ${columns[i]}`);
  const keyed = statement.add(
    't',
    selection.sources,
    () =>
      sql`SELECT ${list(keys)}, ${position ?? sql`0`} AS position FROM ${
        selection.from
      }${whereOf(selection.where)}`,
  );
  const numbered = statement.add(
    't',
    [keyed],
    () =>
      sql`SELECT ${list(
        columns,
      )}, position, row_number() OVER (PARTITION BY ${list([
        ...idColumns(element),
        ...originsOf(extras),
      ])} ORDER BY position, ${placeOf(
        selection,
        dialect,
      )}) AS nth FROM ${Sql.name(keyed)}`,
  );
  return reopen({
    element,
    extras,
    table: statement.add(
      's',
      [numbered],
      () =>
        sql`SELECT ${list(columns)}, position FROM ${Sql.name(
          numbered,
        )} WHERE nth = 1`,
    ),
    counted: false,
    sorted: position !== undefined,
  });
}

/** The columns of the element that a condition is about. */
function originsOf(extras: readonly Extra[]): Sql[] {
  return extras.filter(each => each.startsWith('origin')).map(Sql.name);
}

/** The order of occurrences that nothing has sorted, by the columns of a stage. */
function placeOf(selection: Selection, dialect: Dialect): Sql {
  return orderOf(
    { ...selection, keys: columnsOf(selection), position: undefined },
    dialect,
  );
}
