import { GremlinBounds } from '../bounds';
import type { GraphDictionaries } from '../dictionaries';
import { GremlinError, Place } from '../gremlinError';
import { Query, Step, Test, Traversal } from '../query';
import { Dialect } from './dialect';
import { GraphModel } from './graphModel';
import { Scope, View } from './hops';
import { KUBERNETES_MODEL } from './kubernetesModel';
import { Narrowing } from './narrowing';
import { close, reopen, Selection, Stage, withRow } from './selection';
import { elements, selectionOf, State } from './state';
import { Statement } from './statement';
import { Conditions } from './where';

export interface CompileOptions {
  dialect: Dialect;
  /** Default: as the engine writes its tables. */
  model?: GraphModel;
  view: View;
  bounds: GremlinBounds;
  /** Of the database as it is now. */
  dictionaries?: GraphDictionaries;
}

/** What the steps of one query share while they are compiled. */
export class Compilation {
  readonly query: Query;
  readonly dialect: Dialect;
  readonly model: GraphModel;
  readonly view: View;
  readonly bounds: GremlinBounds;
  readonly statement: Statement;
  readonly narrowing: Narrowing;
  readonly conditions: Conditions;
  readonly keepsWays: boolean;
  readonly named = new Map<string, Stage>();
  /** Those whose rows are bounded. */
  readonly recursions: string[] = [];
  /** The most rows that a recursion can have for each node. */
  visitsOfNode = 0;
  /** The part of the graph that an earlier SubGraph has left. */
  scope?: Scope;
  readonly #after: (state: State, step: Step) => State;

  constructor(
    query: Query,
    options: CompileOptions,
    after: (state: State, step: Step) => State,
  ) {
    this.query = query;
    this.#after = after;
    this.keepsWays = query.steps.some(each => each.step === 'path');
    this.dialect = options.dialect;
    this.model = options.model ?? KUBERNETES_MODEL;
    this.view = this.keepsWays
      ? { ...options.view, extras: [...(options.view.extras ?? []), 'trail'] }
      : options.view;
    this.statement = new Statement(options.view.moment);
    this.bounds = options.bounds;
    this.narrowing = new Narrowing(
      this.statement,
      options.dialect,
      this.model,
      this.view,
      options.bounds.patternValues,
      options.dictionaries,
    );
    this.conditions = new Conditions({
      statement: this.statement,
      dialect: this.dialect,
      narrowing: this.narrowing,
      moment: this.view.moment,
      close: selection => this.close(selection),
      traverse: (start, traversal) => this.traverse(start, traversal),
    });
  }

  /** Rows after which a recursion ends; only SQLite can. */
  get mostVisits(): number | undefined {
    return this.dialect.recursionLimit ? this.bounds.visits : undefined;
  }

  /** Notes a recursion that a bound may end; `visitsOfNode`: the most rows that it can have for each node. */
  bounded(recursion: string, visitsOfNode: number): void {
    this.recursions.push(recursion);
    this.visitsOfNode = Math.max(this.visitsOfNode, visitsOfNode);
  }

  close(selection: Selection): Stage {
    return close(selection, this.statement, this.dialect);
  }

  /** With one row for each element, and ready to be counted or numbered. */
  single(selection: Selection): Selection {
    return selection.repeats || this.view.moment.isPast
      ? reopen(this.close(selection))
      : selection;
  }

  /** One row for each element, with its fields. */
  rowOf(selection: Selection): Selection {
    return withRow(this.single(selection), this.view.moment);
  }

  /** `count`: the tests of how many there are, where a count ends the traversal. */
  traverse(
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
    return { selection: selectionOf(state), count };
  }

  error(
    { at }: { at?: Place },
    rest: { problem: string; expected: string; reason?: 'bound' },
  ): GremlinError {
    return new GremlinError({
      text: this.query.text,
      at: at ?? { offset: 0, length: 1 },
      ...rest,
    });
  }
}

function has({ key, at }: Extract<Step, { step: 'values' }>, test: Test): Step {
  return { step: 'has', match: 'all', conditions: [{ field: key, test }], at };
}
