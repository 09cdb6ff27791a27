import { isTrue } from '../../objects/conditions';
import { KubernetesObject } from '../../objects/kubernetesObject';
import { behaviourOf, runMilliseconds } from './behaviour';

type Fields = Record<string, any>;

/** What the kubelet does next with a pod, told from the pod's status alone, and how long that takes at speed 1. */
export interface PodStage {
  step:
    | 'accept'
    | 'mount'
    | 'startInit'
    | 'finishInit'
    | 'start'
    | 'makeReady'
    | 'exit'
    | 'restart'
    | 'stop';
  /** The container that it is about, where it is about one. */
  container?: string;
  milliseconds: number;
}

const MILLISECONDS = {
  accept: 200,
  mount: 400,
  initialize: 500,
  startContainer: 700,
  probe: 1000,
  crash: 700,
  terminate: 1200,
  backOff: 10_000,
  longestBackOff: 300_000,
};

/** Undefined: the pod is as it should be, or will stay as it is. */
export function stageOf(pod: KubernetesObject): PodStage | undefined {
  const { metadata, spec, status } = pod;
  if (metadata.deletionTimestamp) {
    const grace = (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    return stage('stop', Math.min(MILLISECONDS.terminate, grace));
  }
  if (['Succeeded', 'Failed'].includes(status.phase)) {
    return undefined;
  }
  if (!status.startTime) {
    return stage('accept', MILLISECONDS.accept);
  }
  if (!isTrue(status.conditions, 'PodReadyToStartContainers')) {
    return stage('mount', MILLISECONDS.mount);
  }
  const inits: Fields[] = status.initContainerStatuses ?? [];
  const init = inits.find(({ state }) => state.terminated?.exitCode !== 0);
  if (init && !isTrue(status.conditions, 'Initialized')) {
    return stage(
      init.state.running ? 'finishInit' : 'startInit',
      MILLISECONDS.initialize,
      init.name,
    );
  }
  return containerStage(pod, spec.containers);
}

function containerStage(
  pod: KubernetesObject,
  containers: Fields[],
): PodStage | undefined {
  const all: Fields[] = pod.status.containerStatuses ?? [];
  // One that waits for something must not hold up the others.
  const urgency = ({ state }: Fields) => {
    const reason = state.waiting?.reason;
    const untried = ['ContainerCreating', 'PodInitializing'].includes(reason);
    return untried ? 0 : Number(reason !== undefined) + 1;
  };
  const statuses = [...all].sort((a, b) => urgency(a) - urgency(b));
  const crashing = (name: string) =>
    behaviourOf(pod, imageOf(containers, name)) === 'crash';
  for (const { name, state, ready, restartCount } of statuses) {
    if (state.terminated) {
      if (restarts(pod, state.terminated.exitCode)) {
        return stage('restart', 0, name);
      }
    } else if (state.waiting?.reason === 'CrashLoopBackOff') {
      return stage('restart', backOff(restartCount), name);
    } else if (state.waiting) {
      return stage('start', MILLISECONDS.startContainer, name);
    } else if (state.running && crashing(name)) {
      return stage('exit', MILLISECONDS.crash, name);
    } else if (state.running && !ready) {
      if (behaviourOf(pod, imageOf(containers, name)) !== 'unready') {
        return stage('makeReady', MILLISECONDS.probe, name);
      }
    } else if (state.running && pod.spec.restartPolicy !== 'Always') {
      return stage('exit', runMilliseconds(pod), name);
    }
  }
  return undefined;
}

/** How long a container that has been restarted so often waits: 10 s, doubled each time, 5 minutes at most. */
export function backOff(restartCount: number): number {
  return Math.min(
    MILLISECONDS.longestBackOff,
    MILLISECONDS.backOff * 2 ** restartCount,
  );
}

export function restarts(
  { spec }: KubernetesObject,
  exitCode: number,
): boolean {
  return (
    spec.restartPolicy === 'Always' ||
    (spec.restartPolicy === 'OnFailure' && exitCode !== 0)
  );
}

function imageOf(containers: Fields[], name: string): string {
  return containers.find(container => container.name === name)?.image ?? '';
}

function stage(
  step: PodStage['step'],
  milliseconds: number,
  container?: string,
): PodStage {
  return { step, milliseconds, container };
}
