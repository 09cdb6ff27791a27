import { Condition, condition, conditionEvidence } from './conditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { POD, POD_DISRUPTION_BUDGET } from './kindIds';
import { selectorFromObject } from './labelSelector';
import { observation, ownVerdict, parseTime } from './metadata';
import { SelectorReference } from './observation';
import { Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';

/** A rollout or a drain makes it so for a while (kube-state-metrics' alert waits as long). */
const UNHEALTHY_AFTER = 15 * 60_000;

export const podDisruptionBudgetKind: KindDefinition = {
  id: POD_DISRUPTION_BUDGET,
  type: 'poddisruptionbudget',
  version: 'v1',
  plural: 'poddisruptionbudgets',
  namespaced: true,
  observe(budget, context) {
    const { spec = {}, status = {} } = budget;
    return observation(POD_DISRUPTION_BUDGET, true, budget, context, {
      properties: {
        MinAvailable: spec.minAvailable,
        MaxUnavailable: spec.maxUnavailable,
        Selector: spec.selector ?? null,
        CurrentHealthy: status.currentHealthy ?? 0,
        DesiredHealthy: status.desiredHealthy ?? 0,
        ExpectedPods: status.expectedPods ?? 0,
        DisruptionsAllowed: status.disruptionsAllowed ?? 0,
      },
      verdict: ownVerdict(budget, budgetVerdict(budget)),
      selectors: selectors(budget),
    });
  },
};

/** R153: no selector selects nothing, an empty one every pod of the namespace. */
function selectors({ spec }: KubernetesObject): SelectorReference[] {
  const selector = selectorFromObject(spec?.selector);
  return selector
    ? [
        {
          relation: 'poddisruptionbudget-pod',
          end: 'source',
          kind: POD,
          namespaces: 'own',
          selector,
        },
      ]
    : [];
}

/** H139–H142, the first that holds. A budget that allows nothing blocks drains only: no fault by itself (H140). */
function budgetVerdict(budget: KubernetesObject): Verdict {
  const { status, metadata } = budget;
  const said = condition(budget, 'DisruptionAllowed');
  if (said?.reason === 'SyncFailed') {
    return verdict('degraded', 'SyncFailed', {
      rule: 'H141',
      message: said.message,
      since: said.since,
      evidence: [conditionEvidence(said)],
    });
  }
  if (!status || status.expectedPods === undefined) {
    return verdict('ok', 'Exists');
  }
  const { currentHealthy = 0, desiredHealthy = 0, expectedPods = 0 } = status;
  if (expectedPods === 0) {
    return verdict('ok', 'NoMatch', {
      rule: 'H142',
      message: 'it protects no pod',
      evidence: [fieldEvidence('status.expectedPods', 0)],
    });
  }
  const evidence = countEvidence(status, said);
  if (currentHealthy < desiredHealthy) {
    const details = {
      rule: 'H139',
      message: `${currentHealthy} of ${desiredHealthy} pods healthy`,
      since: said?.since,
      evidence,
    };
    const since = said?.since ?? parseTime(metadata.creationTimestamp) ?? 0;
    return until(
      since + UNHEALTHY_AFTER,
      verdict('progressing', 'NotEnoughHealthy', details),
      verdict('degraded', 'NotEnoughHealthy', details),
    );
  }
  return (status.disruptionsAllowed ?? 0) === 0
    ? verdict('ok', 'ZeroAllowed', {
        rule: 'H140',
        message: 'allows no eviction: a drain would wait',
        evidence,
      })
    : verdict('ok', 'Allows', { evidence });
}

function countEvidence(
  status: KubernetesObject,
  said: Condition | undefined,
): Verdict['evidence'] {
  return [
    fieldEvidence('status.currentHealthy', status.currentHealthy ?? 0),
    fieldEvidence('status.desiredHealthy', status.desiredHealthy ?? 0),
    fieldEvidence('status.disruptionsAllowed', status.disruptionsAllowed ?? 0),
    ...(said ? [conditionEvidence(said)] : []),
  ];
}
