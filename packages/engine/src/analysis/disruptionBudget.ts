import { POD } from '../kinds/kindIds';
import { PROBLEM_LEVELS } from '../kinds/status';
import { Explainer, Finding, called } from './finding';

/** A budget with too few healthy pods suffers from those that are not (H139). */
export const disruptionBudget: Explainer = (budget, graph) => {
  const { level, message, reason, evidence } = budget.verdict;
  if (!PROBLEM_LEVELS.has(level)) {
    return undefined;
  }
  const pods = graph.inventory({
    cluster: budget.cluster,
    kind: POD,
    troubled: true,
    linkedFrom: { relation: 'poddisruptionbudget-pod', key: budget.key },
  });
  const found = (pods?.nodes ?? []).flatMap(
    ({ key }) => graph.reach(key) ?? [],
  );
  return found.length === 0
    ? undefined
    : found.map(
        (pod): Finding => ({
          type: 'dependency',
          on: pod.key,
          confidence: 'proven',
          says: `${called(budget)}: ${message ?? reason}.`,
          evidence,
        }),
      );
};
