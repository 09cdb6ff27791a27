import { KindDefinition, KubernetesObject } from './kindDefinition';
import { DAEMON_SET } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { podSpecReferences } from './podTemplate';
import {
  ROLLOUT_BUDGET,
  judgeByCreation,
  judgeByPods,
  replicaEvidence,
  replicaVerdict,
} from './replicaHealth';
import { Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';
import {
  createFailureRules,
  observedVerdict,
  templateProperties,
} from './workload';

export const daemonSetKind: KindDefinition = {
  id: DAEMON_SET,
  type: 'daemonset',
  version: 'v1',
  plural: 'daemonsets',
  namespaced: true,
  observe(set, context) {
    const { spec = {}, status = {}, metadata } = set;
    const { desired, ready } = replicas(set);
    return observation(DAEMON_SET, true, set, context, {
      properties: {
        DesiredNumberScheduled: desired,
        CurrentNumberScheduled: status.currentNumberScheduled ?? 0,
        NumberMisscheduled: status.numberMisscheduled ?? 0,
        NumberReady: ready,
        NumberAvailable: status.numberAvailable ?? 0,
        UpdatedNumberScheduled: status.updatedNumberScheduled ?? 0,
        UpdateStrategy: spec.updateStrategy?.type,
        ...templateProperties(set),
      },
      verdict: ownVerdict(set, setVerdict(set)),
      facts: { satisfied: ready >= desired, desired, ready },
      references: podSpecReferences(
        'daemonset',
        metadata.namespace,
        spec.template?.spec,
      ),
    });
  },
  eventRules: createFailureRules('H054', ['PodsNotReady', 'NotScheduled']),
  contextRelations: ['daemonset-pod'],
  judgeInContext(node, neighbours) {
    const { desired, ready } = node.facts;
    return node.own.rule === 'H057'
      ? judgeByPods(
          node.own,
          { desired, ready },
          neighbours('daemonset-pod', 'out'),
          'H057',
          'PodsNotReady',
          false,
        )
      : judgeByCreation(node);
  },
};

function replicas(set: KubernetesObject) {
  return {
    desired: Number(set.status?.desiredNumberScheduled ?? 0),
    created: Number(set.status?.currentNumberScheduled ?? 0),
    ready: Number(set.status?.numberReady ?? 0),
    fields: {
      desired: 'status.desiredNumberScheduled',
      ready: 'status.numberReady',
    },
  };
}

/** H041, H056–H060, the first that holds. */
function setVerdict(set: KubernetesObject): Verdict {
  const { status = {} } = set;
  const counted = replicas(set);
  const { desired, ready } = counted;
  const evidence = replicaEvidence(counted);
  const createdAt = parseTime(set.metadata.creationTimestamp);
  const unobserved = observedVerdict(set);
  if (unobserved) {
    return unobserved;
  }
  if (desired === 0) {
    return verdict('ok', 'NoMatchingNodes', { rule: 'H056', evidence });
  }
  const scheduled: number = status.currentNumberScheduled ?? 0;
  if (scheduled < desired) {
    const details = {
      rule: 'H058',
      message: `${scheduled} of ${desired} scheduled`,
      evidence: [
        fieldEvidence('status.currentNumberScheduled', scheduled),
        fieldEvidence('status.desiredNumberScheduled', desired),
      ],
    };
    return until(
      (createdAt ?? 0) + ROLLOUT_BUDGET,
      verdict('progressing', 'NotScheduled', details),
      verdict(ready === 0 ? 'down' : 'degraded', 'NotScheduled', details),
    );
  }
  if (ready < desired) {
    return replicaVerdict(counted, createdAt, 'H057', 'PodsNotReady');
  }
  if (status.numberMisscheduled > 0) {
    return verdict('ok', 'Misscheduled', {
      rule: 'H059',
      evidence: [
        fieldEvidence('status.numberMisscheduled', status.numberMisscheduled),
      ],
    });
  }
  const updated: number = status.updatedNumberScheduled ?? 0;
  return updated < desired && set.spec?.updateStrategy?.type !== 'OnDelete'
    ? verdict('progressing', 'RollingOut', {
        rule: 'H060',
        evidence: [
          fieldEvidence('status.updatedNumberScheduled', updated),
          ...evidence,
        ],
      })
    : verdict('ok', 'Ready', { evidence });
}
