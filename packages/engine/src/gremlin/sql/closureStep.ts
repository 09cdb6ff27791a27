import { Step } from '../query';
import { addClosure } from './closure';
import { Compilation } from './compilation';
import { allEdges } from './hops';
import { reopen, Selection } from './selection';
import { any } from './sql';

/** `Descendants`, `Ascendants` and `Neighbors`. */
export function closureStep(
  step: Extract<Step, { step: 'closure' }>,
  selection: Selection,
  compilation: Compilation,
): Selection {
  const { bounds, narrowing, view, dialect, statement } = compilation;
  if (step.depth !== 'unlimited' && step.depth > bounds.depth) {
    throw compilation.error(step, {
      problem: `a depth of ${step.depth} is more than ${bounds.depth}, the most that is counted`,
      expected: '0 for no limit',
      reason: 'bound',
    });
  }
  if (selection.extras.includes('trail')) {
    throw compilation.error(step, {
      problem:
        'Path() does not know by which way Descendants, Ascendants and Neighbors went',
      expected: 'Repeat(Out()).Emit()',
    });
  }
  const edges = allEdges(view, undefined, [], dialect);
  const condition = any(
    step.edges.map(each => narrowing.condition(edges, each)),
  );
  const { stage, recursion } = addClosure({
    start: compilation.close({ ...selection, times: undefined }),
    direction: step.direction,
    depth: step.depth,
    condition,
    view,
    scope: compilation.scope,
    statement,
    rows: compilation.mostVisits,
  });
  if (recursion) {
    // Within a condition, and of the past, nobody knows.
    const isSimple = selection.extras.length === 0 && !view.moment.isPast;
    compilation.bounded(
      recursion,
      isSimple && step.depth !== 'unlimited' ? step.depth + 1 : Infinity,
    );
  }
  return reopen(stage);
}
