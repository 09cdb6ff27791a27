import { ago, condition, object } from './objects';

export const FINISHED = condition(
  'Progressing',
  'True',
  'NewReplicaSetAvailable',
);
export const UNDER_WAY = condition('Progressing', 'True', 'ReplicaSetUpdated');
export const AVAILABLE = condition(
  'Available',
  'True',
  'MinimumReplicasAvailable',
);
export const UNAVAILABLE = condition(
  'Available',
  'False',
  'MinimumReplicasUnavailable',
  60,
);

export function deployment(
  available: number,
  conditions: unknown[],
  status = {},
  spec = {},
  secondsOld = 7200,
) {
  return object({
    metadata: { generation: 2, creationTimestamp: ago(secondsOld) },
    spec: { replicas: 4, ...spec },
    status: {
      observedGeneration: 2,
      replicas: 4,
      updatedReplicas: 4,
      readyReplicas: available,
      availableReplicas: available,
      conditions,
      ...status,
    },
  });
}

export const set = (spec: {}, status: {}, secondsOld = 7200) =>
  object({
    metadata: { name: 'db', generation: 1, creationTimestamp: ago(secondsOld) },
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: 1, replicas: 3, ...status },
  });

export const job = (spec: {}, status: {}) =>
  object({
    spec: { backoffLimit: 6, ...spec },
    status: { startTime: ago(60), ...status },
  });

export const cron = (spec: {}, status: {}) =>
  object({ spec: { schedule: '* * * * *', ...spec }, status });

export const daemons = (status: {}, secondsOld = 7200) =>
  object({
    metadata: { generation: 1, creationTimestamp: ago(secondsOld) },
    spec: {},
    status: { observedGeneration: 1, ...status },
  });
