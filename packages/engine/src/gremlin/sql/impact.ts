import { waysThrough } from '../../store/moment';
import { Dialect } from './dialect';
import { Scope, View, visible, withinScope } from './hops';
import { Stage } from './selection';
import { all, any, list, sql, Sql } from './sql';
import { Statement } from './statement';

export interface ImpactOptions {
  start: Stage;
  /** Only over what nothing can do without. */
  hardOnly: boolean;
  view: View;
  scope?: Scope;
  statement: Statement;
  dialect: Dialect;
  /** Ends the recursion after so many rows; only SQLite can. */
  rows?: number;
}

/** The most rows of the recursion for each node: one for each state. */
export const IMPACT_STATES = 4;

const relationIds = (where: Sql) =>
  sql`(SELECT id FROM relations WHERE ${where})`;

/** Owners take what they own along, a namespace all that is in it: the rule of `impact/readImpactGraph.ts`. */
const TAKES_ALONG = sql`(class = 'control' OR (class = 'ownership' AND suffers = 'target'))`;
const TAKING = relationIds(TAKES_ALONG);
const TARGET_SUFFERS = relationIds(
  sql`suffers = 'target' AND NOT ${TAKES_ALONG}`,
);
const SOURCE_SUFFERS = relationIds(sql`suffers = 'source'`);
const HARD = relationIds(sql`strength = 'hard'`);

/** Containers are parts of their pods, and clusters miss nothing. */
const NEVER_HIT = sql`(SELECT id FROM kinds WHERE text IN ('Container', 'Cluster'))`;
/** Through these a mere nuisance does not go on: everything hangs on them. */
const HUBS = sql`(SELECT id FROM kinds WHERE text IN ('Cluster', 'Namespace', 'Node', 'StorageClass.storage.k8s.io'))`;

/**
 * All that would break or go if the start went, without the start itself; the rules are those of `impact/`, but for the
 * count of those alike: who needs one of several is hit when any of them is.
 *
 * States of a row: 3 it goes itself, 2 it does not work, 1 it works worse, 0 it can do without, so that nobody behind it
 * is hit.
 */
export function addImpact(options: ImpactOptions): {
  stage: Stage;
  recursion: string;
} {
  const { start, hardOnly, view, scope, statement, dialect, rows } = options;
  const { extras } = start;
  const names = extras.map(Sql.name);
  const { parts } = view.moment;
  const goes = sql`r.state = 3 AND e.src = r.id AND e.rel IN ${TAKING}`;
  const needs = sql`e.required = 1`;
  const isHard = all([needs, sql`e.rel IN ${HARD}`]);
  const hit = any([
    sql`(e.src = r.id AND (e.rel IN ${TARGET_SUFFERS} OR (r.state = 3 AND e.rel IN ${TAKING})))`,
    sql`(e.dst = r.id AND e.rel IN ${SOURCE_SUFFERS})`,
  ]);
  const other = sql`(CASE WHEN e.src = r.id THEN e.dst ELSE e.src END)`;
  const state = sql`CASE WHEN ${goes} THEN 3 WHEN r.state >= 2 AND ${isHard} THEN 2 WHEN ${needs} AND n.kind_id NOT IN ${HUBS} THEN 1 ELSE 0 END`;
  const reason = dialect.label(sql`n.verdict`, 'reason');
  const step = (self: Sql, edges: string, nodes: string) =>
    sql`SELECT ${list([
      other,
      state,
      ...names.map(name => sql`r.${name}`),
    ])} FROM ${self} r CROSS JOIN ${Sql.table(
      edges,
      'e',
    )} CROSS JOIN ${Sql.table(nodes, 'n')} WHERE ${all([
      sql`r.state > 0`,
      hit,
      ...(hardOnly ? [any([goes, isHard])] : []),
      ...withinScope(scope),
      sql`n.id = ${other}`,
      sql`n.level NOT IN ('history', 'missing')`,
      sql`coalesce(${reason}, '') <> 'Completed'`,
      sql`n.kind_id NOT IN ${NEVER_HIT}`,
      ...visible(view, 'n'),
    ])}`;
  const recursion = statement.add(
    'r',
    [start.table, ...(scope ? [scope.edges] : [])],
    self =>
      sql`SELECT ${list([sql`id`, sql`3 AS state`, ...names])} FROM ${Sql.name(
        start.table,
      )} UNION ${Sql.join(
        waysThrough([parts.edges, parts.nodes]).map(([edges, nodes]) =>
          step(self, edges, nodes),
        ),
        sql` UNION `,
      )}${rows === undefined ? sql`` : sql` LIMIT ${rows}`}`,
  );
  const columns = list([sql`id`, ...names]);
  const table = statement.add(
    's',
    [recursion, start.table],
    () =>
      sql`SELECT DISTINCT ${columns} FROM ${Sql.name(
        recursion,
      )} WHERE (${columns}) NOT IN (SELECT ${columns} FROM ${Sql.name(
        start.table,
      )})`,
  );
  return {
    stage: {
      element: 'nodes',
      table,
      extras,
      counted: false,
      sorted: false,
    },
    recursion,
  };
}
