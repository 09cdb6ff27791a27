import { Moment } from '../../store/moment';
import { Dialect } from './dialect';
import { list, sql, Sql } from './sql';
import { Statement } from './statement';

/**
 * What tells two occurrences of one element apart, besides how often it occurs: the way by which it was reached
 * (`Path`), since when a revision is valid (`At` with a span), and the element that a condition is about (`Where`).
 */
export type Extra = 'trail' | 'since' | 'origin' | 'origin_rel' | 'origin_dst';

/**
 * A finished common table expression: one row for each node (`id`) or edge (`src`, `rel`, `dst`), with how often it
 * occurs (`times`), because Skydive does not deduplicate, and with its position when something sorted it.
 * Counting instead of repeating keeps every stage as small as the graph, whatever the query does.
 */
export interface Stage {
  readonly element: 'nodes' | 'edges';
  readonly table: string;
  readonly extras: readonly Extra[];
  readonly counted: boolean;
  readonly sorted: boolean;
}

/** A stage still open to conditions: they all go into one SELECT. */
export interface Selection {
  readonly element: 'nodes' | 'edges';
  readonly from: Sql;
  readonly where: readonly Sql[];
  /** The expressions mentioned in `from` and `where`. */
  readonly sources: readonly string[];
  readonly extras: readonly Extra[];
  /** What identifies an occurrence: `id`, or `src`, `rel`, `dst`; then the extras. */
  readonly keys: readonly Sql[];
  /** How often a row stands for its element; `undefined`: each element occurs once. */
  readonly times?: Sql;
  /** An element may have several rows. */
  readonly repeats: boolean;
  readonly position?: Sql;
  /** `n` or `e`, the row that fields are read from, is part of `from`. */
  readonly hasRow: boolean;
}

const NODE_COLUMNS = [sql`id`];
const EDGE_COLUMNS = [sql`src`, sql`rel`, sql`dst`];
/** Beyond this an occurrence is not counted further: sums of it stay within 64 bits. */
const MOST_TIMES = sql`1000000000000`;

/** The columns of a stage, as `keys` names their values. */
export function columnsOf(each: {
  element: 'nodes' | 'edges';
  extras: readonly Extra[];
}): readonly Sql[] {
  return [...idColumns(each.element), ...each.extras.map(Sql.name)];
}

export function idColumns(element: 'nodes' | 'edges'): readonly Sql[] {
  return element === 'nodes' ? NODE_COLUMNS : EDGE_COLUMNS;
}

/** The value of an extra. */
export function extraOf(selection: Selection, extra: Extra): Sql {
  return selection.keys[
    idColumns(selection.element).length + selection.extras.indexOf(extra)
  ];
}

/** Reads a stage again, to narrow it. */
export function reopen(stage: Stage): Selection {
  return {
    element: stage.element,
    from: sql`${Sql.name(stage.table)} s`,
    where: [],
    sources: [stage.table],
    extras: stage.extras,
    keys: columnsOf(stage).map(column => sql`s.${column}`),
    times: stage.counted ? sql`s.times` : undefined,
    repeats: false,
    position: stage.sorted ? sql`s.position` : undefined,
    hasRow: false,
  };
}

export function narrowed(
  selection: Selection,
  conditions: readonly Sql[],
): Selection {
  return { ...selection, where: [...selection.where, ...conditions] };
}

/** With the row that fields are read from. CROSS JOIN keeps SQLite from scanning it first (`perf.md` C, trap 1). */
export function withRow(selection: Selection, moment: Moment): Selection {
  if (selection.hasRow) {
    return selection;
  }
  const [first, second, third] = selection.keys;
  const since = (column: Sql) =>
    selection.extras.includes('since')
      ? [sql`${column} = ${extraOf(selection, 'since')}`]
      : [];
  return selection.element === 'nodes'
    ? {
        ...selection,
        from: sql`${selection.from} CROSS JOIN ${Sql.table(moment.nodes, 'n')}`,
        where: [
          ...selection.where,
          sql`n.id = ${first}`,
          ...since(sql`n.updated_at`),
        ],
        hasRow: true,
      }
    : {
        ...selection,
        from: sql`${selection.from} CROSS JOIN ${Sql.table(moment.edges, 'e')}`,
        where: [
          ...selection.where,
          sql`e.src = ${first} AND e.rel = ${second} AND e.dst = ${third}`,
          ...since(sql`e.created_at`),
        ],
        hasRow: true,
      };
}

/** The order of the elements: by an earlier Sort, else by their ids, so that the same query gives the same answer. */
export function orderOf(selection: Selection, dialect: Dialect): Sql {
  if (selection.position) {
    return selection.position;
  }
  const ids = idColumns(selection.element).length;
  return list(
    selection.keys.map((key, i) =>
      selection.extras[i - ids] === 'trail' ? dialect.byCodePoint(key) : key,
    ),
  );
}

export function whereOf(conditions: readonly Sql[]): Sql {
  return conditions.length === 0
    ? sql``
    : sql` WHERE ${Sql.join(conditions, sql` AND `)}`;
}

/** The rows of the past as an expression of their own, to be counted or numbered afterwards (see `Moment`). */
function readFirst(selection: Selection, statement: Statement): Selection {
  const { times, element, extras } = selection;
  const columns = columnsOf(selection);
  const read = list([
    ...selection.keys.map((key, i) => sql`${key} AS ${columns[i]}`),
    ...(times ? [sql`${times} AS times`] : []),
  ]);
  const table = statement.add(
    'h',
    selection.sources,
    () => sql`SELECT ${read} FROM ${selection.from}${whereOf(selection.where)}`,
  );
  return {
    element,
    from: sql`${Sql.name(table)} h`,
    where: [],
    sources: [table],
    extras,
    keys: columns.map(column => sql`h.${column}`),
    times: times && sql`h.times`,
    repeats: selection.repeats,
    hasRow: false,
  };
}

/** Makes a selection a stage: one row for each element. */
export function close(
  open: Selection,
  statement: Statement,
  dialect: Dialect,
): Stage {
  const selection =
    open.repeats && statement.moment.isPast ? readFirst(open, statement) : open;
  const { element, extras, repeats, times, position } = selection;
  const columns = columnsOf(selection);
  const keys = selection.keys.map((key, i) => sql`${key} AS ${columns[i]}`);
  const source = sql`FROM ${selection.from}${whereOf(selection.where)}`;
  let body: Sql;
  if (!repeats) {
    const more = [
      ...(times ? [sql`${times} AS times`] : []),
      ...(position ? [sql`${position} AS position`] : []),
    ];
    body = sql`SELECT ${list([...keys, ...more])} ${source}`;
  } else if (times) {
    const sum = dialect.least(sql`sum(${times})`, MOST_TIMES);
    body = sql`SELECT ${list(
      keys,
    )}, CAST(${sum} AS bigint) AS times ${source} GROUP BY ${list(
      selection.keys,
    )}`;
  } else {
    body = sql`SELECT DISTINCT ${list(keys)} ${source}`;
  }
  return {
    element,
    table: statement.add('s', selection.sources, () => body),
    extras,
    counted: times !== undefined,
    sorted: !repeats && position !== undefined,
  };
}
