import { GremlinBounds } from '../bounds';
import { GremlinError } from '../gremlinError';
import { Condition, Query, Step } from '../query';
import { addClosure } from './closure';
import { Dialect } from './dialect';
import { GraphModel } from './graphModel';
import { KUBERNETES_MODEL } from './kubernetesModel';
import { allEdges, allNodes, ends, follow, Scope, View } from './hops';
import { countOf, dedupByKeys, limited, sorted } from './listSteps';
import { Narrowing } from './narrowing';
import { Plan, planOf } from './plan';
import { close, reopen, Selection, Stage, withRow } from './selection';
import { any, sql, Sql } from './sql';
import { Statement } from './statement';
import { addSubGraph } from './subGraph';
import {
  Values,
  valuesCount,
  valuesDedup,
  valuesOf,
  valuesRange,
} from './values';

export interface CompileOptions {
  dialect: Dialect;
  /** Default: as the engine writes its tables. */
  model?: GraphModel;
  view: View;
  bounds: GremlinBounds;
}

/** Where the compilation stands: what the steps so far have selected. */
export type State =
  | { stream: 'graph' }
  | { stream: 'elements'; selection: Selection }
  | { stream: 'values'; values: Values }
  | { stream: 'number'; count: Sql }
  /** Made from whole rows in process, as are the steps after it. */
  | { stream: 'maps'; selection: Selection; make: Step; then: Step[] };

class Compiler {
  readonly #query: Query;
  readonly #dialect: Dialect;
  readonly #model: GraphModel;
  readonly #view: View;
  readonly #bounds: GremlinBounds;
  readonly #statement: Statement;
  readonly #narrowing: Narrowing;
  readonly #named = new Map<string, Stage>();
  readonly #recursions: string[] = [];
  #state: State = { stream: 'graph' };
  /** The part of the graph that an earlier SubGraph has left. */
  #scope?: Scope;

  constructor(query: Query, options: CompileOptions) {
    this.#query = query;
    this.#dialect = options.dialect;
    this.#model = options.model ?? KUBERNETES_MODEL;
    this.#view = options.view;
    this.#statement = new Statement(options.view.moment);
    this.#bounds = options.bounds;
    this.#narrowing = new Narrowing(
      this.#statement,
      options.dialect,
      this.#model,
      options.bounds.patternValues,
    );
  }

  plan(): Plan {
    return planOf({
      state: this.#state,
      scope: this.#scope,
      statement: this.#statement,
      recursions: this.#recursions,
      dialect: this.#dialect,
      view: this.#view,
      bounds: this.#bounds,
    });
  }

  add(step: Step): void {
    this.#state = this.#next(step);
    if (this.#statement.tooIntricate) {
      throw new GremlinError({
        text: this.#query.text,
        at: step.at,
        problem: 'up to here the query is too intricate to plan',
        expected: 'fewer SubGraph or Select steps',
        reason: 'bound',
      });
    }
  }

  #next(step: Step): State {
    const state = this.#state;
    switch (step.step) {
      case 'at':
        // The whole query is of one moment, whose rows `view` has.
        return { stream: 'graph' };
      case 'graph':
        this.#scope = undefined;
        return { stream: 'graph' };
      case 'nodes':
        return elements(allNodes(this.#view, this.#scope, step.ids));
      case 'edges':
        return elements(
          allEdges(
            this.#view,
            this.#scope,
            step.ids.map(id => this.#model.edgesOfId(id, this.#view.moment)),
          ),
        );
      case 'as':
        return this.#remember(step.name);
      case 'select':
        return this.#select(step.names);
      default:
    }
    switch (state.stream) {
      case 'elements':
        return this.#onElements(step, state.selection);
      case 'values':
        return this.#onValues(step, state.values);
      case 'maps':
        return { ...state, then: [...state.then, step] };
      default:
        throw new Error(`${step.step} cannot follow ${state.stream}`);
    }
  }

  #onElements(step: Step, selection: Selection): State {
    switch (step.step) {
      case 'has':
        return elements(
          this.#narrowing.narrow(
            selection,
            step.conditions,
            step.match === 'any',
          ),
        );
      case 'follow':
        return elements(
          this.#narrowing.narrow(
            follow(this.#close(selection), step, this.#view, this.#scope),
            step.conditions,
          ),
        );
      case 'ends':
        return elements(
          this.#narrowing.narrow(
            ends(this.#close(selection), step.end),
            step.conditions,
          ),
        );
      case 'closure':
        return elements(this.#closure(step, selection));
      case 'dedup':
        return elements(
          step.keys.length === 0
            ? { ...selection, times: undefined }
            : dedupByKeys(
                this.#rowOf(selection),
                step.keys.map(key => this.#narrowing.field(selection, key)),
                this.#statement,
                this.#dialect,
              ),
        );
      case 'range':
        return elements(
          limited(
            this.#single(selection),
            step.from,
            step.to,
            this.#statement,
            this.#dialect,
          ),
        );
      case 'sort':
        return elements(
          sorted(
            this.#rowOf(selection),
            this.#narrowing.field(selection, step.key),
            step.descending,
            this.#statement,
            this.#dialect,
          ),
        );
      case 'count': {
        const counted =
          (selection.repeats && !selection.times) || this.#view.moment.isPast
            ? reopen(this.#close(selection))
            : selection;
        return { stream: 'number', count: countOf(counted) };
      }
      case 'values':
        return {
          stream: 'values',
          values: valuesOf(
            this.#rowOf(selection),
            this.#narrowing.field(selection, step.key),
            this.#statement,
            this.#dialect,
          ),
        };
      case 'valueMap':
      case 'keys':
        return { stream: 'maps', selection, make: step, then: [] };
      case 'subGraph':
        return this.#subGraph(step.edges, selection);
      default:
        throw new Error(`${step.step} cannot follow ${selection.element}`);
    }
  }

  #onValues(step: Step, values: Values): State {
    switch (step.step) {
      case 'dedup':
        return {
          stream: 'values',
          values: valuesDedup(values, this.#statement),
        };
      case 'range':
        return {
          stream: 'values',
          values: valuesRange(
            values,
            step.from,
            step.to,
            this.#statement,
            this.#dialect,
          ),
        };
      case 'count':
        return { stream: 'number', count: valuesCount(values) };
      default:
        throw new Error(`${step.step} cannot follow values`);
    }
  }

  #remember(name: string): State {
    const stage = this.#close(this.#selection());
    this.#named.set(name, stage);
    return elements(reopen(stage));
  }

  #select(names: readonly string[]): State {
    const stages = names.map(name => this.#named.get(name)!);
    if (stages.length === 1) {
      return elements(reopen(stages[0]));
    }
    const arms = stages.map(
      ({ table, counted }) =>
        sql`SELECT id, ${
          counted ? sql`times` : sql`1`
        } AS times FROM ${Sql.name(table)}`,
    );
    return elements({
      element: 'nodes',
      from: sql`(${Sql.join(arms, sql` UNION ALL `)}) s`,
      where: [],
      sources: stages.map(stage => stage.table),
      keys: [sql`s.id`],
      times: sql`s.times`,
      repeats: true,
      hasRow: false,
    });
  }

  #subGraph(edges: readonly Condition[], selection: Selection): State {
    const inside = (induced: Selection) =>
      this.#close(this.#narrowing.narrow(induced, edges));
    // How often an element occurs means nothing in a graph.
    const stage = this.#close({ ...selection, times: undefined });
    this.#scope = addSubGraph(stage, this.#scope, this.#statement, inside);
    return { stream: 'graph' };
  }

  #closure(
    step: Extract<Step, { step: 'closure' }>,
    selection: Selection,
  ): Selection {
    if (step.depth !== 'unlimited' && step.depth > this.#bounds.depth) {
      throw new GremlinError({
        text: this.#query.text,
        at: step.at,
        problem: `a depth of ${step.depth} is more than ${
          this.#bounds.depth
        }, the most that is counted`,
        expected: '0 for no limit',
        reason: 'bound',
      });
    }
    const edges = allEdges(this.#view, undefined, []);
    const condition = any(
      step.edges.map(each => this.#narrowing.condition(edges, each)),
    );
    const { stage, recursion } = addClosure({
      start: this.#close({ ...selection, times: undefined }),
      direction: step.direction,
      depth: step.depth,
      condition,
      view: this.#view,
      scope: this.#scope,
      statement: this.#statement,
      rows: this.#dialect.recursionLimit ? this.#bounds.visits : undefined,
    });
    if (recursion) {
      this.#recursions.push(recursion);
    }
    return reopen(stage);
  }

  #selection(): Selection {
    if (this.#state.stream !== 'elements') {
      throw new Error('no elements are selected here');
    }
    return this.#state.selection;
  }

  /** With one row for each element, and ready to be counted or numbered. */
  #single(selection: Selection): Selection {
    return selection.repeats || this.#view.moment.isPast
      ? reopen(this.#close(selection))
      : selection;
  }

  /** One row for each element, with its fields. */
  #rowOf(selection: Selection): Selection {
    return withRow(this.#single(selection), this.#view.moment);
  }

  #close(selection: Selection): Stage {
    return close(selection, this.#statement, this.#dialect);
  }
}

/**
 * Compiles a query to SQL: each step narrows or follows what the steps before it have selected, as common table
 * expressions of one statement. Throws `GremlinError` (reason `bound`) where a bound forbids it.
 */
export function compile(query: Query, options: CompileOptions): Plan {
  const compiler = new Compiler(query, options);
  for (const step of query.steps) {
    compiler.add(step);
  }
  return compiler.plan();
}

function elements(selection: Selection): State {
  return { stream: 'elements', selection };
}
