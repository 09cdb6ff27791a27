import { FieldPath } from './fieldPath';
import { Step, Traversal } from './query';

/** Whether steps read a field, or a part of it: `Stale`, `K8s`. */
export function namesField(steps: readonly Step[], name: string): boolean {
  return steps.some(
    step =>
      fieldsOf(step).some(({ segments }) => segments[0] === name) ||
      traversalsOf(step).some(each => namesField(each.steps, name)),
  );
}

function fieldsOf(step: Step): FieldPath[] {
  switch (step.step) {
    case 'has':
    case 'follow':
    case 'ends':
      return step.conditions.map(({ field }) => field);
    case 'shortestPath':
      return step.target.map(({ field }) => field);
    case 'dedup':
    case 'valueMap':
      return [...step.keys];
    case 'sort':
    case 'values':
    case 'aggregate':
    case 'group':
      return step.key ? [step.key] : [];
    default:
      return [];
  }
}

function traversalsOf(step: Step): readonly Traversal[] {
  switch (step.step) {
    case 'where':
      return step.of;
    case 'repeat':
      return [step.body, step.until?.of, step.emit?.of].flatMap(each =>
        each ? [each] : [],
      );
    default:
      return [];
  }
}
