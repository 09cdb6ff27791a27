import { PROBLEM_LEVELS } from '../kinds/status';
import { readRefusal } from './apiRefusal';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { Explainer, called } from './finding';
import { Refused } from './refused';
import { refusedBy } from './refusedBy';

/**
 * A controller whose pods the API server refuses (S045–S057): no pod exists to blame. Its condition, or where it has
 * none the event, quotes the API server, and the sentence says who refuses.
 */
export const refused: Explainer = (workload, graph) => {
  const refusal = refusalOf(workload, graph);
  return refusal && [refusedBy(refusal, graph)];
};

function refusalOf(
  workload: CausalGraphNode,
  graph: CausalGraph,
): Refused | undefined {
  const { message = '', evidence, reason } = workload.verdict;
  const failing =
    /FailedCreate|CannotCreatePods|ReplicaFailure|ReplicaSetCreateError/.test(
      reason,
    ) ||
    evidence.some(({ field, value }) =>
      /ReplicaFailure|FailedCreate/.test(`${field} ${value}`),
    ) ||
    // A CronJob says nothing of it in its status.
    (isKind(workload, 'CronJob') && PROBLEM_LEVELS.has(workload.verdict.level));
  if (!failing) {
    return undefined;
  }
  const said = [
    { field: 'message', text: message },
    ...evidence.map(({ field, value }) => ({ field, text: value })),
    ...graph
      .events(workload.key)
      .filter(event => event.reason === 'FailedCreate')
      .map(event => ({ field: 'event FailedCreate', text: event.message })),
  ].filter(({ text }) => text !== '');
  const found = said.find(({ text }) => readRefusal(text));
  return (
    found && {
      node: workload,
      says: `The API server refuses the ${
        isKind(workload, 'CronJob') ? 'Jobs' : 'pods'
      } of ${called(workload)}.`,
      text: found.text,
      field:
        found.field === 'message'
          ? evidence.find(({ value }) => value.includes(message))?.field ??
            'status'
          : found.field,
      evidence,
    }
  );
}
