import { GremlinBounds } from '../bounds';
import { namesField } from '../namedFields';
import { Step } from '../query';
import type { Compilation } from './compilation';
import { allEdges, allNodes } from './hops';
import { close, orderOf, reopen, Selection } from './selection';
import { Found, list, sql, Sql, whole } from './sql';
import type { State } from './state';
import { Lookup } from './statement';

/** What to run, in order: the lookups, then the statements of the answer. Every statement is complete in itself. */
export interface Plan {
  readonly lookups: readonly Lookup[];
  readonly answer:
    | { readonly form: 'number'; readonly statement: Sql }
    /** `then`: what is made of the values in process. */
    | {
        readonly form: 'values';
        readonly statement: Sql;
        readonly then: readonly Step[];
      }
    | {
        readonly form: 'paths';
        /** `trail`, `times` */
        readonly statement: Sql;
        readonly nodes: (ids: Found) => Sql;
        readonly edges: (keys: Found) => Sql;
      }
    | { readonly form: 'nodes' | 'edges'; readonly statement: Sql }
    /** Whole rows, of which `make` and the steps after it are made in process. */
    | {
        readonly form: 'maps';
        readonly element: 'nodes' | 'edges';
        readonly statement: Sql;
        readonly make: Step;
        readonly then: readonly Step[];
      }
    | {
        readonly form: 'graph';
        readonly nodes: Sql;
        /** The edges among the nodes whose ids are bound as a JSON list. */
        readonly edges: (ids: Found) => Sql;
      };
  /** How many rows the largest bounded recursion had (`visits`); only where there is one. */
  readonly visits?: Sql;
  /** The most rows that it can have for each node. */
  readonly visitsOfNode: number;
}

/** All that a path shows is bounded by its own bounds. */
const UNCUT = { rows: Number.MAX_SAFE_INTEGER - 1 };

export function planOf(state: State, options: Compilation): Plan {
  const { statement, recursions } = options;
  const visits =
    recursions.length > 0
      ? statement.render(
          sql`SELECT max(visits) AS visits FROM (${Sql.join(
            recursions.map(
              name => sql`SELECT count(*) AS visits FROM ${Sql.name(name)}`,
            ),
            sql` UNION ALL `,
          )}) t`,
        )
      : undefined;
  return {
    answer: answerOf(state, options),
    lookups: statement.lookups,
    visits,
    visitsOfNode: options.visitsOfNode,
  };
}

function answerOf(state: State, options: Compilation): Plan['answer'] {
  const { statement, dialect, bounds, view, scope } = options;
  switch (state.stream) {
    case 'number':
      return { form: 'number', statement: statement.render(state.count) };
    case 'values': {
      const table = Sql.name(state.values.table);
      const [first] = state.then;
      // Of what is summed or counted only the different values are needed.
      const isSummary = first?.step === 'aggregate' || first?.step === 'group';
      return {
        form: 'values',
        then: state.then,
        statement: statement.render(
          isSummary
            ? sql`SELECT v, sum(times) AS times FROM ${table} GROUP BY v ORDER BY v LIMIT ${whole(
                bounds.patternValues + 1,
              )}`
            : sql`SELECT v, times FROM ${table} ORDER BY position LIMIT ${whole(
                bounds.rows + 1,
              )}`,
        ),
      };
    }
    case 'paths':
      return {
        form: 'paths',
        statement: statement.render(
          sql`SELECT trail, times FROM ${Sql.name(
            state.paths.table,
          )} ORDER BY position LIMIT ${whole(bounds.rows + 1)}`,
        ),
        nodes: ids =>
          rowsOf(
            listed('nodes', sql`(${dialect.idsOfJsonList(sql`${ids}`)}) s`, [
              sql`s.id`,
            ]),
            options,
            UNCUT,
          ),
        edges: keys =>
          rowsOf(
            listed(
              'edges',
              sql`${dialect.edgeKeysOfJsonList(sql`${keys}`)} s`,
              [sql`s.src`, sql`s.rel`, sql`s.dst`],
            ),
            options,
            UNCUT,
          ),
      };
    case 'elements':
      return {
        form: state.selection.element,
        statement: rowsOf(state.selection, options),
      };
    case 'maps':
      return {
        form: 'maps',
        element: state.selection.element,
        statement: rowsOf(state.selection, options),
        make: state.make,
        then: state.then,
      };
    default: {
      // A graph shows no ways.
      const shown = {
        ...view,
        extras: view.extras?.filter(each => each !== 'trail'),
      };
      const edges = allEdges(shown, scope, [], dialect);
      return {
        form: 'graph',
        nodes: rowsOf(allNodes(shown, scope, [], dialect), options),
        edges: ids =>
          rowsOf(
            {
              ...edges,
              where: [
                ...edges.where,
                sql`e.src IN (${dialect.idsOfJsonList(sql`${ids}`)})`,
                sql`e.dst IN (${dialect.idsOfJsonList(sql`${ids}`)})`,
              ],
            },
            options,
          ),
      };
    }
  }
}

/** The first rows of a selection with all that an answer shows of them. */
function rowsOf(
  selection: Selection,
  options: Compilation,
  bounds: Pick<GremlinBounds, 'rows'> = options.bounds,
): Sql {
  const { statement, dialect, model, view, query } = options;
  const columns = Sql.join(
    model
      .nodeColumns(dialect, view, field => namesField(query.steps, field))
      .map(column => sql`, ${column}`),
    sql``,
  );
  // The narrow rows are ordered and cut before the wide ones are joined.
  const stage = reopen(close(selection, statement, dialect));
  const shown = [
    ...stage.keys,
    sql`${stage.times ?? sql`1`} AS times`,
    ...(stage.position ? [sql`${stage.position} AS position`] : []),
  ];
  const order = orderOf(stage, dialect);
  const cut = sql`(SELECT ${list(shown)} FROM ${
    stage.from
  } ORDER BY ${order} LIMIT ${whole(bounds.rows + 1)})`;
  const { nodes, edges } = statement.moment;
  // Of a span of time a node has several rows: an edge is shown with one of each end.
  const ends = selection.extras.includes('since')
    ? `(SELECT id, min(key) AS key, min(cluster_id) AS cluster_id FROM ${nodes} o GROUP BY id)`
    : nodes;
  // What rows are ordered by is shown as well, which the past needs (see `Moment`).
  const extras = stage.extras.map(extra => sql`, s.${Sql.name(extra)}`);
  const place = sql`${
    stage.position ? sql`, ${stage.position} AS position` : sql``
  }${Sql.join(extras, sql``)}`;
  const since = (column: Sql) =>
    stage.extras.includes('since') ? sql` AND ${column} = s.since` : sql``;
  return statement.render(
    selection.element === 'nodes'
      ? sql`SELECT s.id, s.times${place}, n.key, n.namespace, n.name, n.level, n.labels, n.properties, n.created_at, n.updated_at, n.revision, k.type, c.name AS cluster${columns} FROM ${cut} s CROSS JOIN ${Sql.table(
          nodes,
          'n',
        )} CROSS JOIN kinds k CROSS JOIN clusters c WHERE n.id = s.id${since(
          sql`n.updated_at`,
        )} AND k.id = n.kind_id AND c.id = n.cluster_id ORDER BY ${order}`
      : sql`SELECT s.src, s.rel, s.dst, s.times${place}, p.key AS parent, q.key AS child, r.name AS relation, r.relation_type, r.metadata, e.details, e.created_at, c.name AS cluster FROM ${cut} s CROSS JOIN ${Sql.table(
          edges,
          'e',
        )} CROSS JOIN relations r CROSS JOIN ${Sql.table(
          ends,
          'p',
        )} CROSS JOIN ${Sql.table(
          ends,
          'q',
        )} CROSS JOIN clusters c WHERE e.src = s.src AND e.rel = s.rel AND e.dst = s.dst${since(
          sql`e.created_at`,
        )} AND r.id = e.rel AND p.id = e.src AND q.id = e.dst AND c.id = p.cluster_id ORDER BY ${order}`,
  );
}

/** Elements whose ids are bound. */
function listed(
  element: 'nodes' | 'edges',
  from: Sql,
  keys: readonly Sql[],
): Selection {
  return {
    element,
    from,
    where: [],
    sources: [],
    extras: [],
    keys,
    repeats: false,
    hasRow: false,
  };
}
