import {
  RestartRun,
  RestartStep,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { textTable } from './textTable';

/** How far each pod is, or what would happen to it. */
export function restartTable({ pods, state }: RestartRun): string {
  return textTable(
    ['NAMESPACE', 'POD', 'CONTROLLER', 'STATE', 'MESSAGE'],
    pods.map(({ namespace, name, controller = '', step }) => [
      namespace,
      name,
      controller,
      state === 'planned' && step.state === 'waiting'
        ? 'to be restarted'
        : step.state,
      messageOf(step),
    ]),
  );
}

function messageOf(step: RestartStep): string {
  if ('message' in step) {
    return step.message;
  }
  return 'replacement' in step && step.replacement
    ? `now ${step.replacement}`
    : '';
}
