import { KindDefinition, KubernetesObject } from './kindDefinition';
import { CRON_JOB } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { affinitySelectors } from './affinitySelectors';
import { templateReferences } from './templateReferences';
import { Verdict } from './status';
import { latestNextRun } from './missedRun';
import { fieldEvidence, until, verdict } from './verdict';
import { templateProperties } from './workload';

/** The controller looks every ten seconds; a busy one needs longer. */
const MISSED_AFTER = 5 * 60_000;

export const cronJobKind: KindDefinition = {
  id: CRON_JOB,
  type: 'cronjob',
  version: 'v1',
  plural: 'cronjobs',
  namespaced: true,
  observe(cronJob, context) {
    const { spec = {}, status = {}, metadata } = cronJob;
    const template = spec.jobTemplate?.spec?.template;
    const podSpec = template?.spec;
    return observation(CRON_JOB, true, cronJob, context, {
      properties: {
        Schedule: spec.schedule ?? '',
        Suspended: spec.suspend ?? false,
        TimeZone: spec.timeZone,
        ConcurrencyPolicy: spec.concurrencyPolicy,
        Active: status.active?.length ?? 0,
        LastScheduleTime: status.lastScheduleTime,
        LastSuccessfulTime: status.lastSuccessfulTime,
        ...templateProperties(cronJob, podSpec),
      },
      verdict: ownVerdict(cronJob, cronJobVerdict(cronJob)),
      references: templateReferences('cronjob', metadata, template),
      selectors: affinitySelectors('cronjob', template),
    });
  },
  eventRules: [
    {
      rule: 'H070',
      eventReasons: [
        'UnparseableSchedule',
        'UnparsableSchedule',
        'InvalidSchedule',
        'UnknownTimeZone',
      ],
      when: { levels: ['ok', 'degraded'] },
      level: 'down',
      reason: 'BadSchedule',
    },
    {
      rule: 'H069',
      eventReasons: ['MissSchedule', 'TooManyMissedTimes', 'FailedNeedsStart'],
      when: { levels: ['ok'] },
      level: 'degraded',
      reason: 'MissedSchedule',
      // One event is one missed run; that a later run took place shows in the next ones staying away.
      within: 10 * 60_000,
    },
    {
      rule: 'H071',
      eventReasons: ['JobAlreadyActive'],
      when: { levels: ['ok'] },
      level: 'degraded',
      reason: 'OverlapBlocked',
      after: { count: 2 },
      within: 10 * 60_000,
    },
  ],
};

/** H067–H069, H071, the first that holds. */
function cronJobVerdict(cronJob: KubernetesObject): Verdict {
  const { spec = {}, status = {} } = cronJob;
  if (spec.suspend === true) {
    return verdict('suspended', 'Suspended', {
      rule: 'H067',
      evidence: [fieldEvidence('spec.suspend', true)],
    });
  }
  const scheduledAt = parseTime(status.lastScheduleTime);
  const succeededAt = parseTime(status.lastSuccessfulTime);
  const active: number = status.active?.length ?? 0;
  const evidence = [
    fieldEvidence(
      'status.lastScheduleTime',
      status.lastScheduleTime,
      scheduledAt,
    ),
    fieldEvidence(
      'status.lastSuccessfulTime',
      status.lastSuccessfulTime,
      succeededAt,
    ),
  ];
  const failed =
    scheduledAt !== undefined &&
    active === 0 &&
    (succeededAt === undefined || succeededAt < scheduledAt);
  return failed
    ? verdict('degraded', 'LastRunFailed', {
        rule: 'H068',
        since: scheduledAt,
        evidence,
      })
    : scheduledVerdict(cronJob, verdict('ok', 'Scheduled', { evidence }));
}

/**
 * H069: its time has come and gone, and it did not run. While a run of a CronJob that forbids overlaps goes on, one may
 * be left out; two are too many (H071).
 */
function scheduledVerdict(cronJob: KubernetesObject, well: Verdict): Verdict {
  const { spec = {}, status = {}, metadata } = cronJob;
  const ranAt = parseTime(status.lastScheduleTime);
  const from = ranAt ?? parseTime(metadata.creationTimestamp);
  const isBlocked =
    spec.concurrencyPolicy === 'Forbid' && status.active?.length > 0;
  const first =
    from === undefined
      ? undefined
      : latestNextRun(spec, from, ranAt !== undefined);
  const due =
    isBlocked && first !== undefined ? latestNextRun(spec, first, true) : first;
  if (due === undefined) {
    return well;
  }
  const grace = Math.max(
    Number(spec.startingDeadlineSeconds ?? 0) * 1000,
    MISSED_AFTER,
  );
  return until(
    due + grace,
    well,
    verdict('degraded', isBlocked ? 'OverlapBlocked' : 'MissedSchedule', {
      rule: isBlocked ? 'H071' : 'H069',
      since: due,
      message: isBlocked
        ? 'a run that has not ended keeps the next ones from starting'
        : `it should have run by ${new Date(due).toISOString()}`,
      evidence: [
        fieldEvidence('spec.schedule', spec.schedule),
        ...well.evidence,
      ],
    }),
  );
}
