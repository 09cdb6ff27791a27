import {
  NOW,
  SECONDS,
  ago,
  condition,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { observeCluster } from './cluster';
import { judgeByEvents } from './eventRules';
import { namespaceKind } from './namespace';
import { nodeKind } from './node';

const READY = condition('Ready', 'True', 'KubeletReady');

function node(conditions: unknown[], spec = {}, secondsOld = 7200) {
  return object({
    metadata: {
      name: 'node-1',
      namespace: undefined,
      creationTimestamp: ago(secondsOld),
    },
    spec,
    status: { conditions },
  });
}

const taint = (key: string) => ({
  taints: [{ key, effect: 'NoSchedule', timeAdded: ago(60) }],
});

describe('the verdict on a node that', () => {
  it.each([
    ['is ready', node([READY]), 'ok Ready'],
    [
      'says NotReady',
      node([condition('Ready', 'False', 'KubeletNotReady')]),
      'down NotReady H115',
    ],
    [
      'is silent',
      node([condition('Ready', 'Unknown', 'NodeStatusUnknown')]),
      'down Unreachable H116',
    ],
    [
      'is joining (C16)',
      node([condition('Ready', 'False', 'KubeletNotReady', 20)], {}, 20),
      'progressing Joining H117 > 40: down NotReady H115',
    ],
    [
      'has never been heard of',
      node(
        [condition('Ready', 'Unknown', 'NodeStatusNeverUpdated', 60)],
        {},
        60,
      ),
      'progressing Joining H117 > 240: down Unreachable H116',
    ],
    [
      'is short of memory',
      node([READY, condition('MemoryPressure', 'True')]),
      'degraded MemoryPressure H118',
    ],
    [
      'has no network',
      node([READY, condition('NetworkUnavailable', 'True')]),
      'down NetworkUnavailable H119',
    ],
    [
      'has a deadlock in its kernel',
      node([READY, condition('KernelDeadlock', 'True')]),
      'degraded KernelDeadlock H120',
    ],
    [
      'has a condition that nobody knows',
      node([READY, condition('EtcdIsVoter', 'True')]),
      'ok Ready',
    ],
    [
      'is cordoned (C08)',
      node([READY], { unschedulable: true }),
      'maintenance Cordoned H121',
    ],
    [
      'is cordoned and off',
      node([condition('Ready', 'Unknown', 'NodeStatusUnknown')], {
        unschedulable: true,
      }),
      'maintenance Cordoned H121',
    ],
    [
      'goes at the next scale-down',
      node([READY], taint('ToBeDeletedByClusterAutoscaler')),
      'maintenance ScalingDown H122',
    ],
    [
      'was declared out of service',
      node([READY], taint('node.kubernetes.io/out-of-service')),
      'down OutOfService H124',
    ],
  ])('%s', (_, item, expected) => {
    expect(verdictText(observe(nodeKind, item).verdict)).toBe(expected);
  });
});

it('does not take a node heartbeat for a change', () => {
  const heard = (secondsAgo: number) =>
    observe(nodeKind, node([{ ...READY, lastHeartbeatTime: ago(secondsAgo) }]));
  expect(heard(1)).toEqual(heard(50));
});

it.each([
  [
    'NotReady since a moment',
    'False',
    30,
    'degraded Rebooted H115 > 90: down NotReady H115',
  ],
  ['NotReady still', 'False', 130, 'down NotReady H115'],
  ['back', 'True', 30, 'ok Ready'],
])('a node that was rebooted and is %s', (_, status, secondsAgo, expected) => {
  const own = observe(
    nodeKind,
    node([condition('Ready', status, 'R')]),
  ).verdict;
  const at = NOW - secondsAgo * SECONDS;
  const said = {
    reason: 'Rebooted',
    message: 'Node node-1 has been rebooted',
    count: 1,
    firstAt: at,
    lastAt: at,
  };
  expect(
    verdictText(judgeByEvents(nodeKind.eventRules!, own, [said], NOW)),
  ).toBe(expected);
});

it('shows the last heartbeat of a node only when there are no more', () => {
  const said = (status: string) =>
    observe(
      nodeKind,
      node([
        { ...condition('Ready', status, 'R'), lastHeartbeatTime: ago(70) },
      ]),
    ).verdict.evidence.map(({ field }) => field);
  expect(said('True')).toEqual(['status.conditions[Ready]']);
  expect(said('False')).toEqual(['status.conditions[Ready]']);
  expect(said('Unknown')).toEqual([
    'status.conditions[Ready]',
    'status.conditions[Ready].lastHeartbeatTime',
  ]);
});

it('says where a node is, and what made it (R128, R130)', () => {
  const item = node([READY], { providerID: 'aws:///eu-1a/i-1' });
  Object.assign(item.metadata, {
    labels: {
      'topology.kubernetes.io/zone': 'eu-1a',
      'topology.kubernetes.io/region': 'eu-1',
      'node.kubernetes.io/instance-type': 'm6i.large',
      'node-role.kubernetes.io/worker': '',
      'karpenter.sh/nodepool': 'general',
    },
    annotations: {
      'cluster.x-k8s.io/machine': 'm-1',
      'cluster.x-k8s.io/cluster-namespace': 'fleet',
    },
  });
  const { properties, references } = observe(nodeKind, item);
  expect(properties).toMatchObject({
    Zone: 'eu-1a',
    Region: 'eu-1',
    InstanceType: 'm6i.large',
    Roles: ['worker'],
    NodePool: 'general',
    ProviderID: 'aws:///eu-1a/i-1',
  });
  expect(
    references.map(({ relation, other, required }) => [
      relation,
      `${other.kind.kind}.${other.kind.group} ${other.namespace}/${other.name}`,
      required,
    ]),
  ).toEqual([
    ['node-nodepool', 'NodePool.karpenter.sh /general', false],
    ['node-machine', 'Machine.cluster.x-k8s.io fleet/m-1', false],
    ['cluster-node', 'Cluster. /c', true],
  ]);
});

it('shows the fields of Skydive', () => {
  const item = node([READY]);
  item.status.addresses = [
    { type: 'InternalIP', address: '10.0.0.1' },
    { type: 'InternalIP', address: '10.0.0.2' },
    { type: 'Hostname', address: 'node-1' },
  ];
  item.status.nodeInfo = {
    architecture: 'arm64',
    kernelVersion: '6.1',
    operatingSystem: 'linux',
  };
  expect(observe(nodeKind, item).properties).toMatchObject({
    Hostname: 'node-1',
    InternalIP: '10.0.0.2',
    Arch: 'arm64',
    Kernel: '6.1',
    OS: 'linux',
  });
});

describe('the verdict on a namespace that', () => {
  const namespace = (
    phase: string,
    deletedAgo?: number,
    conditions: unknown[] = [],
  ) =>
    object({
      metadata: {
        name: 'shop',
        namespace: undefined,
        deletionTimestamp:
          deletedAgo === undefined ? undefined : ago(deletedAgo),
      },
      status: { phase, conditions },
    });
  const held = condition(
    'NamespaceFinalizersRemaining',
    'True',
    'SomeFinalizersRemain',
    60,
    'x/y in 1 resource instances',
  );
  it.each([
    ['is active', namespace('Active'), 'ok Active'],
    [
      'goes since 20 s (C20)',
      namespace('Terminating', 20),
      'terminating Terminating H130',
    ],
    [
      'is held since a minute',
      namespace('Terminating', 60, [held]),
      'terminating Terminating H130 > 60: degraded StuckTerminating H130',
    ],
    [
      'is stuck',
      namespace('Terminating', 600, [held]),
      'degraded StuckTerminating H130',
    ],
  ])('%s', (_, item, expected) => {
    expect(verdictText(observe(namespaceKind, item).verdict)).toBe(expected);
  });
});

it('makes a node of the cluster itself', () => {
  expect(observeCluster('demo')).toMatchObject({
    key: 'demo/Cluster//demo',
    name: 'demo',
    namespace: '',
    verdict: { level: 'ok' },
  });
});
