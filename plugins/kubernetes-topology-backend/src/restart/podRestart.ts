import { StoredNode, Topology } from '@kubernetes-topology/engine';
import { RestartStep } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { Changes } from './changes';
import { EvictionAnswer, Evictor } from './evictor';
import { PodController } from './podController';
import { podsBefore, replacementProgress } from './replacement';

/** Image pulls and start-up probes take their time; after this the restart is given up as failed. */
export const READY_TIMEOUT_MS = 5 * 60_000;
const STOPPED =
  'The portal stopped while the restart ran; the pod was left as it was then';
const THROTTLED_ATTEMPTS = 5;
const BUDGET_ASK_AGAIN_MS = 1_000;
/** Looks again at least this often, also without a hint. */
const POLL_MS = 2_000;

export interface PodRestartOptions {
  topology: Topology;
  evictor: Pick<Evictor, 'evict'>;
  changes: Changes;
  /** Aborted when the backend stops. */
  signal: AbortSignal;
  now: () => number;
  readyTimeout: number;
  /**
   * How long a disruption budget's refusal is asked again, in milliseconds. 0 for a controller's first pod; for the
   * next ones a little, as the budget counts the replacement that just came up a moment later than the pod says so.
   */
  budgetPatience: number;
  onStep(step: RestartStep): void;
}

/**
 * Evicts one pod and follows it by the topology until it is gone and a replacement is up. Tells each step as it
 * comes; the last one is returned: done, refused or failed. Never rejects but for the engine's own failure.
 */
export async function restartPod(
  pod: StoredNode,
  controller: PodController,
  options: PodRestartOptions,
): Promise<RestartStep> {
  if (options.signal.aborted) {
    return { state: 'failed', message: STOPPED };
  }
  options.onStep({ state: 'evicting' });
  const before = await podsBefore(controller, options.topology);
  const answer = await evict(pod, options);
  switch (answer.answer) {
    case 'refused':
      return { state: 'refused', message: answer.message };
    case 'throttled':
    case 'failed':
      return { state: 'failed', message: answer.message };
    case 'gone':
      return { state: 'done' };
    default:
      return follow(pod, controller, before, options);
  }
}

async function evict(
  pod: StoredNode,
  options: PodRestartOptions,
): Promise<EvictionAnswer> {
  const budgetDeadline = options.now() + options.budgetPatience;
  for (let throttled = 0; ; ) {
    const answer = await options.evictor.evict(pod);
    let wait: number;
    if (answer.answer === 'throttled' && ++throttled < THROTTLED_ATTEMPTS) {
      wait = answer.retryAfter;
    } else if (
      answer.answer === 'refused' &&
      answer.byBudget &&
      options.now() < budgetDeadline
    ) {
      wait = BUDGET_ASK_AGAIN_MS;
    } else {
      return answer;
    }
    const until = options.now() + wait;
    while (options.now() < until && !options.signal.aborted) {
      await options.changes.next(until - options.now(), options.signal);
    }
    if (options.signal.aborted) {
      return { answer: 'failed', message: STOPPED };
    }
  }
}

async function follow(
  pod: StoredNode,
  controller: PodController,
  before: Awaited<ReturnType<typeof podsBefore>>,
  options: PodRestartOptions,
): Promise<RestartStep> {
  const deadline = options.now() + options.readyTimeout;
  for (;;) {
    const progress = await replacementProgress(
      pod,
      controller,
      before,
      options.topology,
    );
    const replacement = progress.state !== 'evicting' && progress.replacement;
    const named = replacement ? { replacement: replacement.name } : {};
    if (progress.state === 'done') {
      return { state: 'done', ...named };
    }
    if (options.signal.aborted) {
      return { state: 'failed', message: STOPPED };
    }
    if (options.now() >= deadline) {
      return {
        state: 'failed',
        message: lateMessage(
          pod,
          controller,
          options.readyTimeout,
          replacement,
        ),
      };
    }
    options.onStep({ state: progress.state, ...named });
    await options.changes.next(
      Math.min(POLL_MS, deadline - options.now()),
      options.signal,
    );
  }
}

function lateMessage(
  pod: StoredNode,
  { top }: PodController,
  timeout: number,
  replacement: StoredNode | false | undefined,
): string {
  const after = `after ${Math.round(timeout / 1000)} s`;
  if (!replacement) {
    return `${after} ${top.kind.kind} ${top.name} has brought no new pod for ${pod.name}`;
  }
  const { level, reason, message } = replacement.verdict;
  return `${after} the replacement ${
    replacement.name
  } is not up: ${level}, ${reason}${message ? `: ${message}` : ''}`;
}
