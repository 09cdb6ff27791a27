import {
  NOW,
  ago,
  condition,
  judged,
  neighbour,
  observe,
  verdictText,
} from './__testUtils__/objects';
import {
  RUNNING,
  pod,
  waiting,
  unscheduled,
  failed,
  unready,
  restarted,
} from './__testUtils__/pods';
import { judgeByEvents } from './eventRules';
import { podKind } from './pod';

describe('events about a pod', () => {
  const event = (
    reason: string,
    message: string,
    count: number,
    secondsAgo: number,
  ) => ({
    reason,
    message,
    count,
    firstAt: NOW - secondsAgo * 1000,
    lastAt: NOW,
  });
  const creating = pod({
    container: waiting('ContainerCreating'),
    status: { conditions: [condition('PodScheduled', 'True', undefined, 40)] },
  });
  const slow = 'degraded SlowStart H016';
  it.each([
    [
      'a mount that failed once just now',
      creating,
      event('FailedMount', 'x', 1, 0),
      `progressing ContainerCreating H014 > 30: down MountFailed H015`,
    ],
    [
      'a mount that failed twice',
      creating,
      event('FailedMount', 'x', 2, 3),
      'down MountFailed H015',
    ],
    [
      'a mount that failed once 30 s ago',
      creating,
      event('FailedMount', 'x', 1, 30),
      'down MountFailed H015',
    ],
    [
      'an attach that fails',
      creating,
      event('FailedAttachVolume', 'x', 2, 3),
      'down AttachFailed H015',
    ],
    [
      'a sandbox that fails',
      creating,
      event('FailedCreatePodSandBox', 'x', 2, 3),
      'down SandboxFailed H015',
    ],
    [
      'a mount that failed before it ran',
      pod({ container: RUNNING }),
      event('FailedMount', 'x', 9, 3000),
      'ok Running',
    ],
    [
      'a node on its way',
      unscheduled('Unschedulable', 60, 'x'),
      event('TriggeredScaleUp', 'x', 1, 30),
      'progressing WaitingForNode H009 > 600: down Unschedulable H008',
    ],
    [
      'a liveness probe that kills',
      restarted(1, 20, 19),
      event(
        'Killing',
        'Container app failed liveness probe, will be restarted',
        1,
        20,
      ),
      'degraded LivenessKilling H027',
    ],
    [
      'an ordinary stop',
      restarted(1, 20, 19),
      event('Killing', 'Stopping container app', 1, 20),
      'degraded Restarting H021 > 280: ok Running',
    ],
    [
      'a readiness probe that fails',
      unready(100, 50),
      event('Unhealthy', 'Readiness probe failed: 503', 3, 20),
      'degraded ReadinessFailing H026',
    ],
    [
      'a slow start with nothing said',
      pod({ container: waiting('ContainerCreating') }),
      event('Pulling', 'x', 1, 5),
      slow,
    ],
  ])('%s', (_, item, said, expected) => {
    const own = observe(podKind, item).verdict;
    const found = judgeByEvents(podKind.eventRules!, own, [said], NOW);
    expect(verdictText(found)).toBe(expected);
  });
});

describe('a pod among its neighbours', () => {
  const running = pod({ container: RUNNING });
  const lost = neighbour('Node', 'node-1', 'down', { ready: 'Unknown' });
  const evicted = failed({ reason: 'Evicted' });
  it.each([
    [
      'on an unreachable node',
      running,
      { 'node-pod in': [lost] },
      'unknown NodeLost H007',
    ],
    [
      'on a node that says NotReady',
      running,
      { 'node-pod in': [neighbour('Node', 'n', 'down', { ready: 'False' })] },
      'keeps its own',
    ],
    [
      'on a node that may not be read',
      running,
      { 'node-pod in': [neighbour('Node', 'n', 'unknown')] },
      'keeps its own',
    ],
    [
      'on a node that is gone',
      running,
      { 'node-pod in': [neighbour('Node', 'n', 'missing')] },
      'unknown NodeLost H007',
    ],
    [
      'that has ended, on an unreachable node',
      pod({ status: { phase: 'Succeeded' } }),
      { 'node-pod in': [lost] },
      'keeps its own',
    ],
    [
      'that is being deleted on an unreachable node',
      pod({ container: RUNNING, metadata: { deletionTimestamp: ago(-20) } }),
      { 'node-pod in': [lost] },
      'unknown NodeLost H007 > 320: degraded StuckTerminating H032',
    ],
    [
      'evicted and replaced (C12)',
      evicted,
      {
        'replicaset-pod in': [
          neighbour('ReplicaSet', 'r', 'ok', { satisfied: true }),
        ],
      },
      'history EvictedHistory H002',
    ],
    [
      'evicted and not replaced',
      evicted,
      {
        'replicaset-pod in': [
          neighbour('ReplicaSet', 'r', 'down', { satisfied: false }),
        ],
      },
      'keeps its own',
    ],
    ['evicted without a controller', evicted, {}, 'keeps its own'],
  ])('%s', (_, item, around, expected) => {
    expect(verdictText(judged(podKind, item, around))).toBe(expected);
  });
});
