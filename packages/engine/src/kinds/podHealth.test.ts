import {
  MINUTES,
  NOW,
  ago,
  condition,
  observe,
  verdictText,
} from './__testUtils__/objects';
import {
  RUNNING,
  conditions,
  ended,
  pod,
  waiting,
  JOB_OWNER,
  unscheduled,
  failed,
  unready,
  restarted,
  initContainer,
  withCondition,
} from './__testUtils__/pods';
import { KubernetesObject } from './kindDefinition';
import { podKind } from './pod';
import { verdictAt } from './status';

const TABLE: [string, KubernetesObject, string][] = [
  ['runs and is ready', pod({ container: RUNNING }), 'ok Running'],
  [
    'has done its work',
    pod({
      container: { state: ended(0, 'Completed', 60) },
      status: {
        phase: 'Succeeded',
        conditions: [
          ...conditions('False', 'PodCompleted', 60),
          condition('PodReadyToStartContainers', 'False'),
        ],
      },
    }),
    'ok Completed H001',
  ],
  ['was evicted', failed({ reason: 'Evicted' }), 'down Evicted H003'],
  [
    'was refused by the kubelet',
    failed({ reason: 'OutOfcpu' }),
    'down OutOfcpu H004',
  ],
  ['failed for its Job', failed({}, JOB_OWNER), 'history JobPodFailed H005'],
  ['failed, nobody manages it', failed({}), 'down PodFailed H006'],
  [
    'has the mark of the node controller',
    pod({
      container: RUNNING,
      status: {
        conditions: [
          condition('PodScheduled', 'True'),
          condition('Ready', 'False', undefined, 20),
          condition('ContainersReady', 'True'),
        ],
      },
    }),
    'unknown NodeLost H007',
  ],
  [
    'cannot be placed for 5 s',
    unscheduled(
      'Unschedulable',
      5,
      '0/3 nodes are available: 3 Insufficient cpu.',
    ),
    'progressing Unschedulable H008 > 10: down Unschedulable H008',
  ],
  [
    'cannot be placed for 16 s',
    unscheduled(
      'Unschedulable',
      16,
      '0/3 nodes are available: 3 Insufficient cpu.',
    ),
    'down Unschedulable H008',
  ],
  [
    'cannot be placed because of its claim',
    unscheduled(
      'Unschedulable',
      16,
      '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
    ),
    'down VolumeNotReady H010',
  ],
  [
    'waits for a gate for 10 min',
    unscheduled('SchedulingGated', 600),
    'progressing SchedulingGated H011 > 300: degraded SchedulingGated H011',
  ],
  [
    'met a scheduler error',
    unscheduled('SchedulerError', 1),
    'down SchedulerError H012',
  ],
  [
    'is of no interest to a scheduler for 30 s',
    pod({
      metadata: { creationTimestamp: ago(30) },
      spec: { nodeName: undefined },
      status: { phase: 'Pending', conditions: undefined },
    }),
    'progressing Pending H013 > 30: degraded NoSchedulerPicked H013',
  ],
  [
    'names a node on which no kubelet answers',
    pod({ status: { phase: 'Pending', conditions: undefined } }),
    'degraded NoKubeletAnswered H013',
  ],
  [
    'is being created for 100 s',
    pod({
      container: waiting('ContainerCreating'),
      status: {
        conditions: [
          condition('PodScheduled', 'True', undefined, 100),
          condition('Initialized', 'True', undefined, 100),
          condition('Ready', 'False', 'ContainersNotReady', 100),
        ],
      },
    }),
    'progressing ContainerCreating H014 > 20: degraded SlowStart H016',
  ],
  [
    'gets no sandbox for 61 s',
    pod({
      container: waiting('ContainerCreating'),
      status: {
        conditions: [
          condition('PodScheduled', 'True', undefined, 61),
          condition('PodReadyToStartContainers', 'False', undefined, 61),
        ],
      },
    }),
    'degraded SandboxSlow H036 > 59: degraded SlowStart H016',
  ],
  [
    'waits for its image again and again',
    pod({
      container: waiting('ImagePullBackOff', 'Back-off pulling image "x"'),
    }),
    'down ImagePullBackOff H017',
  ],
  [
    'failed to pull once, 5 s after it could start',
    pod({
      container: waiting('ErrImagePull', 'i/o timeout'),
      status: { conditions: [condition('PodScheduled', 'True', undefined, 5)] },
    }),
    'progressing ErrImagePull H017 > 15: down ErrImagePull H017',
  ],
  [
    'asks for a tag that is not there',
    pod({
      container: waiting('ErrImagePull', 'manifest unknown'),
      status: { conditions: [condition('PodScheduled', 'True', undefined, 5)] },
    }),
    'down ErrImagePull H017',
  ],
  [
    'has an image name that is none',
    pod({ container: waiting('InvalidImageName') }),
    'down InvalidImageName H017',
  ],
  [
    'needs a Secret that is not there',
    pod({
      container: waiting('CreateContainerConfigError', 'secret "s" not found'),
    }),
    'down CreateContainerConfigError H018',
  ],
  [
    'cannot be run',
    pod({ container: waiting('RunContainerError') }),
    'down RunContainerError H019',
  ],
  [
    'waits for a reason nobody has heard of that sounds broken',
    pod({ container: waiting('FrobnicateError') }),
    'down FrobnicateError H019',
  ],
  [
    'crashes in a loop',
    pod({
      container: {
        ...waiting('CrashLoopBackOff'),
        lastState: ended(1, 'Error', 20),
      },
    }),
    'down CrashLoopBackOff H020',
  ],
  [
    'runs out of memory in a loop',
    pod({
      container: {
        ...waiting('CrashLoopBackOff'),
        lastState: ended(137, 'OOMKilled', 20),
      },
    }),
    'down OOMKilled H022',
  ],
  [
    'runs for 10 s between two ends of a loop',
    restarted(4, 20, 10),
    'down CrashLoopBackOff H020 > 50: degraded Restarting H021 > 280: ok Running',
  ],
  [
    'was restarted once, 2 min ago',
    restarted(1, 120, 119),
    'degraded Restarting H021 > 180: ok Running',
  ],
  [
    'ran out of memory once, 20 min ago',
    restarted(1, 1200, 1199, 'OOMKilled'),
    'degraded OOMKilled H022 > 2400: ok Running',
  ],
  [
    'restarted three times yesterday (C10)',
    restarted(3, 86_400, 86_399),
    'ok Running',
  ],
  [
    'failed for good beside a container that runs',
    pod({
      container: { state: ended(2, 'Error', 60), restartCount: 0 },
      spec: { restartPolicy: 'Never' },
      status: { phase: 'Running' },
    }),
    'down ContainerFailed H024',
  ],
  [
    'is starting for 10 s without probes',
    unready(10, 11),
    'progressing Starting H025 > 20: degraded ReadinessFailing H026',
  ],
  [
    'is not ready 31 s after its start',
    unready(31, 32),
    'degraded ReadinessFailing H026',
  ],
  [
    'has lost the readiness that it had',
    unready(20, 5),
    'degraded ReadinessFailing H026',
  ],
  [
    'waits for its startup probe',
    unready(10, 11, false),
    'progressing Starting H025 > 20: degraded ReadinessFailing H026',
  ],
  [
    'waits for a readiness gate for 20 s (C25)',
    pod({
      container: RUNNING,
      status: {
        conditions: [
          condition('PodScheduled', 'True'),
          condition('Ready', 'False', 'ReadinessGatesNotReady', 20),
          condition('ContainersReady', 'True'),
        ],
      },
    }),
    'progressing ReadinessGate H028 > 280: degraded ReadinessGate H028',
  ],
  [
    'fails to initialize',
    initContainer({
      ...waiting('CrashLoopBackOff'),
      lastState: ended(1, 'Error', 5),
    }),
    'down CrashLoopBackOff H029',
  ],
  [
    'has an init container that has just failed',
    initContainer({ state: ended(1, 'Error', 5) }),
    'down InitFailing H029',
  ],
  [
    'initializes for a minute',
    initContainer({ state: { running: { startedAt: ago(60) } } }),
    'progressing InitRunning H029 > 540: degraded InitHanging H030',
  ],
  [
    'initializes for eleven minutes',
    initContainer({ state: { running: { startedAt: ago(660) } } }),
    'degraded InitHanging H030',
  ],
  [
    'is being deleted, its grace is not over',
    pod({ container: RUNNING, metadata: { deletionTimestamp: ago(-20) } }),
    'terminating Terminating H031 > 320: degraded StuckTerminating H032',
  ],
  [
    'should be gone since six minutes',
    pod({ container: RUNNING, metadata: { deletionTimestamp: ago(360) } }),
    'degraded StuckTerminating H032',
  ],
  [
    'is about to be evicted',
    withCondition(
      condition('DisruptionTarget', 'True', 'EvictionByEvictionAPI'),
    ),
    'terminating Disrupted H033',
  ],
  [
    'cannot be resized on its node',
    withCondition(condition('PodResizePending', 'True', 'Infeasible')),
    'degraded ResizeInfeasible H034',
  ],
  [
    'will be resized later',
    withCondition(condition('PodResizePending', 'True', 'Deferred')),
    'progressing ResizeDeferred H035',
  ],
  [
    'has a broken device',
    pod({
      container: {
        ...RUNNING,
        allocatedResourcesStatus: [
          {
            name: 'gpu',
            resources: [{ resourceID: 'gpu-0', health: 'Unhealthy' }],
          },
        ],
      },
    }),
    'degraded DeviceUnhealthy H037',
  ],
  [
    'is a part of the control plane that is not ready',
    {
      ...unready(3600, 100),
      metadata: {
        ...unready(3600, 100).metadata,
        namespace: 'kube-system',
        annotations: { 'kubernetes.io/config.mirror': 'hash' },
      },
    },
    'down ReadinessFailing H038',
  ],
  [
    'has a debug container that failed (C21)',
    pod({
      container: RUNNING,
      spec: { ephemeralContainers: [{ name: 'debug', image: 'd' }] },
      status: {
        ephemeralContainerStatuses: [
          { name: 'debug', state: ended(1, 'Error', 5) },
        ],
      },
    }),
    'ok Running',
  ],
  [
    'is 5 s old (C18)',
    unscheduled('Unschedulable', 5),
    'progressing Unschedulable H008 > 10: down Unschedulable H008',
  ],
];

describe('the verdict on a pod that', () => {
  it.each(TABLE)('%s', (_, item, expected) => {
    expect(verdictText(observe(podKind, item).verdict)).toBe(expected);
  });
});

it('gives the same chain of verdicts whenever it is observed', () => {
  for (const [, item] of TABLE) {
    const early = observe(podKind, item, 0).verdict;
    expect(verdictAt(early, NOW)).toEqual(observe(podKind, item).verdict);
  }
});

it('quotes the container that decides', () => {
  const item = pod({
    container: waiting('CreateContainerConfigError', 'secret "s" not found'),
  });
  const { verdict } = observe(podKind, item);
  expect(verdict.message).toBe('secret "s" not found');
  expect(verdict.evidence).toContainEqual({
    source: 'field',
    field: 'status.containerStatuses[app].state.waiting.message',
    value: 'secret "s" not found',
  });
});

it('keeps what a container left as its last words', () => {
  const item = pod({
    container: {
      ...waiting('CrashLoopBackOff', 'back-off 10s'),
      restartCount: 1,
      lastState: ended(1, 'Error', 3, 'No space left on device\n'),
    },
  });
  expect(observe(podKind, item).verdict.message).toBe(
    'No space left on device',
  );
});

it('starts within the time that its probes allow', () => {
  const item = pod({
    container: {
      ready: false,
      started: false,
      restartCount: 0,
      state: { running: { startedAt: ago(10) } },
    },
    spec: {
      containers: [
        {
          name: 'app',
          image: 'i',
          startupProbe: { failureThreshold: 30, periodSeconds: 10 },
          readinessProbe: { initialDelaySeconds: 5 },
        },
      ],
    },
    status: {
      phase: 'Running',
      conditions: conditions('False', 'ContainersNotReady', 11),
    },
  });
  const { sequel } = observe(podKind, item).verdict;
  expect(sequel!.at).toBe(NOW - 10_000 + 5 * MINUTES + 35_000);
});

it('takes no offence at a restart that is an hour past (H023)', () => {
  const [container] = observe(podKind, restarted(3, 2 * 3600, 7000)).parts;
  expect(verdictText(container.verdict)).toBe('ok PastRestarts H023');
});
