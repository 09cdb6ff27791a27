import { Condition, condition, conditionEvidence } from './conditions';
import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import { DEPLOYMENT } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { affinitySelectors } from './affinitySelectors';
import { quotaRefusals } from './quotaRefusals';
import { templateReferences } from './templateReferences';
import { neighbourEvidence } from './replicaHealth';
import { Evidence, Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';
import { observedVerdict, templateProperties } from './workload';

export const deploymentKind: KindDefinition = {
  id: DEPLOYMENT,
  type: 'deployment',
  version: 'v1',
  plural: 'deployments',
  namespaced: true,
  observe(deployment, context) {
    const { spec = {}, status = {}, metadata } = deployment;
    return observation(DEPLOYMENT, true, deployment, context, {
      properties: {
        DesiredReplicas: spec.replicas ?? 1,
        Replicas: status.replicas ?? 0,
        ReadyReplicas: status.readyReplicas ?? 0,
        AvailableReplicas: status.availableReplicas ?? 0,
        UnavailableReplicas: status.unavailableReplicas ?? 0,
        UpdatedReplicas: status.updatedReplicas ?? 0,
        Paused: spec.paused,
        Strategy: spec.strategy?.type,
        MaxUnavailable: spec.strategy?.rollingUpdate?.maxUnavailable,
        MaxSurge: spec.strategy?.rollingUpdate?.maxSurge,
        ...templateProperties(deployment),
      },
      verdict: ownVerdict(deployment, deploymentVerdict(deployment)),
      facts: { desired: spec.replicas ?? 1 },
      podLabels: spec.template?.metadata?.labels,
      references: [
        ...templateReferences('deployment', metadata, spec.template),
        ...quotaRefusals('deployment', deployment),
      ],
      selectors: affinitySelectors('deployment', spec.template),
    });
  },
  contextRelations: ['deployment-replicaset'],
  judgeInContext,
};

/** H039–H047, the first that holds. */
function deploymentVerdict(deployment: KubernetesObject): Verdict {
  const { spec = {}, status = {} } = deployment;
  const desired: number = spec.replicas ?? 1;
  const available: number = status.availableReplicas ?? 0;
  const counts = [
    fieldEvidence('status.availableReplicas', available),
    fieldEvidence('spec.replicas', desired),
  ];
  if (desired === 0) {
    return verdict('idle', 'ScaledToZero', { rule: 'H039', evidence: counts });
  }
  const broken = available === 0 ? 'down' : 'degraded';
  const failure = condition(deployment, 'ReplicaFailure');
  if (failure?.status === 'True') {
    return by(failure, broken, 'CannotCreatePods', 'H046', counts);
  }
  const progressing = condition(deployment, 'Progressing');
  if (progressing?.status === 'False') {
    return progressing.reason === 'ReplicaSetCreateError'
      ? by(progressing, 'down', 'ReplicaSetCreateError', 'H047', counts)
      : by(progressing, broken, 'RolloutStuck', 'H042', counts);
  }
  if (spec.paused) {
    return verdict('suspended', 'Paused', {
      rule: 'H040',
      evidence: [fieldEvidence('spec.paused', true)],
    });
  }
  return (
    observedVerdict(deployment) ??
    availabilityVerdict(deployment, progressing, broken, counts) ??
    rolloutVerdict(deployment, progressing, counts) ??
    verdict('ok', 'Available', { evidence: counts })
  );
}

/**
 * Available=False is a fault, except while the Deployment is being created, or recreated by its strategy (H043,
 * H044). A rollout that has finished once says so for ever: what is unavailable after that was lost later.
 */
function availabilityVerdict(
  deployment: KubernetesObject,
  progressing: Condition | undefined,
  broken: 'down' | 'degraded',
  counts: Evidence[],
): Verdict | undefined {
  const available = condition(deployment, 'Available');
  if (available?.status !== 'False') {
    return undefined;
  }
  const unavailable = by(available, broken, 'Unavailable', 'H043', counts);
  if (progressing?.reason === 'NewReplicaSetAvailable') {
    return unavailable;
  }
  const recreated = deployment.spec.strategy?.type === 'Recreate';
  const from =
    (recreated ? progressing?.updated ?? progressing?.since : undefined) ??
    parseTime(deployment.metadata.creationTimestamp) ??
    0;
  return until(
    from + (deployment.spec.progressDeadlineSeconds ?? 600) * 1000,
    by(available, 'progressing', 'Creating', 'H044', counts),
    unavailable,
  );
}

function rolloutVerdict(
  deployment: KubernetesObject,
  progressing: Condition | undefined,
  counts: Evidence[],
): Verdict | undefined {
  const { spec = {}, status = {} } = deployment;
  const desired = spec.replicas ?? 1;
  const updated = status.updatedReplicas ?? 0;
  const replicas = status.replicas ?? 0;
  const available = status.availableReplicas ?? 0;
  const rolling = updated < desired || replicas > updated;
  if (!rolling && available >= desired) {
    return undefined;
  }
  if (!rolling && progressing?.reason === 'NewReplicaSetAvailable') {
    // Enough for Available=True, fewer than asked for: its ReplicaSet knows whether that is a fault.
    return verdict('progressing', 'PartlyAvailable', {
      rule: 'H043',
      message: `${available} of ${desired} available`,
      evidence: counts,
    });
  }
  return verdict('progressing', 'RollingOut', {
    rule: 'H045',
    message: progressing?.message,
    evidence: [
      ...counts,
      fieldEvidence('status.updatedReplicas', updated),
      fieldEvidence('status.replicas', replicas),
    ],
  });
}

function by(
  said: Condition,
  level: Verdict['level'],
  reason: string,
  rule: string,
  counts: Evidence[],
): Verdict {
  return verdict(level, reason, {
    rule,
    message: said.message,
    since: said.since,
    evidence: [conditionEvidence(said), ...counts],
  });
}

/**
 * Replicas that are not available after a finished rollout: being started (a scale-up) or broken, as its ReplicaSet
 * has it from the pods.
 */
function judgeInContext(
  deployment: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  if (deployment.own.rule !== 'H043') {
    return undefined;
  }
  const current = neighbours('deployment-replicaset', 'out').filter(
    ({ facts }) => facts.desired > 0,
  );
  const broken = current.filter(
    ({ level }) => level === 'down' || level === 'degraded',
  );
  if (broken.length > 0) {
    return deployment.own.level === 'progressing'
      ? {
          ...deployment.own,
          level: 'degraded',
          evidence: [
            ...deployment.own.evidence,
            ...broken.map(neighbourEvidence),
          ],
        }
      : undefined;
  }
  // With none left, it is out of service even while new ones start: Kubernetes says so itself (Available=False).
  return deployment.own.level !== 'down' &&
    current.some(({ level }) => level === 'progressing')
    ? { ...deployment.own, level: 'progressing', reason: 'PartlyAvailable' }
    : undefined;
}
