import { Condition, conditionOf, withCondition } from '../objects/conditions';
import { KubernetesObject } from '../objects/kubernetesObject';

type Status = Record<string, any>;

/** The counts of a Deployment's status; zeros are left out, as the real server does. */
export function deploymentStatus(
  { metadata, status }: KubernetesObject,
  current: KubernetesObject | undefined,
  owned: KubernetesObject[],
): Status {
  const sum = (field: string) =>
    owned.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
  const wanted = owned.reduce((total, { spec }) => total + spec.replicas, 0);
  const counts = {
    replicas: sum('replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
    unavailableReplicas: Math.max(0, wanted - sum('availableReplicas')),
  };
  return {
    observedGeneration: metadata.generation,
    ...Object.fromEntries(
      Object.entries(counts).filter(([, count]) => count > 0),
    ),
    collisionCount: status?.collisionCount,
  };
}

/** The conditions, and after how long a standstill becomes a missed deadline. */
export function deploymentConditions(
  deployment: KubernetesObject,
  status: Status,
  current: KubernetesObject | undefined,
  owned: KubernetesObject[],
  at: { now: string; milliseconds: number; unavailableAllowed: number },
): { conditions: Condition[]; again?: number } {
  const { spec } = deployment;
  const old: Condition[] | undefined = deployment.status?.conditions;
  const enough =
    (status.availableReplicas ?? 0) >= spec.replicas - at.unavailableAllowed;
  let conditions = withUpdate(old, at.now, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough
      ? 'Deployment has minimum availability.'
      : 'Deployment does not have minimum availability.',
  });
  const failure = owned
    .map(set => conditionOf(set.status?.conditions, 'ReplicaFailure'))
    .find(condition => condition?.status === 'True');
  conditions = conditions.filter(({ type }) => type !== 'ReplicaFailure');
  if (failure) {
    conditions = withUpdate(conditions, at.now, {
      type: 'ReplicaFailure',
      status: 'True',
      reason: failure.reason,
      message: failure.message,
    });
  }
  const progress = progressing(deployment, status, current, at.milliseconds);
  if (!progress) {
    return { conditions };
  }
  const before = conditionOf(old, 'Progressing');
  const moved =
    progress.moved ||
    before?.reason !== progress.reason ||
    before?.message !== progress.message;
  conditions = withUpdate(
    conditions,
    moved ? at.now : before!.lastUpdateTime ?? at.now,
    {
      type: 'Progressing',
      status: progress.reason === 'ProgressDeadlineExceeded' ? 'False' : 'True',
      reason: progress.reason,
      message: progress.message,
    },
  );
  return {
    conditions,
    again:
      progress.reason === 'ReplicaSetUpdated' ||
      progress.reason === 'NewReplicaSetCreated'
        ? spec.progressDeadlineSeconds * 1000
        : undefined,
  };
}

function progressing(
  { spec, status: old = {} }: KubernetesObject,
  status: Status,
  current: KubernetesObject | undefined,
  milliseconds: number,
): { reason: string; message: string; moved: boolean } | undefined {
  if (!current) {
    return undefined;
  }
  const name = `ReplicaSet "${current.metadata.name}"`;
  const before = conditionOf(old.conditions, 'Progressing');
  const complete =
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas;
  const remembered =
    before?.reason === 'NewReplicaSetAvailable' &&
    before.message?.startsWith(name);
  // A rollout that was complete once stays so, whatever becomes of its pods.
  if (complete || remembered) {
    return {
      reason: 'NewReplicaSetAvailable',
      message: `${name} has successfully progressed.`,
      moved: false,
    };
  }
  if (!before || !before.message?.includes(`"${current.metadata.name}"`)) {
    return {
      reason: 'NewReplicaSetCreated',
      message: `Created new replica set "${current.metadata.name}"`,
      moved: true,
    };
  }
  const more = (field: string) => (status[field] ?? 0) > (old[field] ?? 0);
  const oldPods = (of: Status) =>
    (of.replicas ?? 0) - (of.updatedReplicas ?? 0);
  const moved =
    more('updatedReplicas') ||
    more('readyReplicas') ||
    more('availableReplicas') ||
    oldPods(status) < oldPods(old);
  const since = Date.parse(before.lastUpdateTime ?? before.lastTransitionTime);
  const late = since + spec.progressDeadlineSeconds * 1000 <= milliseconds;
  if (!moved && (late || before.reason === 'ProgressDeadlineExceeded')) {
    return {
      reason: 'ProgressDeadlineExceeded',
      message: `${name} has timed out progressing.`,
      moved: false,
    };
  }
  return {
    reason: 'ReplicaSetUpdated',
    message: `${name} is progressing.`,
    moved,
  };
}

/** As `withCondition`, with the update time that Deployments also have; it moves when anything in it does. */
function withUpdate(
  conditions: Condition[] | undefined,
  now: string,
  condition: Omit<Condition, 'lastTransitionTime' | 'lastUpdateTime'>,
): Condition[] {
  const old = conditionOf(conditions, condition.type);
  const same =
    old?.status === condition.status &&
    old.reason === condition.reason &&
    old.message === condition.message;
  const updated =
    same && condition.type !== 'Progressing' ? old!.lastUpdateTime! : now;
  const { type, status, reason, message } = condition;
  return withCondition(conditions, {
    type,
    status,
    lastUpdateTime: updated,
    lastTransitionTime: now,
    reason,
    message,
  });
}
