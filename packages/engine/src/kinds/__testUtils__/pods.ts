import { KubernetesObject } from '../kindDefinition';
import { ago, condition, object } from './objects';

/** Conditions of a pod that the kubelet has taken on. */
export function conditions(
  ready: 'True' | 'False',
  reason = ready === 'False' ? 'ContainersNotReady' : undefined,
  secondsAgo = 3600,
) {
  return [
    condition('PodScheduled', 'True', undefined, 3600),
    condition('Initialized', 'True', undefined, 3600),
    condition('Ready', ready, reason, secondsAgo),
    condition('ContainersReady', ready, reason, secondsAgo),
  ];
}

/** A pod with one container `app`, whose status entry is given. */
export function pod(parts: {
  container?: { [field: string]: unknown };
  status?: { [field: string]: unknown };
  spec?: { [field: string]: unknown };
  metadata?: { [field: string]: unknown };
}): KubernetesObject {
  const waits = (parts.container as any)?.ready !== true;
  return object({
    metadata: { labels: { app: 'cart' }, ...parts.metadata },
    spec: {
      nodeName: 'node-1',
      restartPolicy: 'Always',
      containers: [{ name: 'app', image: 'shop/cart:1' }],
      ...parts.spec,
    },
    status: {
      phase: waits ? 'Pending' : 'Running',
      startTime: ago(3600),
      conditions: conditions(waits ? 'False' : 'True'),
      ...(parts.container
        ? { containerStatuses: [{ name: 'app', ...parts.container }] }
        : {}),
      ...parts.status,
    },
  });
}

export const RUNNING = {
  ready: true,
  started: true,
  restartCount: 0,
  state: { running: { startedAt: ago(3600) } },
};

export function waiting(reason: string, message?: string) {
  return {
    ready: false,
    restartCount: 0,
    state: { waiting: { reason, message } },
  };
}

export function ended(
  exitCode: number,
  reason: string,
  secondsAgo: number,
  message?: string,
) {
  return {
    terminated: { exitCode, reason, message, finishedAt: ago(secondsAgo) },
  };
}

export const JOB_OWNER = {
  ownerReferences: [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      name: 'j',
      uid: 'u',
      controller: true,
    },
  ],
};

/** A pod that no node has taken yet. */
export function unscheduled(
  reason: string,
  secondsAgo: number,
  message?: string,
) {
  return pod({
    spec: { nodeName: undefined, schedulingGates: [{ name: 'example.com/g' }] },
    status: {
      phase: 'Pending',
      startTime: undefined,
      conditions: [
        condition('PodScheduled', 'False', reason, secondsAgo, message),
      ],
    },
  });
}

export function failed(status: { [field: string]: unknown }, metadata = {}) {
  return pod({
    container: { state: ended(1, 'Error', 60) },
    status: {
      phase: 'Failed',
      conditions: conditions('False', 'PodFailed', 60),
      ...status,
    },
    metadata,
  });
}

/** A container that has started so many seconds ago and is not ready. */
export function unready(
  startedAgo: number,
  unreadyAgo: number,
  started = true,
) {
  return pod({
    container: {
      ready: false,
      started,
      restartCount: 0,
      state: { running: { startedAt: ago(startedAgo) } },
    },
    status: {
      phase: 'Running',
      conditions: conditions('False', 'ContainersNotReady', unreadyAgo),
    },
  });
}

/** A container that runs again after an end. */
export function restarted(
  restartCount: number,
  endedAgo: number,
  startedAgo: number,
  reason = 'Error',
) {
  return pod({
    container: {
      ...RUNNING,
      restartCount,
      state: { running: { startedAt: ago(startedAgo) } },
      lastState: ended(1, reason, endedAgo),
    },
  });
}

export function initContainer(status: { [field: string]: unknown }, spec = {}) {
  return pod({
    container: waiting('PodInitializing'),
    spec: { initContainers: [{ name: 'init', image: 'i', ...spec }] },
    status: {
      initContainerStatuses: [{ name: 'init', ...status }],
      conditions: [
        condition('PodScheduled', 'True'),
        condition('Initialized', 'False', 'ContainersNotInitialized'),
        condition('Ready', 'False', 'ContainersNotReady'),
      ],
    },
  });
}

export function withCondition(...more: ReturnType<typeof condition>[]) {
  return pod({
    container: RUNNING,
    status: { conditions: [...conditions('True'), ...more] },
  });
}
