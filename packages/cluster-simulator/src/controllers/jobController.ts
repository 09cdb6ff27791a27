import { Condition, isTrue } from '../objects/conditions';
import { KubernetesObject } from '../objects/kubernetesObject';
import { StatusError } from '../server/statusError';
import { Change } from '../storage/table';
import { Controller, controllerKey, kindOf, splitKey } from './controller';
import { ControlPlane } from './controlPlane';
import { createPod, isActive, readySince } from './podFactory';

const SOURCE = { component: 'job-controller' };
const RETRY_MILLISECONDS = 5000;
const FIRST_BACK_OFF_MILLISECONDS = 10_000;
const LONGEST_BACK_OFF_MILLISECONDS = 600_000;

/** Runs a Job's pods until enough succeeded or too many failed. */
export class JobController implements Controller {
  readonly name = 'job';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    switch (kindOf(change)) {
      case 'jobs.batch':
        return [change.after.key];
      case 'pods':
        return controllerKey(change.after, 'Job');
      default:
        return [];
    }
  }

  reconcile(key: string): number | void {
    const job = this.#plane.get('Job', ...splitKey(key));
    if (!job || job.metadata.deletionTimestamp) {
      return undefined;
    }
    if (isFinished(job)) {
      return this.#expire(job);
    }
    const pods = this.#plane.controlledBy('Pod', job);
    const phase = (wanted: string) =>
      pods.filter(({ status }) => status.phase === wanted).length;
    const [succeeded, failed] = [phase('Succeeded'), phase('Failed')];
    const { spec } = job;
    const deadline =
      spec.activeDeadlineSeconds === undefined || !job.status.startTime
        ? undefined
        : Date.parse(job.status.startTime) + spec.activeDeadlineSeconds * 1000;
    const now = this.#plane.clock.now();
    let again =
      deadline === undefined ? undefined : Math.max(0, deadline - now);
    let finish: Pick<Condition, 'type' | 'reason' | 'message'> | undefined;
    if (succeeded >= (spec.completions ?? 1)) {
      finish = {
        type: 'Complete',
        reason: 'CompletionsReached',
        message: 'Reached expected number of succeeded pods',
      };
    } else if (deadline !== undefined && deadline <= now) {
      finish = {
        type: 'Failed',
        reason: 'DeadlineExceeded',
        message: 'Job was active longer than specified deadline',
      };
    } else if (failed + restartsOf(pods) > spec.backoffLimit) {
      finish = {
        type: 'Failed',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      };
    } else if (!spec.suspend) {
      again = this.#addPods(job, pods, succeeded, failed) ?? again;
    }
    if (finish?.type === 'Failed') {
      pods.filter(isActive).forEach(pod => this.#plane.delete(pod));
    }
    this.#writeStatus(job, finish);
    return again;
  }

  /** The answer, if any: after how long to try again. */
  #addPods(
    job: KubernetesObject,
    pods: KubernetesObject[],
    succeeded: number,
    failed: number,
  ): number | undefined {
    const active = pods.filter(isActive).length;
    const wanted = Math.min(
      job.spec.parallelism,
      (job.spec.completions ?? 1) - succeeded,
    );
    if (active >= wanted) {
      return undefined;
    }
    const wait = this.#backOff(pods, failed);
    if (wait > 0) {
      return wait;
    }
    for (let missing = wanted - active; missing > 0; missing--) {
      try {
        const pod = createPod(this.#plane, job, job.spec.template, {
          generateName: `${job.metadata.name}-`,
        });
        this.#record(
          job,
          'Normal',
          'SuccessfulCreate',
          `Created pod: ${pod.metadata.name}`,
        );
      } catch (error) {
        if (!(error instanceof StatusError)) {
          throw error;
        }
        this.#record(
          job,
          'Warning',
          'FailedCreate',
          `Error creating: ${error.message}`,
        );
        return this.#plane.pace(RETRY_MILLISECONDS);
      }
    }
    return undefined;
  }

  /** How long the next try has to wait: 10 s after the first failure, doubling. */
  #backOff(pods: KubernetesObject[], failed: number): number {
    if (failed === 0) {
      return 0;
    }
    const last = Math.max(
      ...pods.flatMap(({ status }) =>
        (status.containerStatuses ?? []).map((container: any) =>
          Date.parse(container.state.terminated?.finishedAt ?? 0),
        ),
      ),
    );
    const wait = this.#plane.pace(
      Math.min(
        LONGEST_BACK_OFF_MILLISECONDS,
        FIRST_BACK_OFF_MILLISECONDS * 2 ** (failed - 1),
      ),
    );
    return last + wait - this.#plane.clock.now();
  }

  #writeStatus(
    job: KubernetesObject,
    finish: Pick<Condition, 'type' | 'reason' | 'message'> | undefined,
  ): void {
    const pods = this.#plane.controlledBy('Pod', job);
    const now = this.#plane.now();
    const count = (of: KubernetesObject[]) =>
      of.length > 0 ? of.length : undefined;
    const active = pods.filter(isActive);
    const ended = (phase: string) =>
      pods.filter(({ status }) => status.phase === phase);
    this.#plane.changeStatus(job, object => {
      const { status } = object;
      object.status = {
        conditions: jobConditions(status.conditions, object, finish, now),
        startTime: object.spec.suspend ? undefined : status.startTime ?? now,
        completionTime: finish?.type === 'Complete' ? now : undefined,
        active: count(active),
        succeeded: count(ended('Succeeded')),
        failed: count(ended('Failed')),
        terminating: pods.filter(({ metadata }) => metadata.deletionTimestamp)
          .length,
        uncountedTerminatedPods: {},
        ready: active.filter(
          ({ status: podStatus }) => readySince(podStatus) !== undefined,
        ).length,
      };
    });
    if (finish?.type === 'Complete') {
      this.#record(job, 'Normal', 'Completed', 'Job completed');
    } else if (finish) {
      this.#record(job, 'Warning', finish.reason!, finish.message!);
    }
  }

  #expire(job: KubernetesObject): number | undefined {
    const { ttlSecondsAfterFinished } = job.spec;
    if (ttlSecondsAfterFinished === undefined) {
      return undefined;
    }
    const ended = job.status.conditions.find(
      ({ type }: Condition) => type === 'Complete' || type === 'Failed',
    ).lastTransitionTime;
    const left =
      Date.parse(ended) +
      ttlSecondsAfterFinished * 1000 -
      this.#plane.clock.now();
    if (left > 0) {
      return left;
    }
    this.#plane.delete(job);
    return undefined;
  }

  #record(
    job: KubernetesObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    this.#plane.events.record(job, type, reason, message, SOURCE);
  }
}

export function isFinished({ status }: KubernetesObject): boolean {
  return (
    isTrue(status?.conditions, 'Complete') ||
    isTrue(status?.conditions, 'Failed')
  );
}

/** A finished Job says so twice: first why it will end, then that it has. */
function jobConditions(
  before: Condition[] | undefined,
  { spec }: KubernetesObject,
  finish: Pick<Condition, 'type' | 'reason' | 'message'> | undefined,
  now: string,
): Condition[] | undefined {
  const condition = (
    type: string,
    status: 'True' | 'False',
    reason?: string,
    message?: string,
  ): Condition => ({
    type,
    status,
    lastProbeTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  if (finish) {
    const first =
      finish.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
    return [first, finish.type].map(type =>
      condition(type, 'True', finish.reason, finish.message),
    );
  }
  const suspended = before?.find(({ type }) => type === 'Suspended');
  if (spec.suspend && suspended?.status !== 'True') {
    return [condition('Suspended', 'True', 'JobSuspended', 'Job suspended')];
  }
  if (!spec.suspend && suspended?.status === 'True') {
    return [condition('Suspended', 'False', 'JobResumed', 'Job resumed')];
  }
  return before;
}

/** Restarts inside pods count as failures too. */
function restartsOf(pods: KubernetesObject[]): number {
  return pods
    .filter(isActive)
    .flatMap(({ status }) => status.containerStatuses ?? [])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
}
