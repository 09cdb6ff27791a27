import { fieldOf } from '../gremlin/documents';
import { Condition, Step } from '../gremlin/query';
import { KUBERNETES_MODEL } from '../gremlin/sql/kubernetesModel';
import { passes } from '../gremlin/valueTest';
import { LiveElement } from './liveMessage';

export type HasStep = Extract<Step, { step: 'has' }>;

/** Whether an element passes `Has` steps, without asking the database; the rules are those of the compiled query. */
export function passesAll(
  element: LiveElement,
  steps: readonly HasStep[],
): boolean {
  return steps.every(({ match, conditions }) =>
    match === 'all'
      ? conditions.every(each => holds(element, each))
      : conditions.some(each => holds(element, each)),
  );
}

/** Of a list any element counts; negations hold when none does. */
function holds(element: LiveElement, { field, test }: Condition): boolean {
  const value = fieldOf(element, field, KUBERNETES_MODEL);
  if (test.test === 'present' || test.test === 'absent') {
    return passes(test, value);
  }
  const values = Array.isArray(value) ? value.flat() : [value];
  return test.test === 'differs' && value !== undefined
    ? values.every(each => passes(test, each))
    : values.some(each => passes(test, each));
}
