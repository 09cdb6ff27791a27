import {
  NOW,
  SECONDS,
  judged,
  neighbour,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { daemons } from './__testUtils__/workloads';
import { daemonSetKind } from './daemonSet';
import { toleratesAll } from './daemonNodes';
import { ContextNode } from './kindDefinition';
import { nodesOfSpec } from './nodeSelectors';
import { StatusLevel } from './status';

const node = (
  name: string,
  rest: {
    level?: StatusLevel;
    ready?: string;
    taints?: string[];
    secondsOld?: number;
  } = {},
): ContextNode => ({
  ...neighbour('Node', name, rest.level ?? 'ok', {
    ready: rest.ready ?? 'True',
    taints: rest.taints,
  }),
  createdAt: NOW - (rest.secondsOld ?? 86_400) * SECONDS,
});
const daemon = (on: string, level: StatusLevel = 'ok') =>
  neighbour('Pod', `d-${on}`, level, { ready: level === 'ok', daemonNode: on });
const set = (desired: number, ready: number, scheduled = desired) =>
  daemons({
    desiredNumberScheduled: desired,
    currentNumberScheduled: scheduled,
    numberReady: ready,
  });

describe('a DaemonSet (H057, H058, R010)', () => {
  it.each<
    [
      string,
      ReturnType<typeof set>,
      ContextNode[],
      ContextNode[],
      string,
      string,
    ]
  >([
    [
      'says on which node its pod is broken',
      set(2, 1),
      [daemon('a'), daemon('b', 'down')],
      [node('a'), node('b')],
      'degraded PodsNotReady H057',
      '1 of 2 ready (not on b)',
    ],
    [
      'says on which node it has none',
      set(2, 1, 1),
      [daemon('a')],
      [node('a'), node('b')],
      'degraded NotScheduled H058',
      '1 of 2 scheduled (not on b)',
    ],
    [
      'leaves a node time that has just joined',
      set(2, 1, 1),
      [daemon('a')],
      [node('a'), node('b', { secondsOld: 30 })],
      'progressing NotScheduled H058 > 90: degraded NotScheduled H058',
      '1 of 2 scheduled',
    ],
    [
      'is not blamed for a node that is not ready',
      set(2, 1),
      [daemon('a'), daemon('b', 'down')],
      [node('a'), node('b', { level: 'down', ready: 'False' })],
      'ok NodesLost H057',
      '1 of 2 ready',
    ],
    [
      'is not blamed for a cordoned node',
      set(2, 1),
      [daemon('a'), daemon('b', 'down')],
      [node('a'), node('b', { level: 'maintenance' })],
      'ok NodesLost H057',
      '1 of 2 ready',
    ],
    [
      'expects nothing of a node whose taint it does not tolerate',
      set(2, 1),
      [daemon('a'), daemon('b', 'down')],
      [node('a'), node('b'), node('c', { taints: ['gpu=yes:NoSchedule'] })],
      'degraded PodsNotReady H057',
      '1 of 2 ready (not on b)',
    ],
  ])('%s', (_, item, pods, nodes, expected, message) => {
    const found = judged(daemonSetKind, item, {
      'daemonset-pod out': pods,
      'daemonset-node out': nodes,
    });
    expect(verdictText(found)).toBe(expected);
    expect(found?.message).toBe(message);
  });
});

describe('the nodes of a DaemonSet (R010)', () => {
  const selectors = (spec: {}) =>
    observe(daemonSetKind, {
      ...daemons({}),
      spec: { template: { spec } },
    }).selectors.map(({ relation, selector }) => [
      relation,
      ...selector.map(one => `${one.key} ${one.operator} ${one.values}`),
    ]);
  const affinity = (...nodeSelectorTerms: {}[]) => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
    },
  });
  const expression = (key: string, operator: string, ...values: string[]) => ({
    matchExpressions: [{ key, operator, values }],
  });
  it.each<[string, {}, string[][]]>([
    ['all', {}, [['daemonset-node']]],
    [
      'by selector',
      { nodeSelector: { os: 'linux' } },
      [['daemonset-node', 'os In linux']],
    ],
    [
      'by either of two terms, and the selector',
      {
        nodeSelector: { os: 'linux' },
        affinity: affinity(
          expression('zone', 'In', 'a'),
          expression('spot', 'DoesNotExist'),
        ),
      },
      [
        ['daemonset-node', 'os In linux', 'zone In a'],
        ['daemonset-node', 'os In linux', 'spot DoesNotExist '],
      ],
    ],
    [
      'not by what no label selector says',
      { affinity: affinity(expression('cores', 'Gt', '8')) },
      [],
    ],
    ['none by an empty term', { affinity: affinity({}) }, []],
  ])('%s', (_, spec, expected) => {
    expect(selectors(spec)).toEqual(expected);
    expect(nodesOfSpec(spec)).toHaveLength(expected.length);
  });
});

it.each<[string, string[][], string[], boolean]>([
  ['no taint', [], [], true],
  ['a taint', [], ['gpu:NoSchedule'], false],
  ['a taint that only advises', [], ['gpu:PreferNoSchedule'], true],
  [
    'a taint of every daemon',
    [],
    ['node.kubernetes.io/not-ready:NoExecute'],
    true,
  ],
  ['everything', [['', 'Exists', '', '']], ['gpu=a:NoSchedule'], true],
  ['the key', [['gpu', 'Exists', '', '']], ['gpu=a:NoSchedule'], true],
  ['the value', [['gpu', 'Equal', 'a', '']], ['gpu=a:NoSchedule'], true],
  ['another value', [['gpu', 'Equal', 'b', '']], ['gpu=a:NoSchedule'], false],
  [
    'another effect',
    [['gpu', 'Exists', '', 'NoExecute']],
    ['gpu=a:NoSchedule'],
    false,
  ],
])('R110: tolerations weigh %s', (_, tolerations, taints, expected) => {
  expect(toleratesAll(tolerations, taints)).toBe(expected);
});
