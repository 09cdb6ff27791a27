import { Knex } from 'knex';
import { Json } from '../kinds/observation';
import { HistoryEndsError, keptMoment, Moment } from '../store/moment';
import { NodeFilter } from '../store/nodeFilter';
import { plannedFor } from '../store/snapshot';
import { selectRows, sqlDialect } from '../store/sqlDialect';
import { DEFAULT_BOUNDS, GremlinBounds } from './bounds';
import { listStep, makeDocuments } from './documents';
import { GremlinError } from './gremlinError';
import { parseGremlin } from './parseGremlin';
import { Query } from './query';
import { GremlinAnswer, GremlinEdge, GremlinNode } from './result';
import { EdgeResultRow, NodeResultRow } from './rows';
import { compile } from './sql/compile';
import { GraphModel } from './sql/graphModel';
import { KUBERNETES_MODEL } from './sql/kubernetesModel';
import { resolveTime } from './queryTime';
import { Plan } from './sql/plan';
import { POSTGRES } from './sql/postgresDialect';
import { Binding, Sql } from './sql/sql';
import { SQLITE } from './sql/sqliteDialect';
import { TextPattern } from './textPattern';

export interface RunGremlinOptions {
  /** On SQLite or PostgreSQL, with the engine's schema. */
  knex: Knex;
  text: string;
  /** How the tables hold the graph; default: as the engine writes them. */
  model?: GraphModel;
  /** What the caller may see: a condition of every hop. Without it everything. */
  filter?: NodeFilter;
  bounds?: Partial<GremlinBounds>;
  /** Milliseconds since the epoch: what the query sees is what was then. `G.At(…)` in the query goes before. */
  at?: number;
  /** Milliseconds since the epoch; measures the time bound, and is what `G.At('-10m')` goes back from. */
  now?: () => number;
}

/** PostgreSQL's `query_canceled`: what `statement_timeout` causes. */
const QUERY_CANCELED = '57014';
/** Values that a pattern is matched against between two looks at the clock. */
const PATTERN_CHUNK = 1000;

function tooSlow(query: Query, bounds: GremlinBounds): GremlinError {
  return new GremlinError({
    text: query.text,
    at: { offset: 0, length: 1 },
    problem: `the query takes longer than ${bounds.milliseconds} ms`,
    expected: 'a narrower query: Has(…) before In, Out or Both, fewer steps',
    reason: 'bound',
  });
}

/** The time that a query asks for: its own, else the caller's. */
function timeOf(query: Query, { at }: RunGremlinOptions, now: number) {
  const step = query.steps.find(each => each.step === 'at');
  return step?.step === 'at' ? resolveTime(step.time, now) : at;
}

/** @throws GremlinError when the history does not reach back to the time */
async function momentOf(
  query: Query,
  options: RunGremlinOptions,
  now: number,
): Promise<Moment> {
  const { knex } = options;
  const { model = KUBERNETES_MODEL } = options;
  const time = timeOf(query, options, now);
  if (time !== undefined && !model.hasHistory) {
    throw new GremlinError({
      text: query.text,
      at: query.steps[Math.min(1, query.steps.length - 1)].at,
      problem: 'a saved graph has no history: it is of the time it was saved',
    });
  }
  try {
    return await keptMoment(knex, sqlDialect(knex), time);
  } catch (error) {
    if (error instanceof HistoryEndsError) {
      throw new GremlinError({
        text: query.text,
        at: query.steps[Math.min(1, query.steps.length - 1)].at,
        problem: error.message,
        reason: 'bound',
      });
    }
    throw error;
  }
}

/** One execution of a plan. */
class Run {
  readonly #knex: Knex;
  readonly #query: Query;
  readonly #plan: Plan;
  readonly #model: GraphModel;
  readonly #bounds: GremlinBounds;
  readonly #remaining: () => number;
  /** JSON lists: what the lookups found. */
  readonly #found: string[] = [];
  readonly #cuts: string[] = [];

  constructor(
    knex: Knex,
    query: Query,
    plan: Plan,
    model: GraphModel,
    bounds: GremlinBounds,
    remaining: () => number,
  ) {
    this.#knex = knex;
    this.#query = query;
    this.#plan = plan;
    this.#model = model;
    this.#bounds = bounds;
    this.#remaining = remaining;
  }

  async answer(): Promise<GremlinAnswer> {
    for (const { statement, pattern } of this.#plan.lookups) {
      const rows = await this.#rows<{ v: string }>(statement);
      this.#found.push(JSON.stringify(await this.#matching(rows, pattern)));
    }
    const value = await this.#value();
    await this.#checkVisits();
    return this.#cuts.length === 0
      ? { value }
      : { value, cut: this.#cuts.join('; ') };
  }

  async #value(): Promise<GremlinAnswer['value']> {
    const { answer } = this.#plan;
    switch (answer.form) {
      case 'number': {
        const [row] = await this.#rows<{ count: number | string }>(
          answer.statement,
        );
        return Number(row.count);
      }
      case 'values':
        return this.#repeated(
          await this.#rows<{ v: string; times: number | string }>(
            answer.statement,
          ),
          row => JSON.parse(row.v) as Json,
        );
      case 'nodes':
        return this.#nodes(answer.statement);
      case 'edges':
        return this.#edges(answer.statement);
      case 'maps': {
        const elements =
          answer.element === 'nodes'
            ? await this.#nodes(answer.statement)
            : await this.#edges(answer.statement);
        let documents = makeDocuments(elements, answer.make, this.#model);
        for (const step of answer.then) {
          if (step.step === 'count') {
            return documents.length;
          }
          documents = listStep(documents, step);
        }
        return documents;
      }
      default: {
        const rows = await this.#rows<NodeResultRow>(answer.nodes);
        const nodes = this.#repeated(rows, this.#model.node);
        this.#found.push(
          JSON.stringify(rows.slice(0, this.#bounds.rows).map(row => row.id)),
        );
        const edges = await this.#edges(
          answer.edges({ lookup: this.#found.length - 1 }),
        );
        return [{ Nodes: nodes, Edges: edges }];
      }
    }
  }

  async #nodes(statement: Sql): Promise<GremlinNode[]> {
    return this.#repeated(
      await this.#rows<NodeResultRow>(statement),
      this.#model.node,
    );
  }

  async #edges(statement: Sql): Promise<GremlinEdge[]> {
    return this.#repeated(
      await this.#rows<EdgeResultRow>(statement),
      this.#model.edge,
    );
  }

  /** Each row as often as it occurs, up to the bound. */
  #repeated<R extends { times: number | string }, T>(
    rows: readonly R[],
    read: (row: R) => T,
  ): T[] {
    const list: T[] = [];
    for (const row of rows) {
      const value = read(row);
      for (let i = 0; i < Number(row.times); i++) {
        if (list.length === this.#bounds.rows) {
          this.#cut(`only the first ${this.#bounds.rows} results are shown`);
          return list;
        }
        list.push(value);
      }
    }
    return list;
  }

  async #matching(
    rows: readonly { v: string }[],
    pattern: TextPattern,
  ): Promise<string[]> {
    const { patternValues } = this.#bounds;
    if (rows.length > patternValues) {
      this.#cut(
        `a pattern was matched against ${patternValues} different values, and there are more`,
      );
    }
    const matching: string[] = [];
    for (
      let start = 0;
      start < Math.min(rows.length, patternValues);
      start += PATTERN_CHUNK
    ) {
      if (start > 0) {
        // Lets others have their turn: a pattern may be slow on many long values.
        await new Promise(resolve => setImmediate(resolve));
        this.#checkTime();
      }
      for (const { v } of rows.slice(
        start,
        Math.min(start + PATTERN_CHUNK, patternValues),
      )) {
        if (pattern.matches(v)) {
          matching.push(v);
        }
      }
    }
    return matching;
  }

  async #checkVisits(): Promise<void> {
    if (this.#plan.visits) {
      const [row] = await this.#rows<{ visits: number }>(this.#plan.visits);
      if (Number(row.visits) >= this.#bounds.visits) {
        this.#cut(
          `a traversal touched more than ${
            this.#bounds.visits
          } nodes, and ended there`,
        );
      }
    }
  }

  async #rows<R>(statement: Sql): Promise<R[]> {
    this.#checkTime();
    const bindings = statement.bindings.map(each => this.#bound(each));
    return selectRows(this.#knex, statement.text, bindings);
  }

  #bound(binding: Binding): string | number {
    return typeof binding === 'object' ? this.#found[binding.lookup] : binding;
  }

  #checkTime(): void {
    if (this.#remaining() <= 0) {
      throw tooSlow(this.#query, this.#bounds);
    }
  }

  #cut(what: string): void {
    if (!this.#cuts.includes(what)) {
      this.#cuts.push(what);
    }
  }
}

/**
 * Answers a query in Skydive's form (`skydive.md` 3.9). Throws `GremlinError` for a query that is wrong, that a bound
 * forbids, or that takes too long; an answer that a bound has cut says so in `cut`.
 */
export async function runGremlin(
  options: RunGremlinOptions,
): Promise<GremlinAnswer> {
  const { knex, text, filter, now = Date.now } = options;
  const { model = KUBERNETES_MODEL } = options;
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
  const deadline = now() + bounds.milliseconds;
  const query = parseGremlin(text, bounds);
  const { isPostgres } = sqlDialect(knex);
  const moment = await momentOf(query, options, now());
  const plan = compile(query, {
    dialect: isPostgres ? POSTGRES : SQLITE,
    model,
    view: { moment, filter },
    bounds,
  });
  const answerWith = (connection: Knex) =>
    new Run(
      connection,
      query,
      plan,
      model,
      bounds,
      () => deadline - now(),
    ).answer();

  if (!isPostgres) {
    return answerWith(knex);
  }
  try {
    return await knex.transaction(
      async transaction => {
        // jit costs more than it saves on queries this short (`perf.md` C, trap 4).
        await transaction.raw(
          `SET LOCAL jit = off; SET LOCAL statement_timeout = ${Math.max(
            1,
            Math.floor(deadline - now()),
          )}; ${plannedFor(moment)}`,
        );
        return answerWith(transaction);
      },
      { readOnly: true, isolationLevel: 'repeatable read' },
    );
  } catch (error) {
    if ((error as { code?: string }).code === QUERY_CANCELED) {
      throw tooSlow(query, bounds);
    }
    throw error;
  }
}
