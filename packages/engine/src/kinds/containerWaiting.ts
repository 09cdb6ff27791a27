import { KubernetesObject } from './kindDefinition';
import { parseTime } from './metadata';
import { Evidence, Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** `init` runs to its end before the containers; `sidecar` is an init container that stays (`restartPolicy: Always`). */
export type ContainerRole = 'container' | 'init' | 'sidecar' | 'ephemeral';

/** What the rules on a container have to know of its pod. */
export interface ContainerSurroundings {
  role: ContainerRole;
  /** The pod's `spec.restartPolicy`. */
  restartPolicy: string;
  ownedByJob: boolean;
  /** When the kubelet could begin: scheduled, and init containers done; milliseconds. */
  startableAt?: number;
  /** When `Ready` turned False, if it is False. */
  unreadySince?: number;
}

/** Reasons that no retry heals. */
const HOPELESS_IMAGE = new Set(['InvalidImageName', 'ErrImageNeverPull']);
const IMAGE_REASONS = new Set([
  ...HOPELESS_IMAGE,
  'ErrImagePull',
  'ImagePullBackOff',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);
/** The registry's answer is final: a retry gives the same one. */
const FINAL_PULL_ANSWER =
  /not found|manifest unknown|denied|unauthorized|no match for platform/i;
const CREATE_REASONS = new Set([
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
  'CreatePodSandboxError',
]);
/** What a waiting reason that no rule knows sounds like when it is a fault (Argo CD's rule). */
const SOUNDS_BROKEN = /BackOff$|^Err|Error$|Invalid|Failed/;

/** H014, H016–H020: what keeps a container from running. */
export function waitingVerdict(
  waiting: KubernetesObject,
  status: KubernetesObject,
  surroundings: ContainerSurroundings,
): Verdict {
  const reason: string = waiting.reason ?? 'ContainerCreating';
  const message: string | undefined = waiting.message || undefined;
  const { startableAt } = surroundings;
  const evidence = [
    fieldEvidence('state.waiting.reason', reason, startableAt),
    ...(message ? [fieldEvidence('state.waiting.message', message)] : []),
  ];
  const down = (rule: string) =>
    verdict('down', reason, { rule, message, evidence, since: startableAt });

  if (IMAGE_REASONS.has(reason)) {
    const firstTry =
      reason === 'ErrImagePull' && !FINAL_PULL_ANSWER.test(message ?? '');
    return firstTry && startableAt !== undefined
      ? until(
          startableAt + 20 * SECOND,
          verdict('progressing', reason, { rule: 'H017', message, evidence }),
          down('H017'),
        )
      : down('H017');
  }
  if (reason === 'CreateContainerConfigError') {
    return down('H018');
  }
  if (CREATE_REASONS.has(reason)) {
    return down('H019');
  }
  if (reason === 'CrashLoopBackOff') {
    return crashLoop(status, [...evidence, ...lastEnd(status)], message);
  }
  if (reason === 'PodInitializing') {
    return verdict('progressing', reason, { rule: 'H014', evidence });
  }
  if (SOUNDS_BROKEN.test(reason)) {
    return down('H019');
  }
  const since = parseTime(status.lastState?.terminated?.finishedAt);
  const from = since ?? startableAt;
  return until(
    from === undefined ? undefined : from + 2 * MINUTE,
    verdict('progressing', reason, {
      rule: 'H014',
      message,
      evidence,
      since: from,
    }),
    verdict('degraded', 'SlowStart', {
      rule: 'H016',
      message,
      evidence,
      since: from,
    }),
  );
}

/** Ends again and again (H020), or runs out of memory again and again (H022). */
export function crashLoop(
  status: KubernetesObject,
  evidence: Evidence[],
  message: string | undefined,
): Verdict {
  const last = status.lastState?.terminated;
  const outOfMemory = last?.reason === 'OOMKilled';
  return verdict('down', outOfMemory ? 'OOMKilled' : 'CrashLoopBackOff', {
    rule: outOfMemory ? 'H022' : 'H020',
    message: last?.message?.trim() || message,
    evidence,
    since: parseTime(last?.finishedAt),
  });
}

/** How the container ended last time, with what it left as termination message. */
export function lastEnd(status: KubernetesObject): Evidence[] {
  const last = status.lastState?.terminated;
  if (!last) {
    return [];
  }
  const finishedAt = parseTime(last.finishedAt);
  const said = [last.reason, `exit code ${last.exitCode ?? 0}`, last.message]
    .filter(Boolean)
    .join(': ');
  return [
    fieldEvidence('lastState.terminated', said, finishedAt),
    fieldEvidence('restartCount', status.restartCount ?? 0),
  ];
}
