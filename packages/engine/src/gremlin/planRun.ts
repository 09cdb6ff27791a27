import { Json } from '../kinds/observation';
import { GremlinBounds } from './bounds';
import { Select } from './dictionaries';
import { grouped, listStep, makeDocuments } from './documents';
import { GremlinError } from './gremlinError';
import { Query, Step } from './query';
import { GremlinAnswer, GremlinEdge, GremlinNode } from './result';
import { EdgeResultRow, NodeResultRow } from './rows';
import { GraphModel } from './sql/graphModel';
import { Plan } from './sql/plan';
import { PathSearch, ShortestWays } from './sql/shortestPath';
import { Binding, sql, Sql } from './sql/sql';
import { readTrail, trailOfNodes } from './sql/trail';
import { aggregated, counted, Occurrence } from './summaries';
import { TextPattern } from './textPattern';

/** What SQLite says of a statement that is too large to plan. */
const TOO_INTRICATE =
  /nested too deep|parser stack overflow|too many (?:terms|FROM|columns|references|SQL variables)|at most 64 tables|Expression tree is too large/i;
/** Values that a pattern is matched against between two looks at the clock. */
const PATTERN_CHUNK = 1000;

export function tooSlow(query: Query, bounds: GremlinBounds): GremlinError {
  return new GremlinError({
    text: query.text,
    at: { offset: 0, length: 1 },
    problem: `the query takes longer than ${bounds.milliseconds} ms`,
    expected: 'a narrower query: Has(…) before In, Out or Both, fewer steps',
    reason: 'bound',
  });
}

function occurrencesOf(values: readonly Json[]): Occurrence[] {
  return values.map(value => ({ value, times: 1 }));
}

/** There are no more nodes than ids. */
const LAST_ID = sql`SELECT max(id) AS most FROM nodes`;

export interface PlanRunOptions {
  select: Select;
  query: Query;
  plan: Plan;
  model: GraphModel;
  bounds: GremlinBounds;
  /** Milliseconds that are left. */
  remaining: () => number;
}

/** One execution of a plan. */
export class PlanRun {
  readonly #select: Select;
  readonly #query: Query;
  readonly #plan: Plan;
  readonly #model: GraphModel;
  readonly #bounds: GremlinBounds;
  readonly #remaining: () => number;
  /** JSON lists: what the lookups found. */
  readonly #found: string[] = [];
  /** A JSON list: what a search has reached last. */
  #frontier = '[]';
  readonly #cuts: string[] = [];

  constructor(options: PlanRunOptions) {
    this.#select = options.select;
    this.#query = options.query;
    this.#plan = options.plan;
    this.#model = options.model;
    this.#bounds = options.bounds;
    this.#remaining = options.remaining;
  }

  async answer(): Promise<GremlinAnswer> {
    for (const lookup of this.#plan.lookups) {
      const found =
        'pattern' in lookup
          ? await this.#matching(
              await this.#rows<{ v: string }>(lookup.statement),
              lookup.pattern,
            )
          : await this.#shortest(lookup);
      this.#found.push(JSON.stringify(found));
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
        return this.#values(answer.statement, answer.then);
      case 'paths':
        return this.#paths(answer);
      case 'nodes':
        return this.#nodes(answer.statement);
      case 'edges':
        return this.#edges(answer.statement);
      case 'maps': {
        const elements =
          answer.element === 'nodes'
            ? await this.#nodes(answer.statement)
            : await this.#edges(answer.statement);
        if (answer.make.step === 'group') {
          return grouped(elements, answer.make, this.#model);
        }
        return this.#documents(
          makeDocuments(elements, answer.make, this.#model),
          answer.then,
        );
      }
      default: {
        const rows = await this.#rows<NodeResultRow>(answer.nodes);
        const nodes = this.#repeated(rows, this.#model.node);
        const ids = rows.slice(0, this.#bounds.rows).map(row => row.id);
        const edges = await this.#edges(
          answer.edges(this.#list([...new Set(ids)])),
        );
        return [{ Nodes: nodes, Edges: edges }];
      }
    }
  }

  async #values(
    statement: Sql,
    then: readonly Step[],
  ): Promise<GremlinAnswer['value']> {
    const rows = await this.#rows<{ v: string; times: number | string }>(
      statement,
    );
    const [first] = then;
    if (first?.step !== 'aggregate' && first?.step !== 'group') {
      const list = this.#repeated(rows, row => JSON.parse(row.v) as Json);
      return this.#documents(list, then);
    }
    const { patternValues } = this.#bounds;
    if (rows.length > patternValues) {
      this.#cut(
        `only ${patternValues} different values were counted, and there are more`,
      );
    }
    const occurrences = rows
      .slice(0, patternValues)
      .map(({ v, times }) => ({ value: JSON.parse(v), times: Number(times) }));
    return first.step === 'aggregate'
      ? aggregated(this.#query, first, occurrences)
      : counted(occurrences);
  }

  #documents(
    start: readonly Json[],
    then: readonly Step[],
  ): GremlinAnswer['value'] {
    let documents = [...start];
    for (const step of then) {
      switch (step.step) {
        case 'count':
          return documents.length;
        case 'aggregate':
          return aggregated(this.#query, step, occurrencesOf(documents));
        case 'group':
          return counted(occurrencesOf(documents));
        default:
          documents = listStep(documents, step);
      }
    }
    return documents;
  }

  async #paths(
    answer: Extract<Plan['answer'], { form: 'paths' }>,
  ): Promise<GremlinAnswer['value']> {
    const rows = await this.#rows<{ trail: string; times: number | string }>(
      answer.statement,
    );
    const trails = this.#repeated(rows, row => readTrail(row.trail));
    const ids = new Set<number>();
    const keys = new Map<string, [number, number, number]>();
    for (const { node, edge } of trails.flat()) {
      if (edge) {
        keys.set(edge.join(), edge);
      } else {
        ids.add(node!);
      }
    }
    const nodes = new Map<number, GremlinNode>();
    const edges = new Map<string, GremlinEdge>();
    for (const row of await this.#rows<NodeResultRow>(
      answer.nodes(this.#list([...ids])),
    )) {
      nodes.set(row.id, this.#model.node(row));
    }
    if (keys.size > 0) {
      for (const row of await this.#rows<EdgeResultRow>(
        answer.edges(this.#list([...keys.values()])),
      )) {
        edges.set([row.src, row.rel, row.dst].join(), this.#model.edge(row));
      }
    }
    return trails.map(trail =>
      trail.map(({ node, edge }) =>
        edge ? edges.get(edge.join())! : nodes.get(node!)!,
      ),
    ) as GremlinNode[][];
  }

  /** For each source the ids on a shortest way to a target, as `readTrail` reads them. */
  async #shortest({ sources, targets, hop }: PathSearch): Promise<string[]> {
    const { rows: most, depth } = this.#bounds;
    const from = await this.#rows<{ id: number; times: number | string }>(
      sources,
    );
    const ids = from.map(({ id }) => Number(id));
    const ways = new ShortestWays(
      (await this.#rows<{ id: number }>(targets)).map(({ id }) => Number(id)),
    );
    let level = 0;
    while (
      level < depth &&
      ways.frontier.length > 0 &&
      !ids.every(id => ways.has(id))
    ) {
      this.#frontier = JSON.stringify(ways.frontier);
      ways.take(await this.#rows<{ near: number; far: number }>(hop));
      level++;
    }
    if (level === depth && !ids.every(id => ways.has(id))) {
      this.#cut(`ways of more than ${depth} steps were not looked for`);
    }
    if (from.length > most) {
      this.#cut(`only the first ${most} nodes were asked for their way`);
    }
    return from
      .slice(0, most)
      .flatMap(({ id, times }) =>
        ways.has(Number(id))
          ? Array<string>(Math.min(Number(times), most)).fill(
              trailOfNodes(ways.from(Number(id))),
            )
          : [],
      );
  }

  /** Binds a list that has just been found. */
  #list(found: readonly unknown[]): { lookup: number } {
    this.#found.push(JSON.stringify(found));
    return { lookup: this.#found.length - 1 };
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
    // Only a graph that is large enough can have so many: then the recursion is gone through again.
    if (this.#plan.visits && (await this.#mayVisit()) >= this.#bounds.visits) {
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

  async #mayVisit(): Promise<number> {
    const { visitsOfNode } = this.#plan;
    if (visitsOfNode === Infinity) {
      return Infinity;
    }
    const [{ most }] = await this.#rows<{ most: number | null }>(LAST_ID);
    return (most ?? 0) * visitsOfNode;
  }

  async #rows<R>(statement: Sql): Promise<R[]> {
    this.#checkTime();
    const bindings = statement.bindings.map(each => this.#bound(each));
    try {
      return await this.#select<R>(statement.text, bindings);
    } catch (error) {
      if (TOO_INTRICATE.test((error as Error).message)) {
        throw new GremlinError({
          text: this.#query.text,
          at: { offset: 0, length: 1 },
          problem: 'the query is too intricate to plan',
          expected: 'fewer steps within Repeat, Where, SubGraph and Select',
          reason: 'bound',
        });
      }
      throw error;
    }
  }

  #bound(binding: Binding): string | number {
    if (typeof binding !== 'object') {
      return binding;
    }
    return 'frontier' in binding ? this.#frontier : this.#found[binding.lookup];
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
