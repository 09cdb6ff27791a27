import { Compilation } from './compilation';
import { Repeating, RepeatStep } from './repeat';
import { unrolled } from './repeatTimes';
import { untilDone } from './repeatUntil';
import { Selection } from './selection';

/** `Repeat` with what stands beside it. */
export function repeatStep(
  step: RepeatStep,
  selection: Selection,
  compilation: Compilation,
): Selection {
  const { bounds, narrowing } = compilation;
  const start = narrowing.narrow(selection, []);
  const repeating: Repeating = {
    statement: compilation.statement,
    dialect: compilation.dialect,
    narrowing,
    view: compilation.view,
    scope: compilation.scope,
    depth: bounds.depth,
    rows: compilation.mostVisits,
    close: each => compilation.close(each),
    run: (each, traversal) => compilation.traverse(each, traversal).selection,
    where: (each, traversal, finds) =>
      compilation.conditions.where(
        { step: 'where', match: finds ? 'all' : 'none', of: [traversal] },
        each,
      ),
  };
  if (step.times !== undefined) {
    const hops = step.body.steps.filter(each => each.step !== 'has').length;
    if (step.times * Math.max(1, hops) > bounds.depth) {
      throw compilation.error(step, {
        problem: `Repeat follows ${step.times * hops} steps here, and ${
          bounds.depth
        } is the most that is counted`,
        expected: 'Until(…) or Emit() without Times(n), which has no limit',
        reason: 'bound',
      });
    }
    return unrolled({ ...step, times: step.times }, start, repeating);
  }
  const found = untilDone(step, start, repeating);
  if (!found) {
    throw compilation.error(step, {
      problem:
        'Path() knows the way through this Repeat only when it has Times(n), or when it repeats Out, In or Both',
      expected: 'Times(n) behind it',
    });
  }
  if (found.recursion) {
    compilation.bounded(found.recursion, Infinity);
  }
  return found.selection;
}
