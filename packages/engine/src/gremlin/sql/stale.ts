import { UNSTALE_TYPES } from '../nodeState';
import { Dialect } from './dialect';
import { View, visible } from './hops';
import { all, any, list, sql, Sql } from './sql';

/** CronJob → Job → pod, Deployment → ReplicaSet → pod, and one more for an owner of those. */
const HOPS = 3;

const CONTROL = sql`(SELECT id FROM relations WHERE class = 'control')`;

/** Whether the row is a pod that runs with a former version of its configuration (`Verdict.stale`). */
export function isStale(alias: string, dialect: Dialect): Sql {
  const verdict = sql`${Sql.name(alias)}.verdict`;
  return sql`${dialect.label(verdict, 'stale')} IS NOT NULL`;
}

/** Whether the row `n` is such a pod, or controls one that the caller may see. */
export function staleNode(view: View, dialect: Dialect): Sql {
  const unstale = list(UNSTALE_TYPES.map(type => sql`${type}`));
  return any([
    isStale('n', dialect),
    all([
      sql`n.kind_id NOT IN (SELECT id FROM kinds WHERE type IN (${unstale}))`,
      controlsStale('n', HOPS, view, dialect),
    ]),
  ]);
}

function controlsStale(
  node: string,
  hops: number,
  view: View,
  dialect: Dialect,
): Sql {
  const [edge, child] = [`x${hops}`, `y${hops}`];
  const { edges, nodes } = view.moment;
  const own = isStale(child, dialect);
  return sql`EXISTS (SELECT 1 FROM ${Sql.table(
    edges,
    edge,
  )} CROSS JOIN ${Sql.table(nodes, child)} WHERE ${all([
    sql`${Sql.name(edge)}.src = ${Sql.name(node)}.id`,
    sql`${Sql.name(edge)}.rel IN ${CONTROL}`,
    sql`${Sql.name(child)}.id = ${Sql.name(edge)}.dst`,
    ...visible(view, child),
    hops === 1
      ? own
      : any([own, controlsStale(child, hops - 1, view, dialect)]),
  ])})`;
}
