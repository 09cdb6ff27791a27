import { Scenario } from './scenario';
import { bystanders } from './templateRollout';
import * as t from './templates';

const failed = (reason: string, message: string, count = 7) => ({
  failed: count,
  startTime: t.ago(60),
  conditions: [
    t.condition('FailureTarget', 'True', reason, message),
    t.condition('Failed', 'True', reason, message),
  ],
});
const forbid = (status: object) => ({
  spec: { concurrencyPolicy: 'Forbid' },
  status,
});

/** The main container has ended well, the other one runs on. */
const mainDone: t.PodState = one => [
  t.withParts(one, {
    status: {
      containerStatuses: one.status.containerStatuses.map((status: any) =>
        status.name === 'app'
          ? {
              ...status,
              ready: false,
              started: false,
              state: {
                terminated: {
                  exitCode: 0,
                  reason: 'Completed',
                  startedAt: t.ago(19 * 60),
                  finishedAt: t.ago(18 * 60),
                },
              },
            }
          : status,
      ),
      conditions: [
        t.condition('PodScheduled', 'True', undefined, undefined, 19 * 60),
        t.condition('Initialized', 'True', undefined, undefined, 19 * 60),
        t.condition(
          'Ready',
          'False',
          'ContainersNotReady',
          'containers with unready status: [app]',
          18 * 60,
        ),
        t.condition(
          'ContainersReady',
          'False',
          'ContainersNotReady',
          'containers with unready status: [app]',
          18 * 60,
        ),
      ],
    },
  }),
];

export const jobs: readonly Scenario[] = [
  {
    id: 'S126',
    fault: 'a schedule that cannot be read',
    objects: (() => {
      const cron = t.cronJob('shop/report', { schedule: '*/5 * * *' });
      return t.world(
        bystanders(),
        cron,
        t.event(
          cron,
          'UnparseableSchedule',
          'unparseable schedule: "*/5 * * *" : expected exactly 5 fields, found 4: [*/5 * * *]',
          { component: 'cronjob-controller' },
        ),
      );
    })(),
    expects: {
      roots: ['CronJob/shop/report'],
      faults: ['BadSchedule'],
      says: ['*/5 * * *', '4 fields'],
    },
  },
  {
    id: 'S127',
    fault: 'a run that does not end keeps the next ones from starting',
    objects: (() => {
      const cron = t.cronJob('shop/nightly', {
        schedule: '0 * * * *',
        ...forbid({
          active: [{ kind: 'Job', namespace: 'shop', name: 'nightly-2889' }],
          lastScheduleTime: t.ago(19 * 60),
        }),
      });
      return t.world(
        bystanders(),
        cron,
        t.job('shop/nightly-2889', {
          owner: cron,
          age: 19 * 60,
          status: { active: 1, ready: 1, startTime: t.ago(19 * 60) },
        }),
        t.event(
          cron,
          'JobAlreadyActive',
          'Not starting job because prior execution is running and concurrency policy is Forbid',
          { type: 'Normal', count: 18, component: 'cronjob-controller' },
        ),
      );
    })(),
    expects: {
      roots: ['Job/shop/nightly-2889'],
      faults: ['JobHangs'],
      affected: ['CronJob/shop/nightly'],
      says: ['19 h', 'Forbid'],
    },
  },
  {
    id: 'S128',
    fault: 'a Job fails as often as it may',
    objects: (() => {
      const cron = t.cronJob('shop/import', {
        status: { lastScheduleTime: t.ago(60) },
        schedule: '0 9 * * *',
      });
      return t.world(
        bystanders(),
        cron,
        t.job('shop/import-77', {
          owner: cron,
          age: 60,
          replicas: 3,
          pods: t.done('Failed', { exitCode: 3 }),
          status: failed(
            'BackoffLimitExceeded',
            'Job has reached the specified backoff limit',
          ),
        }),
      );
    })(),
    expects: {
      roots: ['Job/shop/import-77', 'CronJob/shop/import'],
      faults: ['BackoffLimitExceeded'],
      affected: ['CronJob/shop/import'],
      says: ['exit code 3'],
    },
  },
  {
    id: 'S129',
    fault: 'a Job is given less time than it needs',
    objects: t.world(
      bystanders(),
      t.job('shop/import', {
        age: 60,
        created: 0,
        spec: { activeDeadlineSeconds: 5 },
        status: failed(
          'DeadlineExceeded',
          'Job was active longer than specified deadline',
          1,
        ),
      }),
    ),
    expects: {
      roots: ['Job/shop/import'],
      faults: ['DeadlineExceeded'],
      says: ['5 s', 'activeDeadlineSeconds'],
    },
  },
  {
    id: 'S130',
    fault: 'a sidecar keeps the pod of a Job from ending',
    objects: (() => {
      const cron = t.cronJob('shop/nightly', {
        schedule: '0 * * * *',
        ...forbid({
          active: [{ kind: 'Job', namespace: 'shop', name: 'nightly-2889' }],
          lastScheduleTime: t.ago(19 * 60),
        }),
      });
      return t.world(
        bystanders(),
        cron,
        t.job('shop/nightly-2889', {
          owner: cron,
          age: 19 * 60,
          sidecars: [{ name: 'proxy', image: 'registry.example/proxy:1' }],
          pods: mainDone,
          status: { active: 1, startTime: t.ago(19 * 60) },
        }),
        t.event(
          cron,
          'JobAlreadyActive',
          'Not starting job because prior execution is running and concurrency policy is Forbid',
          { type: 'Normal', count: 18, component: 'cronjob-controller' },
        ),
      );
    })(),
    expects: {
      roots: ['CronJob/shop/nightly', 'Job/shop/nightly-2889'],
      faults: ['SidecarKeepsRunning'],
      affected: ['CronJob/shop/nightly'],
      says: ['proxy', 'app'],
    },
  },
  {
    id: 'S131',
    fault: 'a Job fills the nodes with its pods',
    objects: t.world(
      bystanders(),
      t.job('data/import', {
        age: 60,
        replicas: 4,
        status: { active: 200, startTime: t.ago(60) },
      }),
      t.deployment('shop/cart', {
        replicas: 1,
        pods: t.unschedulable(
          '0/3 nodes are available: 3 Too many pods. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
        ),
      }),
    ),
    expects: { noCause: true, orLikely: ['Job/data/import'] },
  },
];
