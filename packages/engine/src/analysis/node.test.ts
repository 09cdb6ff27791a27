import { CausalGraphBuilder, told } from './__testUtils__/causalGraphBuilder';

const TAINTED =
  "0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 2 node(s) didn't match pod anti-affinity rules. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
const ONLY_TAINTED =
  '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';

function lostNode(graph = CausalGraphBuilder.create()) {
  return graph.node('Node//n2', {
    level: 'down',
    reason: 'Unreachable',
    rule: 'H116',
    message: 'Kubelet stopped posting node status.',
    since: 1000,
    evidence: {
      'status.conditions[Ready]':
        'Unknown: NodeStatusUnknown: Kubelet stopped posting node status.',
    },
  });
}

describe('a node that is lost', () => {
  it('is its own root, with the words that stand on it', async () => {
    const explanation = await lostNode().explain('Node//n2');
    expect(told(explanation)).toEqual([
      'Node/n2 NodeUnreachable proven: Node/n2',
    ]);
    expect(explanation).toMatchObject({
      causes: [
        {
          since: 1000,
          summary:
            'Node n2 is unreachable: its kubelet no longer reports. The node says: "Kubelet stopped posting node status."',
          nextStep: expect.stringContaining('kubectl describe node n2'),
        },
      ],
    });
  });

  it.each([
    [
      'its pod is unknown',
      { level: 'unknown', reason: 'NodeLost', rule: 'H007' },
    ],
    [
      'its pod is tainted away',
      {
        level: 'terminating',
        reason: 'Disrupted',
        message: 'Taint manager: deleting due to NoExecute taint',
      },
    ],
    ['its pod cannot end', { level: 'degraded', reason: 'StuckTerminating' }],
  ] as const)('takes along what runs on it: %s', async (_, pod) => {
    const graph = lostNode()
      .node('Pod/shop/db-0', pod)
      .edge('Node//n2', 'node-pod', 'Pod/shop/db-0')
      .node('StatefulSet/shop/db', { level: 'down', reason: 'PodsNotReady' })
      .edge('StatefulSet/shop/db', 'statefulset-pod', 'Pod/shop/db-0');
    expect(told(await graph.explain('StatefulSet/shop/db'))).toEqual([
      'Node/n2 NodeUnreachable proven: Node/n2 > Pod/db-0 > StatefulSet/db',
    ]);
  });

  it('S110: was deleted, and its pods are still named', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Node//n2', { level: 'missing' })
      .node('Pod/shop/db-0', { level: 'unknown', reason: 'NodeLost' })
      .edge('Node//n2', 'node-pod', 'Pod/shop/db-0');
    expect(told(await graph.explain('Pod/shop/db-0'))).toEqual([
      'Node/n2 MissingNode proven: Node/n2 > Pod/db-0',
    ]);
  });

  it('is not blamed for a container that crashes by itself', async () => {
    const graph = lostNode()
      .node('Pod/shop/db-0', { level: 'down', reason: 'CrashLoopBackOff' })
      .edge('Node//n2', 'node-pod', 'Pod/shop/db-0');
    expect(told(await graph.explain('Pod/shop/db-0'))).toEqual([
      'Pod/db-0 ContainerCrashes likely: Pod/db-0',
    ]);
  });

  it('is not blamed once it is back: the old events prove nothing', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Node//n2')
      .node('Pod/shop/db-0', { level: 'unknown', reason: 'NodeLost' })
      .edge('Node//n2', 'node-pod', 'Pod/shop/db-0')
      .event('Pod/shop/db-0', 'NodeNotReady', 'Node is not ready');
    expect(await graph.explain('Pod/shop/db-0')).toMatchObject({
      answer: 'unexplained',
    });
  });
});

describe('a pod that cannot be placed while a node is lost', () => {
  const pending = (message: string) =>
    lostNode()
      .node('Pod/shop/api-2', {
        level: 'down',
        reason: 'Unschedulable',
        message,
      })
      .node('ReplicaSet/shop/api', { level: 'degraded' })
      .edge('ReplicaSet/shop/api', 'replicaset-pod', 'Pod/shop/api-2');

  it('has the node as root when a pod of the same template ran there', async () => {
    const graph = pending(TAINTED)
      .node('Pod/shop/api-1', { level: 'unknown', reason: 'NodeLost' })
      .edge('ReplicaSet/shop/api', 'replicaset-pod', 'Pod/shop/api-1')
      .edge('Node//n2', 'node-pod', 'Pod/shop/api-1');
    expect(told(await graph.explain('Pod/shop/api-2'))).toEqual([
      'Node/n2 NodeUnreachable proven: Node/n2 > Pod/api-2',
    ]);
  });

  it('has the node as root when nothing but its taint stands against the pod', async () => {
    expect(told(await pending(ONLY_TAINTED).explain('Pod/shop/api-2'))).toEqual(
      ['Node/n2 NodeUnreachable proven: Node/n2 > Pod/api-2'],
    );
  });

  it('is unexplained when the lost node might not take it either', async () => {
    expect(await pending(TAINTED).explain('Pod/shop/api-2')).toMatchObject({
      answer: 'unexplained',
      because: expect.stringContaining(TAINTED),
    });
  });
});
