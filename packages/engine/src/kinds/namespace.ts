import { conditionEvidence, conditionSummary, conditions } from './conditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { NAMESPACE } from './kindIds';
import { observation, parseTime } from './metadata';
import { Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';

export const namespaceKind: KindDefinition = {
  id: NAMESPACE,
  type: 'namespace',
  version: 'v1',
  plural: 'namespaces',
  namespaced: false,
  observe(namespace, context) {
    return observation(NAMESPACE, false, namespace, context, {
      properties: {
        Status: namespace.status?.phase ?? '',
        Conditions: conditionSummary(namespace),
      },
      verdict: namespaceVerdict(namespace),
    });
  },
};

/** H130: two minutes of deletion are normal, then the conditions say what holds it. */
function namespaceVerdict(namespace: KubernetesObject): Verdict {
  const phase: string = namespace.status?.phase ?? '';
  if (phase !== 'Terminating') {
    return verdict('ok', phase || 'Exists');
  }
  const since = parseTime(namespace.metadata.deletionTimestamp);
  const held = conditions(namespace).filter(
    ({ status, type }) => status === 'True' && type.startsWith('Namespace'),
  );
  const evidence = [
    fieldEvidence('status.phase', phase, since),
    ...held.map(conditionEvidence),
  ];
  const terminating = verdict('terminating', 'Terminating', {
    rule: 'H130',
    since,
    evidence,
  });
  return held.length === 0 || since === undefined
    ? terminating
    : until(
        since + 2 * 60_000,
        terminating,
        verdict('degraded', 'StuckTerminating', {
          rule: 'H130',
          since,
          message: held.map(({ message }) => message).join('; '),
          evidence,
        }),
      );
}
