import { Evidence } from '../kinds/status';
import { Symptom } from './symptom';

/** How a container fails, as far as Kubernetes knows it. */
export interface Ending {
  fault: string;
  /** To follow the container's name: `is killed because …`. */
  says: string;
  /** How Kubernetes records the end: `Error: exit code 1: …`. */
  words: string;
  /** Kubernetes says why. */
  proven: boolean;
  nextStep?: string;
  /** The fields of a container (or `*` of the pod) by which a rollout can have brought it about. */
  fields: string;
}

/** The kubelet cannot even start the container: only the template can be wrong. */
export const START_REASONS: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
]);

/** The container starts and ends again. */
export const END_REASONS: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'OOMKilled',
  'Restarting',
  'ContainerFailed',
  'InitFailing',
  'LivenessKilling',
]);

const USER_CONFLICT =
  /runAsNonRoot|runAsUser|non-numeric user|allowPrivilegeEscalation/;
/** Whatever a process reads at its start. */
const ALL_READ =
  'image|command|args|env|envFrom|workingDir|volumeMounts|securityContext|ports|lifecycle|limits|serviceAccountName';

/** The hook's failure has the kubelet kill a container that had started well. */
export const POST_START: Omit<Ending, 'words' | 'proven'> = {
  fault: 'PostStartHookFails',
  says: 'is killed because its postStart hook fails',
  nextStep:
    'Correct lifecycle.postStart of the container: its own process had started',
  fields: 'lifecycle|image',
};

export function howItEnds(symptom: Symptom): Ending {
  const words = lastEnd(symptom.evidence);
  if (symptom.reason === 'OOMKilled' || words.startsWith('OOMKilled')) {
    return {
      fault: 'OutOfMemory',
      says: 'is killed because it needs more memory than its limit',
      words,
      // Who is wrong, the limit or the process, shows only where one of them has just been changed.
      proven: false,
      nextStep:
        'Raise resources.limits.memory of the container, or find what it needs the memory for',
      fields: 'limits\\.memory|requests\\.memory|image|command|args|env',
    };
  }
  if (START_REASONS.has(symptom.reason)) {
    return notStarted(symptom, words);
  }
  if (/^(StartError|ContainerCannotRun)/.test(words)) {
    return {
      fault: 'CommandNotRunnable',
      says: 'cannot run its command',
      words,
      proven: true,
      nextStep: 'Correct command and args of the container, or its image',
      fields: 'image|command|args|workingDir|securityContext',
    };
  }
  if (/^Completed/.test(words)) {
    return {
      fault: 'ContainerExits',
      says: 'ends although it should stay up',
      words,
      proven: true,
      nextStep:
        'Its process ends by itself: correct command and args so that it stays in the foreground, or run it as a Job',
      fields: 'image|command|args|env',
    };
  }
  return {
    fault: 'ContainerCrashes',
    says: 'keeps crashing',
    words,
    proven: false,
    fields: ALL_READ,
  };
}

function notStarted({ reason, message }: Symptom, words: string): Ending {
  const told = { words: message || words, proven: true } as const;
  if (reason === 'PostStartHookError') {
    return { ...POST_START, ...told };
  }
  if (USER_CONFLICT.test(message)) {
    return {
      ...told,
      fault: 'SecurityContextConflict',
      says: 'may not run as the user that its image has',
      nextStep:
        "Set securityContext.runAsUser to a user of the image that is not 0, or use an image whose user is not root; or take runAsNonRoot out of the container's securityContext",
      fields: 'image|securityContext',
    };
  }
  return {
    ...told,
    fault: reason,
    says: 'cannot be started',
    nextStep: 'Correct the container in the pod template as the message says',
    fields: ALL_READ,
  };
}

/** `Error: exit code 1: FATAL: …` from the last or present end. */
export function lastEnd(evidence: readonly Evidence[]): string {
  return (
    evidence.find(({ field }) => field.endsWith('lastState.terminated'))
      ?.value ??
    evidence.find(({ field }) => field.endsWith('state.terminated'))?.value ??
    ''
  );
}
