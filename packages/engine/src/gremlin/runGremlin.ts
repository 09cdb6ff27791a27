import { Knex } from 'knex';
import {
  HistoryEndsError,
  historySince,
  keptMoment,
  Moment,
} from '../store/moment';
import { NodeFilter } from '../store/nodeFilter';
import { plannedFor } from '../store/snapshot';
import { sqlDialect } from '../store/sqlDialect';
import { DEFAULT_BOUNDS, GremlinBounds } from './bounds';
import { inPostgresSnapshot, selecting } from './connection';
import {
  keep,
  keptQuery,
  Known,
  knownOf,
  planKey,
  Select,
  STAMP,
} from './dictionaries';
import { differenceOf } from './difference';
import { GremlinError } from './gremlinError';
import { hintOf } from './hint';
import { parseGremlin } from './parseGremlin';
import { PlanRun, tooSlow } from './planRun';
import { Query, Step } from './query';
import { resolveTime } from './queryTime';
import { GremlinAnswer } from './result';
import { sliceMoment } from './sliceMoment';
import { compile } from './sql/compile';
import { GraphModel } from './sql/graphModel';
import { View } from './sql/hops';
import { KUBERNETES_MODEL } from './sql/kubernetesModel';
import { POSTGRES } from './sql/postgresDialect';
import { SQLITE } from './sql/sqliteDialect';

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

/**
 * PostgreSQL does not know how few rows each round of a recursion has, and would read all edges for them. What it is told
 * is what it is told of the past.
 */
const BY_INDEX =
  'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL max_parallel_workers_per_gather = 0';

const WALKS: ReadonlySet<Step['step']> = new Set<Step['step']>([
  'closure',
  'impact',
  'repeat',
  'shortestPath',
]);

function isWalk({ step }: Step): boolean {
  return WALKS.has(step);
}

/** What a query looks at, and what of the time that it asks for is not kept. */
interface Sight {
  view: View;
  cut?: string;
}

type At = Extract<Step, { step: 'at' }>;

class Questioner {
  readonly #options: RunGremlinOptions;
  readonly #query: Query;
  readonly #bounds: GremlinBounds;
  readonly #model: GraphModel;
  /** Of a kept plan. */
  readonly #key: string;
  readonly #started: number;
  readonly #now: () => number;
  /** Of all kinds that the database knows. */
  #types: Iterable<string> = [];

  constructor(options: RunGremlinOptions) {
    const { text, model = KUBERNETES_MODEL, now = Date.now } = options;
    this.#options = options;
    this.#bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
    this.#model = model;
    this.#now = now;
    this.#started = now();
    this.#key = planKey(text, options.filter, this.#bounds);
    this.#query =
      (this.#isOurs && keptQuery(options.knex, this.#key)) ||
      parseGremlin(text, this.#bounds);
  }

  async answer(): Promise<GremlinAnswer> {
    const last = this.#query.steps.at(-1)!;
    const answer =
      last.step === 'diff'
        ? await this.#difference(last)
        : await this.#answerOf([
            { query: this.#query, ...(await this.#sight()) },
          ]).then(([only]) => only);
    if (!this.#isOurs || last.step === 'diff') {
      return answer;
    }
    const hint = hintOf(this.#types, this.#query, answer);
    return hint === undefined ? answer : { ...answer, hint };
  }

  async #difference(
    step: Extract<Step, { step: 'diff' }>,
  ): Promise<GremlinAnswer> {
    const steps = this.#query.steps.slice(0, -1);
    const after: Query = { ...this.#query, steps };
    const now = await this.#sight();
    const then = await this.#sightOf(
      resolveTime(step.time, this.#started),
      step,
    );
    const [before, current] = await this.#answerOf([
      { query: after, ...then },
      { query: after, ...now },
    ]);
    if (before.cut !== undefined || current.cut !== undefined) {
      throw new GremlinError({
        text: this.#query.text,
        at: step.at,
        problem: `there is too much to compare: ${before.cut ?? current.cut}`,
        expected: 'a narrower query before Diff',
        reason: 'bound',
      });
    }
    return {
      value: differenceOf(before, current) as unknown as GremlinAnswer['value'],
    };
  }

  /** What the query itself asks for, else what the caller does. */
  async #sight(): Promise<Sight> {
    const step = this.#query.steps.find(
      (each): each is At => each.step === 'at',
    );
    const time = step
      ? resolveTime(step.time, this.#started)
      : this.#options.at;
    return step?.span === undefined
      ? this.#sightOf(time, this.#query.steps[1] ?? this.#query.steps[0])
      : this.#slice(time!, step);
  }

  async #slice(to: number, step: At): Promise<Sight> {
    this.#checkHistory(step);
    const since = await historySince(this.#options.knex);
    const from = step.span === 'forever' ? since : to - step.span!;
    return {
      view: {
        moment: sliceMoment(Math.max(from, since), to),
        filter: this.#options.filter,
        extras: ['since'],
      },
      ...(from < since && {
        cut: `what was before ${new Date(since).toISOString()} is not kept`,
      }),
    };
  }

  async #sightOf(time: number | undefined, step: Step): Promise<Sight> {
    if (time !== undefined) {
      this.#checkHistory(step);
    }
    return {
      view: {
        moment: await this.#momentOf(time, step),
        filter: this.#options.filter,
      },
    };
  }

  #checkHistory({ at }: Step): void {
    if (!this.#model.hasHistory) {
      throw new GremlinError({
        text: this.#query.text,
        at,
        problem: 'a saved graph has no history: it is of the time it was saved',
      });
    }
  }

  /** @throws GremlinError when the history does not reach back to the time */
  async #momentOf(time: number | undefined, { at }: Step): Promise<Moment> {
    const { knex } = this.#options;
    try {
      return await keptMoment(knex, sqlDialect(knex), time);
    } catch (error) {
      if (error instanceof HistoryEndsError) {
        throw new GremlinError({
          text: this.#query.text,
          at,
          problem: error.message,
          reason: 'bound',
        });
      }
      throw error;
    }
  }

  /** All of them see one revision. */
  async #answerOf(
    questions: readonly (Sight & { query: Query })[],
  ): Promise<GremlinAnswer[]> {
    const { knex } = this.#options;
    const { isPostgres } = sqlDialect(knex);
    const past =
      questions.find(({ view }) => view.moment.isPast) ?? questions[0];
    const ask = async (select: Select, stamp: unknown) => {
      const known = stamp ? await knownOf(knex, stamp, select) : undefined;
      this.#types = known?.dictionaries.types.values() ?? [];
      const found: GremlinAnswer[] = [];
      for (const question of questions) {
        const answer = await this.#ask(question, select, known);
        const cuts = [question.cut, answer.cut].filter(Boolean);
        found.push(
          cuts.length === 0 ? answer : { ...answer, cut: cuts.join('; ') },
        );
      }
      return found;
    };
    if (!isPostgres) {
      const once = async (connection: Knex) => {
        const select = selecting(connection);
        const [stamp] = this.#isOurs ? await select(STAMP) : [];
        return ask(select, stamp);
      };
      return questions.length > 1 ? knex.transaction(once) : once(knex);
    }
    try {
      // jit costs more than it saves on queries this short (`perf.md` C, trap 4).
      const settings = `SET LOCAL jit = off; SET LOCAL statement_timeout = ${Math.max(
        1,
        Math.floor(this.#remaining()),
      )}; ${
        this.#query.steps.some(isWalk) ? BY_INDEX : plannedFor(past.view.moment)
      }`;
      return await inPostgresSnapshot(knex, settings, STAMP, ask);
    } catch (error) {
      if ((error as { code?: string }).code === QUERY_CANCELED) {
        throw tooSlow(this.#query, this.#bounds);
      }
      throw error;
    }
  }

  get #isOurs(): boolean {
    return this.#model === KUBERNETES_MODEL;
  }

  #remaining(): number {
    return this.#started + this.#bounds.milliseconds - this.#now();
  }

  async #ask(
    { query, view }: Sight & { query: Query },
    select: Select,
    known: Known | undefined,
  ): Promise<GremlinAnswer> {
    // Of now, and whole: a plan of it can be kept.
    const canKeep = known && query === this.#query && !view.moment.isPast;
    const kept = canKeep ? known.plans.get(this.#key) : undefined;
    const plan =
      kept?.plan ??
      compile(query, {
        dialect: sqlDialect(this.#options.knex).isPostgres ? POSTGRES : SQLITE,
        model: this.#model,
        view,
        bounds: this.#bounds,
        dictionaries: known?.dictionaries,
      });
    if (canKeep) {
      keep(known, this.#key, { query, plan });
    }
    return new PlanRun({
      select,
      query: this.#query,
      plan,
      model: this.#model,
      bounds: this.#bounds,
      remaining: () => this.#remaining(),
    }).answer();
  }
}

/**
 * Answers a query in Skydive's form (`skydive.md` 3.9). Throws `GremlinError` for a query that is wrong, that a bound
 * forbids, or that takes too long; an answer that a bound has cut says so in `cut`, one that found nothing may have a
 * `hint` at a misspelt word.
 */
export async function runGremlin(
  options: RunGremlinOptions,
): Promise<GremlinAnswer> {
  return new Questioner(options).answer();
}
