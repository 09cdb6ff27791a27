import { KindDefinition, KubernetesObject } from './kindDefinition';
import { DAEMON_SET } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { affinitySelectors } from './affinitySelectors';
import {
  daemonNodeSelectors,
  judgeByNodes,
  tolerationFacts,
} from './daemonNodes';
import { templateReferences } from './templateReferences';
import {
  ROLLOUT_BUDGET,
  judgeByCreation,
  judgeByPods,
  replicaEvidence,
  replicaVerdict,
} from './replicaHealth';
import { PROBLEM_LEVELS, Verdict } from './status';
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
      facts: {
        satisfied: ready >= desired,
        desired,
        ready,
        ...tolerationFacts(set),
      },
      references: templateReferences('daemonset', metadata, spec.template),
      selectors: [
        ...affinitySelectors('daemonset', spec.template),
        ...daemonNodeSelectors(set),
      ],
    });
  },
  eventRules: createFailureRules('H054', ['PodsNotReady', 'NotScheduled']),
  contextRelations: ['daemonset-pod', 'daemonset-node'],
  judgeInContext(node, neighbours, now) {
    const { desired, ready } = node.facts;
    const found =
      node.own.rule === 'H057'
        ? judgeByPods(
            node.own,
            { desired, ready },
            neighbours('daemonset-pod', 'out'),
            'H057',
            'PodsNotReady',
            false,
          )
        : judgeByCreation(node);
    const current = found ?? node.own;
    const lacksPods = current.rule === 'H057' || current.rule === 'H058';
    return lacksPods && PROBLEM_LEVELS.has(current.level)
      ? judgeByNodes(node, current, neighbours, now) ?? found
      : found;
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
