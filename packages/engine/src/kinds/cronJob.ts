import { KindDefinition, KubernetesObject } from './kindDefinition';
import { CRON_JOB } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { affinitySelectors } from './affinitySelectors';
import { templateReferences } from './templateReferences';
import { Verdict } from './status';
import { fieldEvidence, verdict } from './verdict';
import { templateProperties } from './workload';

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

/** H067, H068. A missed run shows in events only (H069): without them the schedule's time zone is not known. */
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
    : verdict('ok', 'Scheduled', { evidence });
}
