import { isTrue } from '../objects/conditions';
import { KubernetesObject, timestamp } from '../objects/kubernetesObject';
import { Change } from '../storage/table';
import { Controller, controllerKey, kindOf, splitKey } from './controller';
import { ControlPlane, ownedBy } from './controlPlane';
import { CronSchedule, CronSyntaxError } from './cronSchedule';
import { isFinished } from './jobController';

const SOURCE = { component: 'cronjob-controller' };
const MINUTE = 60_000;

/** Makes a CronJob's Jobs when their time comes, and forgets old ones. */
export class CronJobController implements Controller {
  readonly name = 'cronjob';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    switch (kindOf(change)) {
      case 'cronjobs.batch':
        return [change.after.key];
      case 'jobs.batch':
        return controllerKey(change.after, 'CronJob');
      default:
        return [];
    }
  }

  reconcile(key: string): number | void {
    const cronJob = this.#plane.get('CronJob', ...splitKey(key));
    if (!cronJob || cronJob.metadata.deletionTimestamp) {
      return undefined;
    }
    const jobs = this.#plane.controlledBy('Job', cronJob);
    this.#noteFinished(cronJob, jobs);
    this.#forgetOld(cronJob, jobs);
    if (cronJob.spec.suspend) {
      return undefined;
    }
    const schedule = this.#schedule(cronJob);
    if (!schedule) {
      return undefined;
    }
    const now = this.#plane.clock.now();
    const since = Date.parse(
      cronJob.status?.lastScheduleTime ?? cronJob.metadata.creationTimestamp,
    );
    const due = lastBefore(schedule, since, now);
    if (due !== undefined) {
      this.#run(cronJob, jobs, due);
    }
    const next = schedule.next(now);
    return next === undefined ? undefined : next - now;
  }

  #schedule(cronJob: KubernetesObject): CronSchedule | undefined {
    try {
      return CronSchedule.parse(cronJob.spec.schedule);
    } catch (error) {
      if (!(error instanceof CronSyntaxError)) {
        throw error;
      }
      this.#record(
        cronJob,
        'Warning',
        'UnparseableSchedule',
        `unparseable schedule: ${cronJob.spec.schedule} : ${error.message}`,
      );
      return undefined;
    }
  }

  #run(cronJob: KubernetesObject, jobs: KubernetesObject[], due: number): void {
    const { metadata, spec } = cronJob;
    const active = jobs.filter(job => !isFinished(job));
    const late = spec.startingDeadlineSeconds;
    if (late !== undefined && due + late * 1000 < this.#plane.clock.now()) {
      this.#record(
        cronJob,
        'Warning',
        'MissSchedule',
        `Missed scheduled time to start a job: ${timestamp(due)}`,
      );
      return;
    }
    if (active.length > 0 && spec.concurrencyPolicy === 'Forbid') {
      this.#record(
        cronJob,
        'Normal',
        'JobAlreadyActive',
        'Not starting job because prior execution is running and concurrency policy is Forbid',
      );
      return;
    }
    if (spec.concurrencyPolicy === 'Replace') {
      active.forEach(job => this.#plane.delete(job));
    }
    const name = `${metadata.name}-${Math.floor(due / MINUTE)}`;
    if (!this.#plane.get('Job', metadata.namespace!, name)) {
      this.#plane.create({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name,
          namespace: metadata.namespace,
          labels: spec.jobTemplate.metadata?.labels,
          annotations: {
            ...spec.jobTemplate.metadata?.annotations,
            'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(due),
          },
          ownerReferences: ownedBy(cronJob),
        },
        spec: spec.jobTemplate.spec,
      });
      this.#record(
        cronJob,
        'Normal',
        'SuccessfulCreate',
        `Created job ${name}`,
      );
    }
    this.#plane.changeStatus(cronJob, ({ status }) => {
      status.lastScheduleTime = timestamp(due);
    });
  }

  #noteFinished(cronJob: KubernetesObject, jobs: KubernetesObject[]): void {
    const active = jobs.filter(job => !isFinished(job)).map(referenceTo);
    const successes = jobs
      .map(({ status }) => status?.completionTime as string | undefined)
      .filter(time => time !== undefined)
      .sort();
    const before: { uid: string }[] = cronJob.status?.active ?? [];
    for (const job of jobs.filter(isFinished)) {
      if (before.some(({ uid }) => uid === job.metadata.uid)) {
        const result = isTrue(job.status.conditions, 'Complete')
          ? 'Complete'
          : 'Failed';
        this.#record(
          cronJob,
          'Normal',
          'SawCompletedJob',
          `Saw completed job: ${job.metadata.name}, condition: ${result}`,
        );
      }
    }
    this.#plane.changeStatus(cronJob, ({ status }) => {
      status.active = active.length > 0 ? active : undefined;
      status.lastSuccessfulTime =
        successes[successes.length - 1] ?? status.lastSuccessfulTime;
    });
  }

  #forgetOld(cronJob: KubernetesObject, jobs: KubernetesObject[]): void {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = cronJob.spec;
    for (const [condition, limit] of [
      ['Complete', successfulJobsHistoryLimit],
      ['Failed', failedJobsHistoryLimit],
    ] as const) {
      const ended = jobs
        .filter(job => isTrue(job.status?.conditions, condition))
        .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
      for (const job of ended.slice(0, Math.max(0, ended.length - limit))) {
        this.#plane.delete(job);
        this.#record(
          cronJob,
          'Normal',
          'SuccessfulDelete',
          `Deleted job ${job.metadata.name}`,
        );
      }
    }
  }

  #record(
    cronJob: KubernetesObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    this.#plane.events.record(cronJob, type, reason, message, SOURCE);
  }
}

/** The last scheduled time in a span; only that one is made up for. */
function lastBefore(
  schedule: CronSchedule,
  since: number,
  now: number,
): number | undefined {
  // Far enough back to find the newest one, without walking through years of missed runs.
  let due = schedule.next(Math.max(since, now - 24 * 60 * MINUTE));
  let last: number | undefined;
  while (due !== undefined && due <= now) {
    last = due;
    due = schedule.next(due);
  }
  return last;
}

function referenceTo({ apiVersion, kind, metadata }: KubernetesObject) {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { kind, namespace, name, uid, apiVersion, resourceVersion };
}
