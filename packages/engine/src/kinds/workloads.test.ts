import {
  NOW,
  ago,
  condition,
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { cronJobKind } from './cronJob';
import { daemonSetKind } from './daemonSet';
import { deploymentKind } from './deployment';
import { judgeByEvents } from './eventRules';
import { jobKind } from './job';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { replicaSetKind, replicationControllerKind } from './replicaSet';
import { statefulSetKind } from './statefulSet';

const FINISHED = condition('Progressing', 'True', 'NewReplicaSetAvailable');
const UNDER_WAY = condition('Progressing', 'True', 'ReplicaSetUpdated');
const AVAILABLE = condition('Available', 'True', 'MinimumReplicasAvailable');
const UNAVAILABLE = condition('Available', 'False', 'MinimumReplicasUnavailable', 60);

function deployment(
  available: number,
  conditions: unknown[],
  status = {},
  spec = {},
  secondsOld = 7200,
) {
  return object({
    metadata: { generation: 2, creationTimestamp: ago(secondsOld) },
    spec: { replicas: 4, ...spec },
    status: {
      observedGeneration: 2,
      replicas: 4,
      updatedReplicas: 4,
      readyReplicas: available,
      availableReplicas: available,
      conditions,
      ...status,
    },
  });
}

const set = (spec: {}, status: {}, secondsOld = 7200) =>
  object({
    metadata: { name: 'db', generation: 1, creationTimestamp: ago(secondsOld) },
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: 1, replicas: 3, ...status },
  });

const job = (spec: {}, status: {}) =>
  object({ spec: { backoffLimit: 6, ...spec }, status: { startTime: ago(60), ...status } });

const cron = (spec: {}, status: {}) =>
  object({ spec: { schedule: '* * * * *', ...spec }, status });

const daemons = (status: {}, secondsOld = 7200) =>
  object({
    metadata: { generation: 1, creationTimestamp: ago(secondsOld) },
    spec: {},
    status: { observedGeneration: 1, ...status },
  });

type Row = [string, KindDefinition, KubernetesObject, string];
const TABLE: Row[] = [
  ['has all it wants', deploymentKind, deployment(4, [AVAILABLE, FINISHED]), 'ok Available'],
  ['is scaled to zero (C04)', deploymentKind, deployment(0, [AVAILABLE, FINISHED], {}, { replicas: 0 }), 'idle ScaledToZero H039'],
  ['is paused (C23)', deploymentKind, deployment(4, [AVAILABLE], {}, { paused: true }), 'suspended Paused H040'],
  ['was not looked at yet', deploymentKind, deployment(4, [AVAILABLE], { observedGeneration: 1 }), 'progressing NotObserved H041'],
  ['was never looked at', deploymentKind, deployment(0, [], { observedGeneration: undefined }, {}, 60), 'progressing NotObserved H041 > 840: degraded NotObserved H041'],
  ['is stuck but serves (M12)', deploymentKind, deployment(3, [AVAILABLE, condition('Progressing', 'False', 'ProgressDeadlineExceeded')]), 'degraded RolloutStuck H042'],
  ['is stuck and serves nobody', deploymentKind, deployment(0, [UNAVAILABLE, condition('Progressing', 'False', 'ProgressDeadlineExceeded')]), 'down RolloutStuck H042'],
  ['has lost some replicas', deploymentKind, deployment(2, [UNAVAILABLE, FINISHED]), 'degraded Unavailable H043'],
  ['has lost all replicas', deploymentKind, deployment(0, [UNAVAILABLE, FINISHED]), 'down Unavailable H043'],
  ['is being created', deploymentKind, deployment(0, [UNAVAILABLE, UNDER_WAY], {}, {}, 60), 'progressing Creating H044 > 540: down Unavailable H043'],
  ['is older and loses its pods within a rollout', deploymentKind, deployment(0, [UNAVAILABLE, UNDER_WAY]), 'down Unavailable H043'],
  ['is recreated by its strategy', deploymentKind, deployment(0, [UNAVAILABLE, condition('Progressing', 'True', 'ReplicaSetUpdated', 60)], {}, { strategy: { type: 'Recreate' } }), 'progressing Creating H044 > 540: down Unavailable H043'],
  ['is rolling out, 3 of 4 ready (C01)', deploymentKind, deployment(3, [AVAILABLE, UNDER_WAY], { updatedReplicas: 2 }), 'progressing RollingOut H045'],
  ['has one surplus replica of the old version', deploymentKind, deployment(4, [AVAILABLE, UNDER_WAY], { replicas: 5 }), 'progressing RollingOut H045'],
  ['may not create pods, and has some', deploymentKind, deployment(2, [AVAILABLE, condition('ReplicaFailure', 'True', 'FailedCreate')]), 'degraded CannotCreatePods H046'],
  ['may not create pods, and has none', deploymentKind, deployment(0, [UNAVAILABLE, condition('ReplicaFailure', 'True', 'FailedCreate')]), 'down CannotCreatePods H046'],
  ['cannot create its ReplicaSet', deploymentKind, deployment(4, [condition('Progressing', 'False', 'ReplicaSetCreateError')]), 'down ReplicaSetCreateError H047'],
  ['is being deleted', deploymentKind, object({ metadata: { deletionTimestamp: ago(60), finalizers: ['foregroundDeletion'] }, spec: {}, status: {} }), 'terminating Terminating > 240: degraded StuckTerminating'],

  ['may not create pods', replicaSetKind, object({ spec: { replicas: 2 }, status: { replicas: 0, conditions: [condition('ReplicaFailure', 'True', 'FailedCreate')] } }), 'down FailedCreate H048'],
  ['may not create more pods', replicaSetKind, object({ spec: { replicas: 6 }, status: { replicas: 4, readyReplicas: 4, conditions: [condition('ReplicaFailure', 'True', 'FailedCreate')] } }), 'degraded FailedCreate H048'],
  ['belongs to an old revision (C19)', replicaSetKind, object({ spec: { replicas: 0 }, status: { replicas: 0 } }), 'history OldRevision H049'],
  ['has two of three pods', replicaSetKind, object({ spec: { replicas: 3 }, status: { replicas: 3, readyReplicas: 2 } }), 'degraded PartlyReady H050'],
  ['has still to create its pods', replicaSetKind, object({ spec: { replicas: 3 }, status: { replicas: 1, readyReplicas: 1 } }), 'progressing PartlyReady H050'],
  ['is new', replicaSetKind, object({ metadata: { creationTimestamp: ago(30) }, spec: { replicas: 3 }, status: { replicas: 3 } }), 'progressing PartlyReady H050 > 570: down PartlyReady H050'],
  ['is an old-style one', replicationControllerKind, object({ spec: { replicas: 1 }, status: { replicas: 1, readyReplicas: 1 } }), 'ok Ready'],

  ['has two of three pods', statefulSetKind, set({}, { readyReplicas: 2 }), 'degraded PodsNotReady H051'],
  ['has none of its pods', statefulSetKind, set({}, {}), 'down PodsNotReady H051'],
  ['creates one pod after another', statefulSetKind, set({}, { replicas: 1, readyReplicas: 1 }), 'progressing PodsNotReady H051'],
  ['is rolling out', statefulSetKind, set({}, { readyReplicas: 3, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' }), 'progressing RollingOut H052'],
  ['is partitioned on purpose (C14)', statefulSetKind, set({ updateStrategy: { rollingUpdate: { partition: 2 } } }, { readyReplicas: 3, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' }), 'ok WaitingManualUpdate H053'],
  ['waits for deletions by hand', statefulSetKind, set({ updateStrategy: { type: 'OnDelete' } }, { readyReplicas: 3, currentRevision: 'a', updateRevision: 'b' }), 'ok WaitingManualUpdate H053'],
  ['is scaled to zero', statefulSetKind, set({ replicas: 0 }, { replicas: 0 }), 'idle ScaledToZero H039'],

  ['matches no node', daemonSetKind, daemons({ desiredNumberScheduled: 0 }), 'ok NoMatchingNodes H056'],
  ['is ready on 2 of 3 nodes', daemonSetKind, daemons({ desiredNumberScheduled: 3, currentNumberScheduled: 3, numberReady: 2 }), 'degraded PodsNotReady H057'],
  ['lacks pods on some nodes', daemonSetKind, daemons({ desiredNumberScheduled: 3, currentNumberScheduled: 2, numberReady: 2 }), 'degraded NotScheduled H058'],
  ['runs on nodes where it should not', daemonSetKind, daemons({ desiredNumberScheduled: 3, currentNumberScheduled: 3, numberReady: 3, updatedNumberScheduled: 3, numberMisscheduled: 1 }), 'ok Misscheduled H059'],
  ['is rolling out', daemonSetKind, daemons({ desiredNumberScheduled: 3, currentNumberScheduled: 3, numberReady: 3, updatedNumberScheduled: 1 }), 'progressing RollingOut H060'],

  ['is done', jobKind, job({}, { succeeded: 1, conditions: [condition('SuccessCriteriaMet', 'True'), condition('Complete', 'True')] }), 'ok Completed H061'],
  ['is nearly done', jobKind, job({}, { conditions: [condition('SuccessCriteriaMet', 'True')] }), 'ok Completing H062'],
  ['has failed', jobKind, job({}, { failed: 7, conditions: [condition('FailureTarget', 'True', 'BackoffLimitExceeded'), condition('Failed', 'True', 'BackoffLimitExceeded')] }), 'down BackoffLimitExceeded H063'],
  ['is suspended', jobKind, job({ suspend: true }, {}), 'suspended Suspended H064'],
  ['tries again', jobKind, job({}, { failed: 1, active: 1 }), 'degraded Retrying H065'],
  ['runs for a minute of two', jobKind, job({ activeDeadlineSeconds: 120 }, { active: 1 }), 'progressing Running > 60: degraded LongRunning H066'],
  ['runs for 13 hours', jobKind, job({}, { active: 1, startTime: ago(13 * 3600) }), 'degraded LongRunning H066'],

  ['is suspended (C03)', cronJobKind, cron({ suspend: true }, { lastScheduleTime: ago(60) }), 'suspended Suspended H067'],
  ['failed last time', cronJobKind, cron({}, { lastScheduleTime: ago(60), lastSuccessfulTime: ago(600) }), 'degraded LastRunFailed H068'],
  ['has never succeeded', cronJobKind, cron({}, { lastScheduleTime: ago(60) }), 'degraded LastRunFailed H068'],
  ['is running now', cronJobKind, cron({}, { lastScheduleTime: ago(60), active: [{}] }), 'ok Scheduled'],
  ['succeeded after a failure (C09)', cronJobKind, cron({}, { lastScheduleTime: ago(60), lastSuccessfulTime: ago(55) }), 'ok Scheduled'],
  ['was never due', cronJobKind, cron({}, {}), 'ok Scheduled'],
];

describe('the verdict on a workload that', () => {
  it.each(TABLE.map(([what, definition, ...rest]) => [`${definition.type} ${what}`, definition, ...rest] as Row))(
    '%s',
    (_, definition, item, expected) => {
      expect(verdictText(observe(definition, item).verdict)).toBe(expected);
    },
  );
});

describe('a controller among its pods', () => {
  const replicas = (ready: number, desired = 3, secondsOld = 7200) =>
    object({
      metadata: { creationTimestamp: ago(secondsOld), generation: 1 },
      spec: { replicas: desired },
      status: { observedGeneration: 1, replicas: desired, readyReplicas: ready },
    });
  const ok = neighbour('Pod', 'a', 'ok');
  const broken = neighbour('Pod', 'b', 'down', {}, { reason: 'CrashLoopBackOff' });
  const starting = neighbour('Pod', 'c', 'progressing');
  const lost = neighbour('Pod', 'd', 'unknown', {}, { reason: 'NodeLost' });
  const nodes = daemons({ desiredNumberScheduled: 2, currentNumberScheduled: 2, numberReady: 1 });
  it.each<[string, KindDefinition, KubernetesObject, { [key: string]: any[] }, string]>([
    ['a new one whose pod is broken', replicaSetKind, replicas(0, 1, 10), { 'replicaset-pod out': [broken] }, 'down PartlyReady H050'],
    ['one of whose pods one is broken', replicaSetKind, replicas(1, 2), { 'replicaset-pod out': [ok, broken] }, 'degraded PartlyReady H050'],
    ['an old one whose pods are starting', replicaSetKind, replicas(0), { 'replicaset-pod out': [starting] }, 'progressing PartlyReady H050'],
    ['one whose pod is on a lost node', replicaSetKind, replicas(0, 1), { 'replicaset-pod out': [lost] }, 'down PartlyReady H050'],
    ['one whose pods are not in view', replicaSetKind, replicas(0), {}, 'keeps its own'],
    ['one that has all', replicaSetKind, replicas(3), { 'replicaset-pod out': [broken] }, 'keeps its own'],
    ['a StatefulSet whose pod is starting', statefulSetKind, replicas(2), { 'statefulset-pod out': [starting] }, 'progressing PodsNotReady H051'],
    ['a StatefulSet without its Service', statefulSetKind, replicas(3), { 'statefulset-service out': [neighbour('Service', 's', 'missing')] }, 'degraded HeadlessServiceMissing H055'],
    ['a StatefulSet whose Service may not be read', statefulSetKind, replicas(3), { 'statefulset-service out': [neighbour('Service', 's', 'unknown')] }, 'keeps its own'],
    ['a DaemonSet that is not to blame for its node', daemonSetKind, nodes, { 'daemonset-pod out': [ok, lost] }, 'ok NodesLost H057'],
    ['a DaemonSet with a broken pod', daemonSetKind, nodes, { 'daemonset-pod out': [ok, broken] }, 'degraded PodsNotReady H057'],
  ])('%s', (_, definition, item, around, expected) => {
    expect(verdictText(judged(definition, item, around))).toBe(expected);
  });
});

describe('a Deployment among its ReplicaSets', () => {
  const lacking = deployment(2, [UNAVAILABLE, FINISHED]);
  const partly = deployment(3, [AVAILABLE, FINISHED]);
  const replicaSet = (level: any) => ({
    'deployment-replicaset out': [
      neighbour('ReplicaSet', 'new', level, { desired: 4 }),
      neighbour('ReplicaSet', 'old', 'down', { desired: 0 }),
    ],
  });
  it.each([
    ['is scaling up', lacking, replicaSet('progressing'), 'progressing PartlyAvailable H043'],
    ['has broken pods', lacking, replicaSet('degraded'), 'keeps its own'],
    ['has one broken pod and enough others', partly, replicaSet('degraded'), 'degraded PartlyAvailable H043'],
    ['has one pod that starts and enough others', partly, replicaSet('progressing'), 'progressing PartlyAvailable H043'],
  ])('that %s', (_, item, around, expected) => {
    expect(verdictText(judged(deploymentKind, item, around))).toBe(expected);
  });
});

describe('events about a workload', () => {
  it.each<[string, KindDefinition, KubernetesObject, string, number, string]>([
    ['a StatefulSet that may not create pods', statefulSetKind, set({}, { replicas: 0 }), 'FailedCreate', 10, 'degraded CannotCreatePods H054'],
    ['a StatefulSet that could not, and is complete', statefulSetKind, set({}, { readyReplicas: 3 }), 'FailedCreate', 10, 'ok Ready'],
    ['a Job that may not create pods', jobKind, job({}, {}), 'FailedCreate', 10, 'degraded CannotCreatePods H054'],
    ['a schedule that is none', cronJobKind, cron({}, {}), 'UnparseableSchedule', 10, 'down BadSchedule H070'],
    ['a missed run', cronJobKind, cron({}, {}), 'MissSchedule', 60, 'degraded MissedSchedule H069 > 540: ok Scheduled'],
    ['a missed run an hour ago', cronJobKind, cron({}, {}), 'MissSchedule', 3600, 'ok Scheduled'],
    ['runs that overlap', cronJobKind, cron({}, {}), 'JobAlreadyActive', 60, 'degraded OverlapBlocked H071 > 540: ok Scheduled'],
  ])('%s', (_, definition, item, reason, secondsAgo, expected) => {
    const lastAt = NOW - secondsAgo * 1000;
    const said = { reason, message: 'says so', count: 2, firstAt: lastAt, lastAt };
    const own = observe(definition, item).verdict;
    expect(verdictText(judgeByEvents(definition.eventRules!, own, [said], NOW))).toBe(expected);
  });
});

it('names the claims of a StatefulSet that exist (R005), and its Service (R006)', () => {
  const { references } = observe(
    statefulSetKind,
    set(
      {
        serviceName: 'db',
        ordinals: { start: 1 },
        volumeClaimTemplates: [{ metadata: { name: 'data' } }],
      },
      { replicas: 2 },
    ),
  );
  expect(references.map(({ relation, other }) => `${relation} ${other.name}`)).toEqual([
    'statefulset-persistentvolumeclaim data-db-1',
    'statefulset-persistentvolumeclaim data-db-2',
    'statefulset-service db',
    'namespace-statefulset shop',
  ]);
});

it.each<[KindDefinition, KubernetesObject, object]>([
  [deploymentKind, deployment(4, [AVAILABLE]), { DesiredReplicas: 4, Replicas: 4, ReadyReplicas: 4, AvailableReplicas: 4, UnavailableReplicas: 0 }],
  [deploymentKind, object({ spec: {}, status: {} }), { DesiredReplicas: 1, Replicas: 0 }],
  [statefulSetKind, set({ serviceName: 'db' }, {}), { DesiredReplicas: 3, ServiceName: 'db', ReadyReplicas: 0, CurrentRevision: '' }],
  [daemonSetKind, daemons({ desiredNumberScheduled: 3 }), { DesiredNumberScheduled: 3, CurrentNumberScheduled: 0, NumberMisscheduled: 0 }],
  [jobKind, job({}, {}), { Parallelism: 1, Completions: null, Active: 0, Succeeded: 0, Failed: 0 }],
  [cronJobKind, cron({ suspend: true }, {}), { Schedule: '* * * * *', Suspended: true }],
])('shows the fields of Skydive: %#', (definition, item, expected) => {
  expect(observe(definition, item).properties).toMatchObject(expected);
});
