import { waysThrough } from '../../store/moment';
import { Direction } from '../query';
import { incidence, Scope, View, visible, withinScope } from './hops';
import { Stage } from './selection';
import { sql, Sql } from './sql';
import { Statement } from './statement';

export interface ClosureOptions {
  start: Stage;
  direction: Direction;
  depth: number | 'unlimited';
  /** On the edge `e`. */
  condition: Sql;
  view: View;
  scope?: Scope;
  statement: Statement;
  /** Ends the recursion after so many rows; only SQLite can. */
  rows?: number;
}

/**
 * The start and all that is reached from it, each node once, as a recursive common table expression. UNION ends
 * cycles: without a limit the rows are nodes, so there are no more of them than nodes; with one they are nodes with
 * their depths. Gives the name of the recursion where its rows are bounded.
 */
export function addClosure(options: ClosureOptions): {
  stage: Stage;
  recursion?: string;
} {
  const { start, direction, depth, condition, view, scope, statement, rows } =
    options;
  const { filter, moment } = view;
  // Within a condition: the element that it is about.
  const { extras } = start;
  const names = extras.map(Sql.name);
  const and = (columns: readonly Sql[]) =>
    Sql.join(
      columns.map(column => sql`, ${column}`),
      sql``,
    );
  const { incident, other } = incidence(direction, sql`r.id`);
  const counted = depth !== 'unlimited';
  const step = (self: Sql, edges: string, nodes?: string) => {
    const from = sql`${self} r CROSS JOIN ${Sql.table(edges, 'e')}`;
    const where = Sql.join(
      [
        incident,
        condition,
        ...withinScope(scope),
        ...(counted ? [sql`r.depth < ${depth}`] : []),
        ...(filter ? [sql`n.id = ${other}`, ...visible(view, 'n')] : []),
      ],
      sql` AND `,
    );
    const kept = and(names.map(name => sql`r.${name}`));
    const columns = counted
      ? sql`${other}, r.depth + 1${kept}`
      : sql`${other}${kept}`;
    return sql`SELECT ${columns} FROM ${from}${
      nodes ? sql` CROSS JOIN ${Sql.table(nodes, 'n')}` : sql``
    } WHERE ${where}`;
  };
  const { parts } = moment;
  const tables = filter ? [parts.edges, parts.nodes] : [parts.edges];
  const first = counted
    ? sql`SELECT id, 0 AS depth${and(names)} FROM ${Sql.name(start.table)}`
    : sql`SELECT id${and(names)} FROM ${Sql.name(start.table)}`;
  // At depth 1 there are no more rows than edges.
  const limited = counted && depth > 1 && rows !== undefined;
  const recursion = statement.add(
    'r',
    [start.table, ...(scope ? [scope.edges] : [])],
    self =>
      sql`${first} UNION ${Sql.join(
        waysThrough(tables).map(([edges, nodes]) => step(self, edges, nodes)),
        sql` UNION `,
      )}${limited ? sql` LIMIT ${rows}` : sql``}`,
  );
  const shared = {
    element: 'nodes',
    extras,
    counted: false,
    sorted: false,
  } as const;
  if (!counted) {
    return { stage: { ...shared, table: recursion } };
  }
  const reached = statement.add(
    's',
    [recursion],
    () => sql`SELECT DISTINCT id${and(names)} FROM ${Sql.name(recursion)}`,
  );
  return {
    stage: { ...shared, table: reached },
    recursion: limited ? recursion : undefined,
  };
}
