import {
  NOW,
  ago,
  condition,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { cron, job } from './__testUtils__/workloads';
import { jobKind } from './job';
import { cronJobKind } from './cronJob';
import { judgeByEvents } from './eventRules';
import { KindDefinition, KubernetesObject } from './kindDefinition';

type Row = [string, KindDefinition, KubernetesObject, string];
const TABLE: Row[] = [
  [
    'is done',
    jobKind,
    job(
      {},
      {
        succeeded: 1,
        conditions: [
          condition('SuccessCriteriaMet', 'True'),
          condition('Complete', 'True'),
        ],
      },
    ),
    'ok Completed H061',
  ],
  [
    'is nearly done',
    jobKind,
    job({}, { conditions: [condition('SuccessCriteriaMet', 'True')] }),
    'ok Completing H062',
  ],
  [
    'has failed',
    jobKind,
    job(
      {},
      {
        failed: 7,
        conditions: [
          condition('FailureTarget', 'True', 'BackoffLimitExceeded'),
          condition('Failed', 'True', 'BackoffLimitExceeded'),
        ],
      },
    ),
    'down BackoffLimitExceeded H063',
  ],
  [
    'is suspended',
    jobKind,
    job({ suspend: true }, {}),
    'suspended Suspended H064',
  ],
  [
    'tries again',
    jobKind,
    job({}, { failed: 1, active: 1 }),
    'degraded Retrying H065',
  ],
  [
    'runs for a minute of two',
    jobKind,
    job({ activeDeadlineSeconds: 120 }, { active: 1 }),
    'progressing Running > 60: degraded LongRunning H066',
  ],
  [
    'runs for 13 hours',
    jobKind,
    job({}, { active: 1, startTime: ago(13 * 3600) }),
    'degraded LongRunning H066',
  ],
  [
    'is suspended (C03)',
    cronJobKind,
    cron({ suspend: true }, { lastScheduleTime: ago(60) }),
    'suspended Suspended H067',
  ],
  [
    'failed last time',
    cronJobKind,
    cron({}, { lastScheduleTime: ago(60), lastSuccessfulTime: ago(600) }),
    'degraded LastRunFailed H068',
  ],
  [
    'has never succeeded',
    cronJobKind,
    cron({}, { lastScheduleTime: ago(60) }),
    'degraded LastRunFailed H068',
  ],
  [
    'is running now',
    cronJobKind,
    cron({}, { lastScheduleTime: ago(60), active: [{}] }),
    'ok Scheduled > 300: degraded MissedSchedule H069',
  ],
  [
    'succeeded after a failure (C09)',
    cronJobKind,
    cron({}, { lastScheduleTime: ago(60), lastSuccessfulTime: ago(55) }),
    'ok Scheduled > 300: degraded MissedSchedule H069',
  ],
  [
    'was never due',
    cronJobKind,
    cron({ schedule: '0 0 1 1 *', timeZone: 'UTC' }, {}),
    `ok Scheduled > ${
      365 * 86_400 - 43_200 + 300
    }: degraded MissedSchedule H069`,
  ],
  [
    'has never run, and should have an hour ago',
    cronJobKind,
    cron({ schedule: '0 * * * *' }, {}),
    'degraded MissedSchedule H069',
  ],
  [
    'ran an hour ago, and may start late',
    cronJobKind,
    cron(
      { schedule: '0 * * * *', startingDeadlineSeconds: 900 },
      { lastScheduleTime: ago(3600), lastSuccessfulTime: ago(3500) },
    ),
    'ok Scheduled > 900: degraded MissedSchedule H069',
  ],
  [
    'did not run yesterday',
    cronJobKind,
    cron(
      { schedule: '0 3 * * *', timeZone: 'Europe/Berlin' },
      { lastScheduleTime: ago(58 * 3600), lastSuccessfulTime: ago(57 * 3600) },
    ),
    'degraded MissedSchedule H069',
  ],
  [
    'runs longer than its period, and forbids overlaps',
    cronJobKind,
    cron(
      { schedule: '0 * * * *', concurrencyPolicy: 'Forbid' },
      { lastScheduleTime: ago(3 * 3600), active: [{}] },
    ),
    'degraded OverlapBlocked H071',
  ],
  [
    'runs into its next period, and forbids overlaps',
    cronJobKind,
    cron(
      { schedule: '0 * * * *', concurrencyPolicy: 'Forbid' },
      { lastScheduleTime: ago(3600), active: [{}] },
    ),
    'ok Scheduled > 3900: degraded OverlapBlocked H071',
  ],
  [
    'has a schedule that only its controller knows',
    cronJobKind,
    cron({ schedule: '0 3 * * *', timeZone: 'Mars/Olympus' }, {}),
    'ok Scheduled',
  ],
];

describe('the verdict on a Job or CronJob that', () => {
  it.each(
    TABLE.map(
      ([what, definition, ...rest]) =>
        [`${definition.type} ${what}`, definition, ...rest] as Row,
    ),
  )('%s', (_, definition, item, expected) => {
    expect(verdictText(observe(definition, item).verdict)).toBe(expected);
  });
});

describe('events about a Job or CronJob', () => {
  it.each<[string, KindDefinition, KubernetesObject, string, number, string]>([
    [
      'a Job that may not create pods',
      jobKind,
      job({}, {}),
      'FailedCreate',
      10,
      'degraded CannotCreatePods H054',
    ],
    [
      'a schedule that is none',
      cronJobKind,
      cron({ schedule: 'as told' }, {}),
      'UnparseableSchedule',
      10,
      'down BadSchedule H070',
    ],
    [
      'a missed run',
      cronJobKind,
      cron({ schedule: 'as told' }, {}),
      'MissSchedule',
      60,
      'degraded MissedSchedule H069 > 540: ok Scheduled',
    ],
    [
      'a missed run an hour ago',
      cronJobKind,
      cron({ schedule: 'as told' }, {}),
      'MissSchedule',
      3600,
      'ok Scheduled',
    ],
    [
      'runs that overlap',
      cronJobKind,
      cron({ schedule: 'as told' }, {}),
      'JobAlreadyActive',
      60,
      'degraded OverlapBlocked H071 > 540: ok Scheduled',
    ],
  ])('%s', (_, definition, item, reason, secondsAgo, expected) => {
    const lastAt = NOW - secondsAgo * 1000;
    const said = {
      reason,
      message: 'says so',
      count: 2,
      firstAt: lastAt,
      lastAt,
    };
    const own = observe(definition, item).verdict;
    expect(
      verdictText(judgeByEvents(definition.eventRules!, own, [said], NOW)),
    ).toBe(expected);
  });
});

it.each<[KindDefinition, KubernetesObject, object]>([
  [
    jobKind,
    job({}, {}),
    { Parallelism: 1, Completions: null, Active: 0, Succeeded: 0, Failed: 0 },
  ],
  [
    cronJobKind,
    cron({ suspend: true }, {}),
    { Schedule: '* * * * *', Suspended: true },
  ],
])('shows the fields of Skydive: %#', (definition, item, expected) => {
  expect(observe(definition, item).properties).toMatchObject(expected);
});
