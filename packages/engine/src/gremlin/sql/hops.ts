import { NodeFilter } from '../../store/nodeFilter';
import { Moment } from '../../store/moment';
import { nodeFilterSql } from '../../store/nodeFilterSql';
import { Direction } from '../query';
import { Dialect } from './dialect';
import { Extra, Selection, Stage } from './selection';
import { all, any, list, sql, Sql } from './sql';
import { trailItem } from './trail';

/** The graph that an earlier SubGraph has left: names of its node and edge expressions. */
export interface Scope {
  nodes: string;
  edges: string;
}

/** What of the graph a query sees: as it was when, and through which filter. */
export interface View {
  moment: Moment;
  filter?: NodeFilter;
  /** What tells occurrences apart in this query (see `Extra`). */
  extras?: readonly ('trail' | 'since')[];
}

/** The extras of elements that nothing led to. */
function begun(
  { extras = [] }: View,
  keys: readonly Sql[],
  since: Sql,
  dialect: Dialect,
): { extras: readonly Extra[]; keys: readonly Sql[] } {
  const values = extras.map(extra =>
    extra === 'trail' ? trailItem(keys, dialect) : since,
  );
  return { extras, keys: [...keys, ...values] };
}

/** The extras of a stage `s`, one step further. */
export function carried(
  { extras }: { extras: readonly Extra[] },
  keys: readonly Sql[],
  since: Sql,
  dialect: Dialect,
): { extras: readonly Extra[]; keys: readonly Sql[] } {
  const values = extras.map(extra => {
    switch (extra) {
      case 'trail':
        return sql`s.trail || ',' || ${trailItem(keys, dialect)}`;
      case 'since':
        return since;
      default:
        return sql`s.${Sql.name(extra)}`;
    }
  });
  return { extras, keys: [...keys, ...values] };
}

const EDGE_KEYS = [sql`e.src`, sql`e.rel`, sql`e.dst`];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What the caller may see of the row of `nodes` called `alias`. */
export function visible({ filter }: View, alias: string): Sql[] {
  return filter ? [Sql.of(nodeFilterSql(filter, alias))] : [];
}

/** Whether the caller may see a node in any of its revisions: an edge is not counted for each of them. */
function seen(view: View, id: Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM ${Sql.table(
    view.moment.nodes,
    'o',
  )} WHERE o.id = ${id} AND ${all(visible(view, 'o'))})`;
}

/** `V()`: all nodes, or those with one of the ids: a key, or a Kubernetes uid as Skydive's ids are. */
export function allNodes(
  view: View,
  scope: Scope | undefined,
  ids: readonly string[],
  dialect: Dialect,
): Selection {
  const { moment } = view;
  const uids = ids.filter(id => UUID.test(id));
  const named =
    ids.length === 0
      ? []
      : [
          any([
            sql`n.key IN (${list(ids.map(id => sql`${id}`))})`,
            ...(uids.length > 0
              ? [sql`n.uid IN (${list(uids.map(id => sql`${id}`))})`]
              : []),
          ]),
        ];
  return {
    element: 'nodes',
    from: scope
      ? sql`${Sql.name(scope.nodes)} s CROSS JOIN ${Sql.table(
          moment.nodes,
          'n',
        )}`
      : Sql.table(moment.search, 'n'),
    where: [
      ...(scope ? [sql`n.id = s.id`] : []),
      ...visible(view, 'n'),
      ...named,
    ],
    sources: scope ? [scope.nodes] : [],
    ...begun(view, [sql`n.id`], sql`n.updated_at`, dialect),
    repeats: false,
    hasRow: true,
  };
}

/** `E()`: all edges between nodes that the caller may see, or those with one of the ids; each is a list of readings. */
export function allEdges(
  view: View,
  scope: Scope | undefined,
  ids: readonly (readonly Sql[])[],
  dialect: Dialect,
): Selection {
  const { moment } = view;
  const edges = Sql.table(moment.edges, 'e');
  let from = scope
    ? sql`${Sql.name(scope.edges)} s CROSS JOIN ${edges}`
    : edges;
  const where = scope
    ? [sql`e.src = s.src AND e.rel = s.rel AND e.dst = s.dst`]
    : [];
  if (ids.length > 0) {
    where.push(any(ids.flat()));
  }
  if (view.filter && view.extras?.includes('since')) {
    where.push(seen(view, sql`e.src`), seen(view, sql`e.dst`));
  } else if (view.filter) {
    from = sql`${from} CROSS JOIN ${Sql.table(
      moment.nodes,
      'a',
    )} CROSS JOIN ${Sql.table(moment.nodes, 'b')}`;
    where.push(
      sql`a.id = e.src AND b.id = e.dst`,
      ...visible(view, 'a'),
      ...visible(view, 'b'),
    );
  }
  return {
    element: 'edges',
    from,
    where,
    sources: scope ? [scope.edges] : [],
    ...begun(view, EDGE_KEYS, sql`e.created_at`, dialect),
    repeats: false,
    hasRow: true,
  };
}

/** Over the edges of a stage of nodes, to the nodes at their other end or to the edges themselves. */
export function follow(
  stage: Stage,
  step: { direction: Direction; to: 'nodes' | 'edges' },
  view: View,
  scope: Scope | undefined,
  dialect: Dialect,
): Selection {
  const { moment, filter } = view;
  const { incident, other } = incidence(step.direction, sql`s.id`);
  let from = sql`${Sql.name(stage.table)} s CROSS JOIN ${Sql.table(
    moment.edges,
    'e',
  )}`;
  const where = [incident, ...withinScope(scope)];
  const times = stage.counted ? sql`s.times` : sql`1`;
  if (step.to === 'edges') {
    if (filter && stage.extras.includes('since')) {
      where.push(seen(view, other));
    } else if (filter) {
      from = sql`${from} CROSS JOIN ${Sql.table(moment.nodes, 'o')}`;
      where.push(sql`o.id = ${other}`, ...visible(view, 'o'));
    }
    // Both ways an edge is met from both of its ends.
    const repeats = step.direction === 'both';
    return {
      element: 'edges',
      from,
      where,
      sources: [stage.table, ...(scope ? [scope.edges] : [])],
      ...carried(stage, EDGE_KEYS, sql`e.created_at`, dialect),
      times: repeats || stage.counted ? times : undefined,
      repeats,
      hasRow: true,
    };
  }
  const hasRow = filter !== undefined || stage.extras.includes('since');
  if (hasRow) {
    from = sql`${from} CROSS JOIN ${Sql.table(moment.nodes, 'n')}`;
    where.push(sql`n.id = ${other}`, ...visible(view, 'n'));
  }
  return {
    element: 'nodes',
    from,
    where,
    sources: [stage.table, ...(scope ? [scope.edges] : [])],
    ...carried(stage, [hasRow ? sql`n.id` : other], sql`n.updated_at`, dialect),
    times,
    repeats: true,
    hasRow,
  };
}

/** From edges to the nodes at their ends; an edge is only there when both of them may be seen. */
export function ends(
  stage: Stage,
  end: 'parent' | 'child' | 'both',
  { moment }: View,
  dialect: Dialect,
): Selection {
  const table = Sql.name(stage.table);
  const sides = { parent: sql`s.src`, child: sql`s.dst` };
  let node: Sql;
  let from: Sql;
  if (end === 'both') {
    from = sql`${table} s CROSS JOIN (SELECT 0 AS side UNION ALL SELECT 1) t`;
    node = sql`(CASE WHEN t.side = 0 THEN s.src ELSE s.dst END)`;
  } else {
    from = sql`${table} s`;
    node = sides[end];
  }
  const hasRow = stage.extras.includes('since');
  return {
    element: 'nodes',
    from: hasRow
      ? sql`${from} CROSS JOIN ${Sql.table(moment.nodes, 'n')}`
      : from,
    where: hasRow ? [sql`n.id = ${node}`] : [],
    sources: [stage.table],
    ...carried(stage, [node], sql`n.updated_at`, dialect),
    times: stage.counted ? sql`s.times` : sql`1`,
    repeats: true,
    hasRow,
  };
}

/**
 * Which rows of `edges e` are met at a node, and the node at their other end. One condition for both directions, so
 * that a stage is mentioned once; both databases answer it with two index lookups.
 */
export function incidence(
  direction: Direction,
  node: Sql,
): { incident: Sql; other: Sql } {
  switch (direction) {
    case 'out':
      return { incident: sql`e.src = ${node}`, other: sql`e.dst` };
    case 'in':
      return { incident: sql`e.dst = ${node}`, other: sql`e.src` };
    default:
      return {
        incident: sql`(e.src = ${node} OR e.dst = ${node})`,
        other: sql`(CASE WHEN e.src = ${node} THEN e.dst ELSE e.src END)`,
      };
  }
}

export function withinScope(scope: Scope | undefined): Sql[] {
  return scope
    ? [
        sql`(e.src, e.rel, e.dst) IN (SELECT src, rel, dst FROM ${Sql.name(
          scope.edges,
        )})`,
      ]
    : [];
}
