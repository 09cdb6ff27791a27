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
