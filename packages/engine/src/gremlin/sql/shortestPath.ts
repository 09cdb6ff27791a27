import { Dialect } from './dialect';
import { incidence, Scope, View, visible, withinScope } from './hops';
import { orderOf, Selection, whereOf } from './selection';
import { all, list, sql, Sql, whole } from './sql';
import { Statement } from './statement';

/**
 * A breadth-first search from the targets back to the sources, one statement for each step: a recursive expression
 * cannot keep what it has seen, so that over hubs it would meet each node at every depth (`perf.md` C, trap 3).
 */
export interface PathSearch {
  /** `id`, `times`, in the order of the answer; one more than are answered. */
  readonly sources: Sql;
  /** `id` */
  readonly targets: Sql;
  /** `near`, of the frontier, and `far`, a neighbour of it. */
  readonly hop: Sql;
}

export interface PathSearchOptions {
  start: Selection;
  /** All nodes that are a target. */
  targets: Selection;
  /** On the edge `e`. */
  edges: Sql;
  view: View;
  scope?: Scope;
  statement: Statement;
  dialect: Dialect;
  rows: number;
}

export function pathSearch(options: PathSearchOptions): PathSearch {
  const { start, targets, edges, view, scope, statement, dialect } = options;
  const { filter, moment } = view;
  const { incident, other } = incidence('both', sql`f.id`);
  const ids = dialect.idsOfJsonList(sql`${{ frontier: true }}`);
  const from = sql`(${ids}) f CROSS JOIN ${Sql.table(moment.edges, 'e')}${
    filter ? sql` CROSS JOIN ${Sql.table(moment.nodes, 'n')}` : sql``
  }`;
  return {
    sources: statement.render(
      sql`SELECT ${list(start.keys.slice(0, 1))} AS id, ${
        start.times ?? sql`1`
      } AS times FROM ${start.from}${whereOf(start.where)} ORDER BY ${orderOf(
        start,
        dialect,
      )} LIMIT ${whole(options.rows + 1)}`,
    ),
    targets: statement.render(
      sql`SELECT DISTINCT ${targets.keys[0]} AS id FROM ${
        targets.from
      }${whereOf(targets.where)}`,
    ),
    hop: statement.render(
      sql`SELECT f.id AS near, ${other} AS far FROM ${from} WHERE ${all([
        incident,
        edges,
        ...withinScope(scope),
        ...(filter ? [sql`n.id = ${other}`, ...visible(view, 'n')] : []),
      ])}`,
    ),
  };
}

/** For each node on a shortest way to a target the next one; a target has itself. Fed with hops, level by level. */
export class ShortestWays {
  readonly #next = new Map<number, number>();
  #frontier: number[];

  constructor(targets: readonly number[]) {
    targets.forEach(id => this.#next.set(id, id));
    this.#frontier = [...targets];
  }

  get frontier(): readonly number[] {
    return this.#frontier;
  }

  has(id: number): boolean {
    return this.#next.has(id);
  }

  /** Of several ways of one length the one over the smaller ids. */
  take(hops: readonly { near: number; far: number }[]): void {
    const level = new Map<number, number>();
    for (const { near, far } of hops) {
      if (!this.#next.has(far)) {
        level.set(far, Math.min(near, level.get(far) ?? near));
      }
    }
    level.forEach((near, far) => this.#next.set(far, near));
    this.#frontier = [...level.keys()];
  }

  from(source: number): number[] {
    const way = [source];
    for (let id = source; this.#next.get(id) !== id; ) {
      id = this.#next.get(id)!;
      way.push(id);
    }
    return way;
  }
}
