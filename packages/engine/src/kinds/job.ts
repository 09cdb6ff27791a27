import { condition, conditionEvidence } from './conditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { JOB } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { Reference } from './observation';
import { addGangReferences } from './gangReferences';
import { affinitySelectors } from './affinitySelectors';
import { podSetReference } from './podSets';
import { templateReferences } from './templateReferences';
import { Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';
import { createFailureRules, templateProperties } from './workload';

const HOUR = 3_600_000;

export const jobKind: KindDefinition = {
  id: JOB,
  type: 'job',
  version: 'v1',
  plural: 'jobs',
  namespaced: true,
  observe(job, context) {
    const { spec = {}, status = {} } = job;
    return observation(JOB, true, job, context, {
      properties: {
        Parallelism: spec.parallelism ?? 1,
        Completions: spec.completions ?? null,
        Active: status.active ?? 0,
        Succeeded: status.succeeded ?? 0,
        Failed: status.failed ?? 0,
        BackoffLimit: spec.backoffLimit,
        ActiveDeadlineSeconds: spec.activeDeadlineSeconds,
        Suspended: spec.suspend,
        StartTime: status.startTime,
        CompletionTime: status.completionTime,
        ...templateProperties(job),
      },
      verdict: ownVerdict(job, jobVerdict(job)),
      references: jobReferences(job),
      selectors: affinitySelectors('job', spec.template),
    });
  },
  eventRules: createFailureRules('H054', ['Starting']),
};

function jobReferences(job: KubernetesObject): Reference[] {
  const { spec = {}, metadata } = job;
  const references = [
    ...templateReferences('job', metadata, spec.template),
    ...podSetReference('jobset-job', job),
  ];
  // A queue holds back the job itself, by its own label (R125).
  addGangReferences(references, 'job', metadata.namespace, metadata, {});
  return references;
}

/** H061–H066, the first that holds. */
function jobVerdict(job: KubernetesObject): Verdict {
  const { spec = {}, status = {} } = job;
  for (const type of ['Failed', 'FailureTarget']) {
    const failed = condition(job, type);
    if (failed?.status === 'True') {
      return verdict('down', failed.reason ?? 'Failed', {
        rule: 'H063',
        message: failed.message,
        since: failed.since,
        evidence: [
          conditionEvidence(failed),
          fieldEvidence('status.failed', status.failed ?? 0),
        ],
      });
    }
  }
  const complete = condition(job, 'Complete');
  if (complete?.status === 'True') {
    return verdict('ok', 'Completed', {
      rule: 'H061',
      since: complete.since,
      evidence: [conditionEvidence(complete)],
    });
  }
  if (spec.suspend === true || condition(job, 'Suspended')?.status === 'True') {
    return verdict('suspended', 'Suspended', {
      rule: 'H064',
      evidence: [fieldEvidence('spec.suspend', spec.suspend)],
    });
  }
  const met = condition(job, 'SuccessCriteriaMet');
  if (met?.status === 'True') {
    return verdict('ok', 'Completing', {
      rule: 'H062',
      since: met.since,
      evidence: [conditionEvidence(met)],
    });
  }
  return activeVerdict(job);
}

function activeVerdict(job: KubernetesObject): Verdict {
  const { spec = {}, status = {} } = job;
  const startedAt =
    parseTime(status.startTime) ?? parseTime(job.metadata.creationTimestamp);
  const failed: number = status.failed ?? 0;
  if (failed > 0) {
    return verdict('degraded', 'Retrying', {
      rule: 'H065',
      since: startedAt,
      message: `${failed} failed, ${spec.backoffLimit ?? 6} retries allowed`,
      evidence: [
        fieldEvidence('status.failed', failed),
        fieldEvidence('spec.backoffLimit', spec.backoffLimit ?? 6),
      ],
    });
  }
  const active: number = status.active ?? 0;
  const evidence = [fieldEvidence('status.active', active, startedAt)];
  const running = verdict('progressing', active > 0 ? 'Running' : 'Starting', {
    since: startedAt,
    evidence,
  });
  if (status.succeeded > 0 || startedAt === undefined) {
    return running;
  }
  const budget =
    spec.activeDeadlineSeconds === undefined
      ? 12 * HOUR
      : spec.activeDeadlineSeconds * 1000;
  return until(
    startedAt + budget,
    running,
    verdict('degraded', 'LongRunning', {
      rule: 'H066',
      since: startedAt,
      evidence,
    }),
  );
}
