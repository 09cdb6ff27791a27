import { GremlinError } from '../gremlinError';
import { Query, Step } from '../query';
import { Compilation, CompileOptions } from './compilation';
import { onElements } from './elementSteps';
import { allEdges, allNodes } from './hops';
import { onPaths, onValues } from './listedSteps';
import { Plan, planOf } from './plan';
import { together } from './repeat';
import { reopen } from './selection';
import { elements, selectionOf, State } from './state';

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
  readonly #compilation: Compilation;
  #state: State = { stream: 'graph' };

  constructor(query: Query, options: CompileOptions) {
    this.#compilation = new Compilation(query, options, (state, step) =>
      this.#after(state, step),
    );
  }

  plan(): Plan {
    return planOf(this.#state, this.#compilation);
  }

  add(step: Step): void {
    this.#state = this.#after(this.#state, step);
    if (this.#compilation.statement.tooIntricate) {
      throw new GremlinError({
        text: this.#compilation.query.text,
        at: step.at,
        problem: 'up to here the query is too intricate to plan',
        expected: 'fewer SubGraph or Select steps',
        reason: 'bound',
      });
    }
  }

  #after(state: State, step: Step): State {
    const { view, scope, dialect, model } = this.#compilation;
    if (view.extras?.includes('since') && !OF_REVISIONS.has(step.step)) {
      throw this.#compilation.error(step, {
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
        this.#compilation.scope = undefined;
        return { stream: 'graph' };
      case 'nodes':
        return elements(allNodes(view, scope, step.ids, dialect));
      case 'edges':
        return elements(
          allEdges(
            view,
            scope,
            step.ids.map(id => model.edgesOfId(id, view.moment)),
            dialect,
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
        return onElements(step, state.selection, this.#compilation);
      case 'values':
        return onValues(step, state, this.#compilation);
      case 'paths':
        return onPaths(step, state.paths, this.#compilation);
      case 'maps':
        return { ...state, then: [...state.then, step] };
      default:
        throw new Error(`${step.step} cannot follow ${state.stream}`);
    }
  }

  #remember(name: string, state: State): State {
    const stage = this.#compilation.close(selectionOf(state));
    this.#compilation.named.set(name, stage);
    return elements(reopen(stage));
  }

  #select(names: readonly string[]): State {
    return elements(
      together(names.map(name => this.#compilation.named.get(name)!)),
    );
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
