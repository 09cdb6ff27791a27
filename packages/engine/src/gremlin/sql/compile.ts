import { GremlinBounds } from '../bounds';
import { GremlinError, Place } from '../gremlinError';
import type { GraphDictionaries } from '../dictionaries';
import { FieldPath } from '../fieldPath';
import { Condition, Query, Step, Test, Traversal } from '../query';
import { addClosure } from './closure';
import { Dialect } from './dialect';
import { GraphModel } from './graphModel';
import { addImpact, IMPACT_STATES } from './impact';
import { KUBERNETES_MODEL } from './kubernetesModel';
import { allEdges, allNodes, ends, follow, Scope, View } from './hops';
import {
  countOf,
  dedupByKeys,
  firstOfEach,
  limited,
  sorted,
} from './listSteps';
import { Narrowing } from './narrowing';
import { nodesOnPaths, Paths, pathsCount, pathsOf, pathsRange } from './paths';
import { Plan, planOf } from './plan';
import { Repeating, RepeatStep, together, unrolled, untilDone } from './repeat';
import {
  close,
  idColumns,
  reopen,
  Selection,
  Stage,
  withRow,
} from './selection';
import { pathSearch } from './shortestPath';
import { any, sql, Sql } from './sql';
import { trailItem } from './trail';
import { Statement } from './statement';
import { addSubGraph } from './subGraph';
import { Conditions } from './where';
import {
  occurrencesOf,
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
  /** Of the database as it is now. */
  dictionaries?: GraphDictionaries;
}

/** Where the compilation stands: what the steps so far have selected. */
export type State =
  | { stream: 'graph' }
  | { stream: 'elements'; selection: Selection }
  | { stream: 'paths'; paths: Paths }
  /** `then`: what is done with them in process. */
  | { stream: 'values'; values: Values; then: Step[] }
  | { stream: 'number'; count: Sql }
  /** Made from whole rows in process, as are the steps after it. */
  | { stream: 'maps'; selection: Selection; make: Step; then: Step[] };

const ID: FieldPath = { text: '@ID', segments: ['@ID'] };

/** What can be asked of the revisions in a span of time. */
const OF_REVISIONS: ReadonlySet<Step['step']> = new Set<Step['step']>([
  'at',
  'graph',
  'nodes',
  'edges',
  'has',
  'follow',
  'ends',
  'dedup',
  'range',
  'sort',
  'count',
  'aggregate',
  'group',
  'values',
  'valueMap',
  'keys',
  'as',
  'select',
]);

class Compiler {
  readonly #query: Query;
  readonly #dialect: Dialect;
  readonly #model: GraphModel;
  readonly #view: View;
  readonly #bounds: GremlinBounds;
  readonly #statement: Statement;
  readonly #narrowing: Narrowing;
  readonly #conditions: Conditions;
  readonly #named = new Map<string, Stage>();
  readonly #recursions: string[] = [];
  #visitsOfNode = 0;
  readonly #keepsWays: boolean;
  #state: State = { stream: 'graph' };
  /** The part of the graph that an earlier SubGraph has left. */
  #scope?: Scope;

  constructor(query: Query, options: CompileOptions) {
    this.#query = query;
    this.#keepsWays = query.steps.some(each => each.step === 'path');
    this.#dialect = options.dialect;
    this.#model = options.model ?? KUBERNETES_MODEL;
    this.#view = this.#keepsWays
      ? { ...options.view, extras: [...(options.view.extras ?? []), 'trail'] }
      : options.view;
    this.#statement = new Statement(options.view.moment);
    this.#bounds = options.bounds;
    this.#narrowing = new Narrowing(
      this.#statement,
      options.dialect,
      this.#model,
      this.#view,
      options.bounds.patternValues,
      options.dictionaries,
    );
    this.#conditions = new Conditions({
      statement: this.#statement,
      dialect: this.#dialect,
      narrowing: this.#narrowing,
      moment: this.#view.moment,
      close: selection => this.#close(selection),
      traverse: (start, traversal) => this.#traverse(start, traversal),
    });
  }

  plan(): Plan {
    return planOf({
      state: this.#state,
      scope: this.#scope,
      statement: this.#statement,
      recursions: this.#recursions,
      visitsOfNode: this.#visitsOfNode,
      dialect: this.#dialect,
      model: this.#model,
      query: this.#query,
      view: this.#view,
      bounds: this.#bounds,
    });
  }

  add(step: Step): void {
    this.#state = this.#after(this.#state, step);
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

  #after(state: State, step: Step): State {
    if (this.#view.extras?.includes('since') && !OF_REVISIONS.has(step.step)) {
      throw this.#error(step, {
        problem:
          'At with a span lists all revisions in it, and this step works on the graph of one moment',
        expected:
          'At(time) without a span, or the steps V, E, Has, Out, In, Both, Dedup, Sort, Limit, Count, Values',
      });
    }
    switch (step.step) {
      case 'at':
        // The whole query is of one moment, whose rows `view` has.
        return { stream: 'graph' };
      case 'graph':
        this.#scope = undefined;
        return { stream: 'graph' };
      case 'nodes':
        return elements(
          allNodes(this.#view, this.#scope, step.ids, this.#dialect),
        );
      case 'edges':
        return elements(
          allEdges(
            this.#view,
            this.#scope,
            step.ids.map(id => this.#model.edgesOfId(id, this.#view.moment)),
            this.#dialect,
          ),
        );
      case 'as':
        return this.#remember(step.name, state);
      case 'select':
        return this.#select(step.names);
      default:
    }
    switch (state.stream) {
      case 'elements':
        return this.#onElements(step, state.selection);
      case 'values':
        return this.#onValues(step, state);
      case 'paths':
        return this.#onPaths(step, state.paths);
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
            follow(
              this.#close(selection),
              step,
              this.#view,
              this.#scope,
              this.#dialect,
            ),
            step.conditions,
          ),
        );
      case 'ends':
        return elements(
          this.#narrowing.narrow(
            ends(this.#close(selection), step.end, this.#view, this.#dialect),
            step.conditions,
          ),
        );
      case 'closure':
        return elements(this.#closure(step, selection));
      case 'impact':
        return elements(this.#impact(step, selection));
      case 'where':
        return elements(this.#conditions.where(step, selection));
      case 'repeat':
        return elements(this.#repeat(step, selection));
      case 'path':
        return {
          stream: 'paths',
          paths: pathsOf(
            reopen(this.#close(selection)),
            this.#statement,
            this.#dialect,
          ),
        };
      case 'shortestPath':
        return this.#shortestPath(step, selection);
      case 'dedup':
        return elements(this.#dedup(step, selection));
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
          values: this.#valuesOf(selection, step.key),
          then: [],
        };
      case 'aggregate':
        return {
          stream: 'values',
          values: this.#occurrencesOf(selection, step.key!),
          then: [step],
        };
      case 'group':
        if (step.of === 'count') {
          return {
            stream: 'values',
            values: this.#occurrencesOf(selection, step.key ?? ID),
            then: [step],
          };
        }
        return { stream: 'maps', selection, make: step, then: [] };
      case 'valueMap':
      case 'keys':
        return { stream: 'maps', selection, make: step, then: [] };
      case 'subGraph':
        return this.#subGraph(step.edges, selection);
      default:
        throw new Error(`${step.step} cannot follow ${selection.element}`);
    }
  }

  #onValues(step: Step, state: Extract<State, { stream: 'values' }>): State {
    const { values, then } = state;
    if (then.length > 0) {
      return { ...state, then: [...then, step] };
    }
    switch (step.step) {
      case 'dedup':
        return {
          ...state,
          values: valuesDedup(values, this.#statement),
        };
      case 'range':
        return {
          ...state,
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
        return { ...state, then: [step] };
    }
  }

  #onPaths(step: Step, paths: Paths): State {
    switch (step.step) {
      case 'dedup':
      case 'subGraph': {
        const stage = nodesOnPaths(paths, this.#statement, this.#dialect);
        if (step.step === 'subGraph') {
          return this.#subGraph([], reopen(stage));
        }
        return elements(this.#onWay(reopen(stage)));
      }
      case 'range':
        return {
          stream: 'paths',
          paths: pathsRange(
            paths,
            step.from,
            step.to,
            this.#statement,
            this.#dialect,
          ),
        };
      case 'count':
        return { stream: 'number', count: pathsCount(paths) };
      default:
        throw new Error(`${step.step} cannot follow paths`);
    }
  }

  /** Nodes from which ways begin again. */
  #onWay(selection: Selection): Selection {
    return this.#keepsWays
      ? {
          ...selection,
          extras: ['trail'],
          keys: [...selection.keys, trailItem(selection.keys, this.#dialect)],
        }
      : selection;
  }

  /** In no order, and each different value once. */
  #occurrencesOf(selection: Selection, key: FieldPath): Values {
    return occurrencesOf(
      this.#rowOf(selection),
      this.#narrowing.field(selection, key),
      this.#statement,
      this.#dialect,
    );
  }

  #valuesOf(selection: Selection, key: FieldPath): Values {
    return valuesOf(
      this.#rowOf(selection),
      this.#narrowing.field(selection, key),
      this.#statement,
      this.#dialect,
    );
  }

  #dedup(
    step: Extract<Step, { step: 'dedup' }>,
    selection: Selection,
  ): Selection {
    // What came again may have another number in the store, but it has its former id.
    const keys =
      step.keys.length === 0 && selection.extras.includes('since')
        ? [ID]
        : step.keys;
    if (keys.length > 0) {
      return dedupByKeys(
        this.#rowOf(selection),
        keys.map(key => this.#narrowing.field(selection, key)),
        this.#statement,
        this.#dialect,
      );
    }
    return selection.extras.includes('trail')
      ? firstOfEach(
          reopen(this.#close(selection)),
          this.#statement,
          this.#dialect,
        )
      : { ...selection, times: undefined };
  }

  /** `count`: the tests of how many there are, where a count ends the traversal. */
  #traverse(
    start: Selection,
    { steps }: Traversal,
  ): { selection: Selection; count?: Test[] } {
    let state: State = elements(start);
    let count: Test[] | undefined;
    steps.forEach((step, i) => {
      const next = steps[i + 1];
      if (step.step === 'count') {
        count = [];
      } else if (step.step === 'values') {
        if (next?.step !== 'is') {
          state = this.#after(state, has(step, { test: 'present' }));
        }
      } else if (step.step === 'is') {
        const before = steps[i - 1];
        if (count) {
          count.push(step.test);
        } else if (before.step === 'values') {
          state = this.#after(state, has(before, step.test));
        }
      } else {
        state = this.#after(state, step);
      }
    });
    return { selection: this.#selection(state), count };
  }

  #repeat(step: RepeatStep, selection: Selection): Selection {
    const start = this.#narrowing.narrow(selection, []);
    const repeating: Repeating = {
      statement: this.#statement,
      dialect: this.#dialect,
      narrowing: this.#narrowing,
      view: this.#view,
      scope: this.#scope,
      depth: this.#bounds.depth,
      rows: this.#dialect.recursionLimit ? this.#bounds.visits : undefined,
      close: each => this.#close(each),
      run: (each, traversal) => this.#traverse(each, traversal).selection,
      where: (each, traversal, finds) =>
        this.#conditions.where(
          {
            step: 'where',
            match: finds ? 'all' : 'none',
            of: [traversal],
          },
          each,
        ),
    };
    if (step.times !== undefined) {
      const hops = step.body.steps.filter(each => each.step !== 'has').length;
      if (step.times * Math.max(1, hops) > this.#bounds.depth) {
        throw this.#error(step, {
          problem: `Repeat follows ${step.times * hops} steps here, and ${
            this.#bounds.depth
          } is the most that is counted`,
          expected: 'Until(…) or Emit() without Times(n), which has no limit',
          reason: 'bound',
        });
      }
      return unrolled({ ...step, times: step.times }, start, repeating);
    }
    const found = untilDone(step, start, repeating);
    if (!found) {
      throw this.#error(step, {
        problem:
          'Path() knows the way through this Repeat only when it has Times(n), or when it repeats Out, In or Both',
        expected: 'Times(n) behind it',
      });
    }
    if (found.recursion) {
      this.#recursions.push(found.recursion);
      this.#visitsOfNode = Infinity;
    }
    return found.selection;
  }

  #shortestPath(
    step: Extract<Step, { step: 'shortestPath' }>,
    selection: Selection,
  ): State {
    const plain = { ...this.#view, extras: [] };
    const edges = allEdges(
      { ...plain, filter: undefined },
      undefined,
      [],
      this.#dialect,
    );
    const targets = this.#narrowing.narrow(
      allNodes(plain, this.#scope, [], this.#dialect),
      step.target,
    );
    const found = this.#statement.addSearch(
      pathSearch({
        start: reopen(this.#close(selection)),
        targets,
        edges: this.#narrowing.combined(edges, step.edges, false),
        view: plain,
        scope: this.#scope,
        statement: this.#statement,
        dialect: this.#dialect,
        rows: this.#bounds.rows,
      }),
    );
    const table = this.#statement.add(
      'p',
      [],
      () =>
        sql`SELECT v AS trail, 1 AS times, position FROM ${this.#dialect.textsOfJsonList(
          sql`${found}`,
        )} j`,
    );
    return { stream: 'paths', paths: { table } };
  }

  #remember(name: string, state: State): State {
    const stage = this.#close(this.#selection(state));
    this.#named.set(name, stage);
    return elements(reopen(stage));
  }

  #select(names: readonly string[]): State {
    const stages = names.map(name => this.#named.get(name)!);
    if (stages.length === 1) {
      return elements(reopen(stages[0]));
    }
    return elements(together(stages));
  }

  #subGraph(edges: readonly Condition[], selection: Selection): State {
    const inside = (induced: Selection) =>
      this.#close(this.#narrowing.narrow(induced, edges));
    // How often an element occurs means nothing in a graph.
    const stage = this.#close(withoutWays({ ...selection, times: undefined }));
    this.#scope = addSubGraph(
      stage,
      this.#scope,
      this.#statement,
      this.#dialect,
      inside,
    );
    return { stream: 'graph' };
  }

  #closure(
    step: Extract<Step, { step: 'closure' }>,
    selection: Selection,
  ): Selection {
    if (step.depth !== 'unlimited' && step.depth > this.#bounds.depth) {
      throw this.#error(step, {
        problem: `a depth of ${step.depth} is more than ${
          this.#bounds.depth
        }, the most that is counted`,
        expected: '0 for no limit',
        reason: 'bound',
      });
    }
    if (selection.extras.includes('trail')) {
      throw this.#error(step, {
        problem:
          'Path() does not know by which way Descendants, Ascendants and Neighbors went',
        expected: 'Repeat(Out()).Emit()',
      });
    }
    const edges = allEdges(this.#view, undefined, [], this.#dialect);
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
      // Within a condition, and of the past, nobody knows.
      const isSimple =
        selection.extras.length === 0 && !this.#view.moment.isPast;
      this.#visitsOfNode = Math.max(
        this.#visitsOfNode,
        isSimple && step.depth !== 'unlimited' ? step.depth + 1 : Infinity,
      );
    }
    return reopen(stage);
  }

  #impact(
    step: Extract<Step, { step: 'impact' }>,
    selection: Selection,
  ): Selection {
    if (!this.#model.hasHistory) {
      throw this.#error(step, {
        problem: 'a saved graph does not say what needs what',
        expected:
          'Impact on a topology that is read from clusters or manifests',
      });
    }
    if (selection.extras.includes('trail')) {
      throw this.#error(step, {
        problem: 'Path() does not know by which way Impact went',
        expected: 'Repeat(In()).Emit()',
      });
    }
    const { stage, recursion } = addImpact({
      start: this.#close({ ...selection, times: undefined }),
      hardOnly: step.only === 'hard',
      view: this.#view,
      scope: this.#scope,
      statement: this.#statement,
      dialect: this.#dialect,
      rows: this.#dialect.recursionLimit ? this.#bounds.visits : undefined,
    });
    this.#recursions.push(recursion);
    const isSimple = selection.extras.length === 0 && !this.#view.moment.isPast;
    this.#visitsOfNode = Math.max(
      this.#visitsOfNode,
      isSimple ? IMPACT_STATES : Infinity,
    );
    return reopen(stage);
  }

  #selection(state: State): Selection {
    if (state.stream !== 'elements') {
      throw new Error('no elements are selected here');
    }
    return state.selection;
  }

  #error(
    { at }: { at?: Place },
    rest: { problem: string; expected: string; reason?: 'bound' },
  ): GremlinError {
    return new GremlinError({
      text: this.#query.text,
      at: at ?? { offset: 0, length: 1 },
      ...rest,
    });
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

/** Each element once, whatever the ways to it. */
function withoutWays(selection: Selection): Selection {
  const ids = idColumns(selection.element).length;
  const kept = selection.extras.flatMap((extra, i) =>
    extra === 'trail' ? [] : [i],
  );
  return kept.length === selection.extras.length
    ? selection
    : {
        ...selection,
        extras: kept.map(i => selection.extras[i]),
        keys: [
          ...selection.keys.slice(0, ids),
          ...kept.map(i => selection.keys[ids + i]),
        ],
        repeats: true,
      };
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

function has({ key, at }: Extract<Step, { step: 'values' }>, test: Test): Step {
  return { step: 'has', match: 'all', conditions: [{ field: key, test }], at };
}
