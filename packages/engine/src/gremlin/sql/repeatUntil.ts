import { waysThrough } from '../../store/moment';
import { Condition, Step, Traversal } from '../query';
import {
  allEdges,
  allNodes,
  incidence,
  View,
  visible,
  withinScope,
} from './hops';
import { Narrowing } from './narrowing';
import { isHas, Repeating, RepeatStep, together } from './repeat';
import { Extra, reopen, Selection, Stage } from './selection';
import { all, list, sql, Sql } from './sql';
import { trailItem } from './trail';

type HasStep = Extract<Step, { step: 'has' }>;

/** One hop of a recursion: which edges, and which nodes at their other end. */
interface Hop {
  /** Expressions besides the recursion's own. */
  sources: readonly string[];
  /** Table expressions of edges `e`, or of pairs `b`, each to be joined with the recursion `r`. */
  edges?: readonly string[];
  pairs?: Sql;
  where: readonly Sql[];
  other: Sql;
  /** What a way shows of the hop. */
  items: readonly (readonly Sql[])[];
  /** Whether `where` reads the row `n`. */
  needsRow: boolean;
}

/**
 * Until a condition holds, or nothing is left: a recursive expression that meets each node once, so that cycles end. Where
 * ways are kept it goes every way that meets no node twice.
 *
 * States of a row: 0 passed, 1 done, 2 the start.
 */
export function untilDone(
  step: RepeatStep,
  selection: Selection,
  repeating: Repeating,
): { selection: Selection; recursion?: string } | undefined {
  const { statement, dialect, narrowing, view, close, where } = repeating;
  const start = close({ ...selection, times: undefined, position: undefined });
  const hasTrail = start.extras.includes('trail');
  const hop = hopOf(step.body, repeating);
  if (!hop || (hasTrail && hop.items.length === 0)) {
    return undefined;
  }
  const plain: View = { ...view, extras: [] };
  const everything = allNodes(plain, undefined, [], dialect);
  const untilSteps = step.until?.of.steps ?? [];
  let done: Sql = sql`(1 = 0)`;
  const sources = [...hop.sources];
  let needsRow = view.filter !== undefined;
  if (step.until && untilSteps.every(isHas)) {
    done = all(
      untilSteps.map(each =>
        conditionOf(each as HasStep, everything, narrowing),
      ),
    );
    needsRow = true;
  } else if (step.until) {
    const { table } = close(where(everything, step.until.of, true));
    sources.push(table);
    done = sql`${hop.other} IN (SELECT id FROM ${Sql.name(table)})`;
  }
  const { extras } = start;
  const startsDone = step.until?.before
    ? close(where(reopen(start), step.until.of, true))
    : undefined;
  const kept = extras.map(extra =>
    extra === 'trail'
      ? sql`r.trail || ${Sql.join(
          hop.items.map(item => sql`',' || ${trailItem(item, dialect)}`),
          sql` || `,
        )}`
      : sql`r.${Sql.name(extra)}`,
  );
  const names = extras.map(Sql.name);
  const first = sql`SELECT ${list([
    sql`id`,
    startsDone
      ? sql`CASE WHEN id IN (SELECT id FROM ${Sql.name(
          startsDone.table,
        )}) THEN 1 ELSE 2 END AS state`
      : sql`2 AS state`,
    ...names,
  ])} FROM ${Sql.name(start.table)}`;
  const ends = hasTrail
    ? [
        sql`${dialect.placeIn(
          sql`r.trail`,
          trailItem([hop.other], dialect),
        )} = 0`,
        // An item with its quotes and comma has thirteen characters, of an edge more.
        sql`length(r.trail) < ${repeating.depth * 13}`,
      ]
    : [];
  // Of a past moment there are several tables to go through.
  const { parts: tables } = view.moment;
  const hasRow = needsRow || hop.needsRow;
  const ways = waysThrough([
    hop.edges ?? [''],
    ...(hasRow ? [tables.nodes] : []),
  ]);
  const next = (self: Sql) =>
    ways.map(([edges, nodes]) => {
      const from = hop.pairs ?? Sql.table(edges, 'e');
      const row = nodes !== undefined;
      return sql`SELECT ${list([
        hop.other,
        sql`CASE WHEN ${done} THEN 1 ELSE 0 END`,
        ...kept,
      ])} FROM ${self} r CROSS JOIN ${from}${
        row ? sql` CROSS JOIN ${Sql.table(nodes, 'n')}` : sql``
      } WHERE ${all([
        sql`r.state <> 1`,
        ...hop.where,
        ...(row ? [sql`n.id = ${hop.other}`, ...visible(view, 'n')] : []),
        ...ends,
      ])}`;
    });
  const limit = hasTrail && repeating.rows !== undefined;
  const recursion = statement.add(
    'r',
    [start.table, ...sources, ...(startsDone ? [startsDone.table] : [])],
    self =>
      sql`${first} UNION ${Sql.join(next(self), sql` UNION `)}${
        limit ? sql` LIMIT ${repeating.rows!}` : sql``
      }`,
  );
  const reached = (states: Sql): Selection => {
    const table = statement.add(
      's',
      [recursion],
      () =>
        sql`SELECT DISTINCT ${list([sql`id`, ...names])} FROM ${Sql.name(
          recursion,
        )} WHERE state IN (${states})`,
    );
    return reopen({
      element: 'nodes',
      table,
      extras,
      counted: false,
      sorted: false,
    });
  };
  const parts: Stage[] = [];
  if (step.until) {
    parts.push(close(reached(sql`1`)));
  }
  if (step.emit) {
    const passed = reached(step.emit.before ? sql`0, 2` : sql`0`);
    parts.push(
      close(step.emit.of ? where(passed, step.emit.of, true) : passed),
    );
  }
  const found = together(parts);
  return {
    // Each once.
    selection: { ...found, times: undefined },
    recursion: limit ? recursion : undefined,
  };
}

/** The body as one hop over an edge; else, where no way is kept, as pairs of a node and what the body finds from it. */
function hopOf(body: Traversal, repeating: Repeating): Hop | undefined {
  const { narrowing, view, scope, statement, dialect, close, run } = repeating;
  const plain: View = { ...view, extras: [] };
  const { parts } = view.moment;
  const [first, second, ...rest] = body.steps;
  const nodes = allNodes(plain, undefined, [], dialect);
  const edges = allEdges(
    { ...plain, filter: undefined },
    undefined,
    [],
    dialect,
  );
  const onNodes = (
    conditions: readonly Condition[],
    steps: readonly Step[],
  ) => [
    ...conditions.map(each => narrowing.condition(nodes, each)),
    ...steps.map(each => conditionOf(each as HasStep, nodes, narrowing)),
  ];
  const overEdge = (
    direction: 'out' | 'in' | 'both',
    edgeWhere: readonly Sql[],
    nodeWhere: readonly Sql[],
    showsEdge: boolean,
  ): Hop => {
    const { incident, other } = incidence(direction, sql`r.id`);
    return {
      sources: scope ? [scope.edges] : [],
      edges: parts.edges,
      where: [incident, ...edgeWhere, ...withinScope(scope), ...nodeWhere],
      other,
      items: [
        ...(showsEdge ? [[sql`e.src`, sql`e.rel`, sql`e.dst`]] : []),
        [other],
      ],
      needsRow: nodeWhere.length > 0,
    };
  };
  if (first.step === 'follow' && first.to === 'nodes') {
    const more = body.steps.slice(1);
    if (more.every(isHas)) {
      return overEdge(
        first.direction,
        [],
        onNodes(first.conditions, more),
        false,
      );
    }
  }
  if (
    first.step === 'follow' &&
    first.to === 'edges' &&
    second?.step === 'ends' &&
    ((first.direction === 'out' && second.end === 'child') ||
      (first.direction === 'in' && second.end === 'parent')) &&
    rest.every(isHas)
  ) {
    return overEdge(
      first.direction,
      first.conditions.map(each => narrowing.condition(edges, each)),
      onNodes(second.conditions, rest),
      true,
    );
  }
  if (view.extras?.includes('trail')) {
    return undefined;
  }
  const each = close(nodes);
  const origins = statement.add(
    'w',
    [each.table],
    () => sql`SELECT id, id AS origin FROM ${Sql.name(each.table)}`,
  );
  const extras: Extra[] = ['origin'];
  const found = close({
    ...run(
      reopen({
        element: 'nodes',
        table: origins,
        extras,
        counted: false,
        sorted: false,
      }),
      body,
    ),
    times: undefined,
    position: undefined,
  });
  return {
    sources: [found.table],
    pairs: sql`${Sql.name(found.table)} b`,
    where: [sql`b.origin = r.id`],
    other: sql`b.id`,
    items: [],
    needsRow: false,
  };
}

function conditionOf(
  { match, conditions }: HasStep,
  selection: Selection,
  narrowing: Narrowing,
): Sql {
  return narrowing.combined(selection, conditions, match === 'any');
}
