import { Condition, condition, conditionEvidence } from './conditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { DEPLOYMENT } from './kindIds';
import { observation, ownVerdict } from './metadata';
import { podSpecReferences } from './podTemplate';
import { Verdict } from './status';
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
        ...templateProperties(deployment),
      },
      verdict: ownVerdict(deployment, deploymentVerdict(deployment)),
      references: podSpecReferences(
        'deployment',
        metadata.namespace,
        spec.template?.spec,
      ),
    });
  },
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

/** Available=False is a fault once a rollout has finished; before, it is a rollout in its time (H043, H044). */
function availabilityVerdict(
  deployment: KubernetesObject,
  progressing: Condition | undefined,
  broken: 'down' | 'degraded',
  counts: ReturnType<typeof fieldEvidence>[],
): Verdict | undefined {
  const available = condition(deployment, 'Available');
  if (available?.status !== 'False') {
    return undefined;
  }
  const unavailable = by(available, broken, 'Unavailable', 'H043', counts);
  // Rollout memory: after a finished rollout this reason stays, so what is unavailable now was lost later.
  if (!progressing || progressing.reason === 'NewReplicaSetAvailable') {
    return unavailable;
  }
  const last = progressing.updated ?? progressing.since;
  const deadline = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  return until(
    last === undefined ? undefined : last + deadline,
    by(available, 'progressing', 'Creating', 'H044', counts),
    unavailable,
  );
}

function rolloutVerdict(
  deployment: KubernetesObject,
  progressing: Condition | undefined,
  counts: ReturnType<typeof fieldEvidence>[],
): Verdict | undefined {
  const { spec = {}, status = {} } = deployment;
  const desired = spec.replicas ?? 1;
  const updated = status.updatedReplicas ?? 0;
  const replicas = status.replicas ?? 0;
  const available = status.availableReplicas ?? 0;
  const rolling =
    updated < desired || replicas > updated || available < updated;
  if (!rolling) {
    return undefined;
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
  counts: ReturnType<typeof fieldEvidence>[],
): Verdict {
  return verdict(level, reason, {
    rule,
    message: said.message,
    since: said.since,
    evidence: [conditionEvidence(said), ...counts],
  });
}
