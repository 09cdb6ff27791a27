import { Moment } from '../../store/moment';
import { TextPattern } from '../textPattern';
import { PathSearch } from './shortestPath';
import { Found, list, sql, Sql } from './sql';

/** Reads distinct texts (`v`), so that a pattern can be matched in process; runs before the statement it is for. */
export interface PatternLookup {
  readonly statement: Sql;
  readonly pattern: TextPattern;
}

/** What is looked up before the statement runs, and bound there as one JSON list. */
export type Lookup = PatternLookup | PathSearch;

/**
 * SQLite copies a common table expression's tree for each mention of it, so mentions of mentions multiply; at about
 * 500 copies it gives up ("nested too deep"). Queries that people write stay below 50.
 */
const MAXIMUM_WEIGHT = 250;

/**
 * The common table expressions that one query becomes, in order, and the moment whose rows they read. Of a past one
 * each expression stands for itself (see `Moment`).
 */
export class Statement {
  readonly moment: Moment;
  readonly lookups: Lookup[] = [];
  readonly #expressions: Sql[] = [];
  readonly #weights = new Map<string, number>();

  constructor(moment: Moment) {
    this.moment = moment;
  }

  /** Set once the statement would be too large to plan. */
  get tooIntricate(): boolean {
    return [...this.#weights.values()].some(each => each > MAXIMUM_WEIGHT);
  }

  /**
   * Adds an expression that reads `sources` (each as often as it is mentioned) and gives its name.
   * `body` gets the name too, for recursion.
   */
  add(
    prefix: string,
    sources: readonly string[],
    body: (self: Sql) => Sql,
  ): string {
    const name = `${prefix}${this.#expressions.length}`;
    const self = Sql.name(name);
    const as = this.moment.isPast ? sql`AS MATERIALIZED` : sql`AS`;
    this.#expressions.push(sql`${self} ${as} (${body(self)})`);
    this.#weights.set(
      name,
      sources.reduce(
        (sum, source) => sum + (this.#weights.get(source) ?? 0),
        1,
      ),
    );
    return name;
  }

  addLookup(query: Sql, pattern: TextPattern): Found {
    return this.addSearch({ statement: this.render(query), pattern });
  }

  addSearch(lookup: Lookup): Found {
    this.lookups.push(lookup);
    return { lookup: this.lookups.length - 1 };
  }

  /** The whole statement: the expressions so far and a query over them. */
  render(query: Sql): Sql {
    return this.#expressions.length === 0
      ? query
      : sql`WITH RECURSIVE ${list(this.#expressions)} ${query}`;
  }
}
