import { Step } from '../query';
import { Compilation } from './compilation';
import { addImpact, IMPACT_STATES } from './impact';
import { reopen, Selection } from './selection';

/** `Impact`. */
export function impactStep(
  step: Extract<Step, { step: 'impact' }>,
  selection: Selection,
  compilation: Compilation,
): Selection {
  const { view } = compilation;
  if (!compilation.model.hasHistory) {
    throw compilation.error(step, {
      problem: 'a saved graph does not say what needs what',
      expected: 'Impact on a topology that is read from clusters or manifests',
    });
  }
  if (selection.extras.includes('trail')) {
    throw compilation.error(step, {
      problem: 'Path() does not know by which way Impact went',
      expected: 'Repeat(In()).Emit()',
    });
  }
  const { stage, recursion } = addImpact({
    start: compilation.close({ ...selection, times: undefined }),
    hardOnly: step.only === 'hard',
    view,
    scope: compilation.scope,
    statement: compilation.statement,
    dialect: compilation.dialect,
    rows: compilation.mostVisits,
  });
  const isSimple = selection.extras.length === 0 && !view.moment.isPast;
  compilation.bounded(recursion, isSimple ? IMPACT_STATES : Infinity);
  return reopen(stage);
}
