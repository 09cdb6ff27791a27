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
import { daemons, set } from './__testUtils__/workloads';
import { replicaSetKind, replicationControllerKind } from './replicaSet';
import { statefulSetKind } from './statefulSet';
import { daemonSetKind } from './daemonSet';
import { judgeByEvents } from './eventRules';
import { KindDefinition, KubernetesObject } from './kindDefinition';

type Row = [string, KindDefinition, KubernetesObject, string];
const TABLE: Row[] = [
  [
    'may not create pods',
    replicaSetKind,
    object({
      spec: { replicas: 2 },
      status: {
        replicas: 0,
        conditions: [condition('ReplicaFailure', 'True', 'FailedCreate')],
      },
    }),
    'down FailedCreate H048',
  ],
  [
    'may not create more pods',
    replicaSetKind,
    object({
      spec: { replicas: 6 },
      status: {
        replicas: 4,
        readyReplicas: 4,
        conditions: [condition('ReplicaFailure', 'True', 'FailedCreate')],
      },
    }),
    'degraded FailedCreate H048',
  ],
  [
    'belongs to an old revision (C19)',
    replicaSetKind,
    object({ spec: { replicas: 0 }, status: { replicas: 0 } }),
    'history OldRevision H049',
  ],
  [
    'has two of three pods',
    replicaSetKind,
    object({
      spec: { replicas: 3 },
      status: { replicas: 3, readyReplicas: 2 },
    }),
    'degraded PartlyReady H050',
  ],
  [
    'has still to create its pods',
    replicaSetKind,
    object({
      spec: { replicas: 3 },
      status: { replicas: 1, readyReplicas: 1 },
    }),
    'progressing PartlyReady H050',
  ],
  [
    'is new',
    replicaSetKind,
    object({
      metadata: { creationTimestamp: ago(30) },
      spec: { replicas: 3 },
      status: { replicas: 3 },
    }),
    'progressing PartlyReady H050 > 570: down PartlyReady H050',
  ],
  [
    'is an old-style one (H072)',
    replicationControllerKind,
    object({
      spec: { replicas: 1 },
      status: { replicas: 1, readyReplicas: 1 },
    }),
    'ok Ready',
  ],
  [
    'has two of three pods',
    statefulSetKind,
    set({}, { readyReplicas: 2 }),
    'degraded PodsNotReady H051',
  ],
  [
    'has none of its pods',
    statefulSetKind,
    set({}, {}),
    'down PodsNotReady H051',
  ],
  [
    'creates one pod after another',
    statefulSetKind,
    set({}, { replicas: 1, readyReplicas: 1 }),
    'progressing PodsNotReady H051',
  ],
  [
    'is rolling out',
    statefulSetKind,
    set(
      {},
      {
        readyReplicas: 3,
        updatedReplicas: 1,
        currentRevision: 'a',
        updateRevision: 'b',
      },
    ),
    'progressing RollingOut H052',
  ],
  [
    'is partitioned on purpose (C14)',
    statefulSetKind,
    set(
      { updateStrategy: { rollingUpdate: { partition: 2 } } },
      {
        readyReplicas: 3,
        updatedReplicas: 1,
        currentRevision: 'a',
        updateRevision: 'b',
      },
    ),
    'ok WaitingManualUpdate H053',
  ],
  [
    'waits for deletions by hand',
    statefulSetKind,
    set(
      { updateStrategy: { type: 'OnDelete' } },
      { readyReplicas: 3, currentRevision: 'a', updateRevision: 'b' },
    ),
    'ok WaitingManualUpdate H053',
  ],
  [
    'is scaled to zero',
    statefulSetKind,
    set({ replicas: 0 }, { replicas: 0 }),
    'idle ScaledToZero H039',
  ],
  [
    'matches no node',
    daemonSetKind,
    daemons({ desiredNumberScheduled: 0 }),
    'ok NoMatchingNodes H056',
  ],
  [
    'is ready on 2 of 3 nodes',
    daemonSetKind,
    daemons({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      numberReady: 2,
    }),
    'degraded PodsNotReady H057',
  ],
  [
    'lacks pods on some nodes',
    daemonSetKind,
    daemons({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 2,
      numberReady: 2,
    }),
    'degraded NotScheduled H058',
  ],
  [
    'runs on nodes where it should not',
    daemonSetKind,
    daemons({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      numberReady: 3,
      updatedNumberScheduled: 3,
      numberMisscheduled: 1,
    }),
    'ok Misscheduled H059',
  ],
  [
    'is rolling out',
    daemonSetKind,
    daemons({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      numberReady: 3,
      updatedNumberScheduled: 1,
    }),
    'progressing RollingOut H060',
  ],
];

describe('the verdict on a controller of replicas that', () => {
  it.each(
    TABLE.map(
      ([what, definition, ...rest]) =>
        [`${definition.type} ${what}`, definition, ...rest] as Row,
    ),
  )('%s', (_, definition, item, expected) => {
    expect(verdictText(observe(definition, item).verdict)).toBe(expected);
  });
});

describe('a controller among its pods', () => {
  const replicas = (ready: number, desired = 3, secondsOld = 7200) =>
    object({
      metadata: { creationTimestamp: ago(secondsOld), generation: 1 },
      spec: { replicas: desired },
      status: {
        observedGeneration: 1,
        replicas: desired,
        readyReplicas: ready,
      },
    });
  const ok = neighbour('Pod', 'a', 'ok');
  const broken = neighbour(
    'Pod',
    'b',
    'down',
    {},
    { reason: 'CrashLoopBackOff' },
  );
  const starting = neighbour('Pod', 'c', 'progressing');
  const lost = neighbour('Pod', 'd', 'unknown', {}, { reason: 'NodeLost' });
  const nodes = daemons({
    desiredNumberScheduled: 2,
    currentNumberScheduled: 2,
    numberReady: 1,
  });
  it.each<
    [string, KindDefinition, KubernetesObject, { [key: string]: any[] }, string]
  >([
    [
      'a new one whose pod is broken',
      replicaSetKind,
      replicas(0, 1, 10),
      { 'replicaset-pod out': [broken] },
      'down PartlyReady H050',
    ],
    [
      'one of whose pods one is broken',
      replicaSetKind,
      replicas(1, 2),
      { 'replicaset-pod out': [ok, broken] },
      'degraded PartlyReady H050',
    ],
    [
      'an old one whose pods are starting',
      replicaSetKind,
      replicas(0),
      { 'replicaset-pod out': [starting] },
      'progressing PartlyReady H050',
    ],
    [
      'one whose pod is on a lost node',
      replicaSetKind,
      replicas(0, 1),
      { 'replicaset-pod out': [lost] },
      'down PartlyReady H050',
    ],
    [
      'one whose pods are not in view',
      replicaSetKind,
      replicas(0),
      {},
      'keeps its own',
    ],
    [
      'one that has all',
      replicaSetKind,
      replicas(3),
      { 'replicaset-pod out': [broken] },
      'keeps its own',
    ],
    [
      'a StatefulSet whose pod is starting',
      statefulSetKind,
      replicas(2),
      { 'statefulset-pod out': [starting] },
      'progressing PodsNotReady H051',
    ],
    [
      'a StatefulSet without its Service',
      statefulSetKind,
      replicas(3),
      { 'statefulset-service out': [neighbour('Service', 's', 'missing')] },
      'degraded HeadlessServiceMissing H055',
    ],
    [
      'a StatefulSet whose Service may not be read',
      statefulSetKind,
      replicas(3),
      { 'statefulset-service out': [neighbour('Service', 's', 'unknown')] },
      'keeps its own',
    ],
    [
      'a DaemonSet that is not to blame for its node',
      daemonSetKind,
      nodes,
      { 'daemonset-pod out': [ok, lost] },
      'ok NodesLost H057',
    ],
    [
      'a DaemonSet with a broken pod',
      daemonSetKind,
      nodes,
      { 'daemonset-pod out': [ok, broken] },
      'degraded PodsNotReady H057',
    ],
  ])('%s', (_, definition, item, around, expected) => {
    expect(verdictText(judged(definition, item, around))).toBe(expected);
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
  expect(
    references.map(({ relation, other }) => `${relation} ${other.name}`),
  ).toEqual([
    'statefulset-persistentvolumeclaim data-db-1',
    'statefulset-persistentvolumeclaim data-db-2',
    'statefulset-service db',
    'namespace-statefulset shop',
  ]);
});

describe('events about a controller of replicas', () => {
  it.each<[string, KindDefinition, KubernetesObject, string, number, string]>([
    [
      'a StatefulSet that may not create pods',
      statefulSetKind,
      set({}, { replicas: 0 }),
      'FailedCreate',
      10,
      'degraded CannotCreatePods H054',
    ],
    [
      'a StatefulSet that could not, and is complete',
      statefulSetKind,
      set({}, { readyReplicas: 3 }),
      'FailedCreate',
      10,
      'ok Ready',
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
    statefulSetKind,
    set({ serviceName: 'db' }, {}),
    {
      DesiredReplicas: 3,
      ServiceName: 'db',
      ReadyReplicas: 0,
      CurrentRevision: '',
    },
  ],
  [
    daemonSetKind,
    daemons({ desiredNumberScheduled: 3 }),
    {
      DesiredNumberScheduled: 3,
      CurrentNumberScheduled: 0,
      NumberMisscheduled: 0,
    },
  ],
])('shows the fields of Skydive: %#', (definition, item, expected) => {
  expect(observe(definition, item).properties).toMatchObject(expected);
});
