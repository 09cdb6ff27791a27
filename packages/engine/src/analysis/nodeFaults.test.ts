import { CausalGraphBuilder, told } from './__testUtils__/causalGraphBuilder';

const NO_CNI =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
const HOUR = 3_600_000;

const withoutNetwork = (graph: CausalGraphBuilder, name: string) =>
  graph.node(`Node//${name}`, {
    level: 'down',
    reason: 'NotReady',
    rule: 'H115',
    message: NO_CNI,
  });
const lost = (
  graph: CausalGraphBuilder,
  name: string,
  zone: string,
  since = HOUR,
) =>
  graph.node(`Node//${name}`, {
    level: 'down',
    reason: 'Unreachable',
    rule: 'H116',
    since,
    properties: { Zone: zone },
  });

describe('nodes without a network', () => {
  it('are one fault of a cluster that has no network plugin at all', async () => {
    const graph = CausalGraphBuilder.create().node('Cluster//lab');
    withoutNetwork(graph, 'n1');
    withoutNetwork(graph, 'n2');
    for (const name of ['n1', 'n2']) {
      expect(told(await graph.explain(`Node//${name}`))).toEqual([
        `Cluster/lab NetworkPluginMissing likely: Cluster/lab > Node/${name}`,
      ]);
    }
  });

  it('are their own fault where a plugin runs elsewhere', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Cluster//lab')
      .node('Node//n1')
      .node('DaemonSet/kube-system/cilium');
    withoutNetwork(graph, 'n2');
    withoutNetwork(graph, 'n3');
    expect(told(await graph.explain('Node//n2'))).toEqual([
      'Node/n2 NetworkPluginMissing proven: Node/n2',
    ]);
  });

  it('suffer from what crashes there', async () => {
    const graph = withoutNetwork(CausalGraphBuilder.create(), 'n2')
      .node('Pod/kube-system/cilium-x2x4z', {
        level: 'down',
        reason: 'OOMKilled',
        evidence: { 'lastState.terminated': 'OOMKilled: exit code 137' },
        properties: { Node: 'n2' },
      })
      .node('Pod/kube-system/cilium-b5b7d', { properties: { Node: 'n1' } });
    expect(told(await graph.explain('Node//n2'))).toEqual([
      expect.stringMatching(
        /^Pod\/cilium-x2x4z OutOfMemory likely: .*> Node\/n2$/,
      ),
    ]);
  });
});

describe('nodes of one zone', () => {
  const zones = (...nodes: [name: string, zone: string, since: number][]) =>
    nodes.reduce(
      (graph, [name, zone, since]) =>
        since > 0
          ? lost(graph, name, zone, since)
          : graph.node(`Node//${name}`, { properties: { Zone: zone } }),
      CausalGraphBuilder.create(),
    );

  it.each<[string, [string, string, number][], string]>([
    [
      'all lost within minutes, while others are well',
      [
        ['a1', 'a', 0],
        ['b1', 'b', HOUR],
        ['b2', 'b', HOUR + 20_000],
      ],
      'Zone/b ZoneOutage likely: Zone/b > Node/b1',
    ],
    [
      'one of which is well',
      [
        ['a1', 'a', 0],
        ['b1', 'b', HOUR],
        ['b2', 'b', 0],
      ],
      'Node/b1 NodeUnreachable proven: Node/b1',
    ],
    [
      'lost an hour apart',
      [
        ['a1', 'a', 0],
        ['b1', 'b', HOUR],
        ['b2', 'b', 2 * HOUR],
      ],
      'Node/b1 NodeUnreachable proven: Node/b1',
    ],
    [
      'the only one of it',
      [
        ['a1', 'a', 0],
        ['b1', 'b', HOUR],
      ],
      'Node/b1 NodeUnreachable proven: Node/b1',
    ],
    [
      'and of all others: that is no zone',
      [
        ['a1', 'a', HOUR],
        ['b1', 'b', HOUR],
        ['b2', 'b', HOUR],
      ],
      'Node/b1 NodeUnreachable proven: Node/b1',
    ],
    [
      'in a cluster of one zone',
      [
        ['b1', 'b', HOUR],
        ['b2', 'b', HOUR],
      ],
      'Node/b1 NodeUnreachable proven: Node/b1',
    ],
  ])('%s', async (_, nodes, expected) => {
    expect(told(await zones(...nodes).explain('Node//b1'))).toEqual([expected]);
  });
});

describe('who exhausts a node', () => {
  const WORDS = (usage: string, request: string) =>
    `The node was low on resource: memory. Threshold quantity: 100Mi, available: 51Mi. Container app was using ${usage}, request is ${request}, has larger consumption of memory. `;
  const put = (
    graph: CausalGraphBuilder,
    name: string,
    message: string,
    since = HOUR,
  ) =>
    graph
      .node(`Pod/shop/${name}`, {
        level: 'down',
        reason: 'Evicted',
        message,
        since,
        properties: { Node: 'n1', Status: 'Evicted' },
      })
      .edge('Node//n1', 'node-pod', `Pod/shop/${name}`);
  const pressed = () =>
    CausalGraphBuilder.create().node('Node//n1', {
      level: 'degraded',
      reason: 'MemoryPressure',
      since: HOUR,
    });

  it.each<[string, [string, string, number?][], string]>([
    [
      'the container that exceeds its request most',
      [
        ['small', WORDS('200Mi', '64Mi')],
        ['big', WORDS('3Gi', '1Gi')],
      ],
      'Pod/big ExhaustsNode likely: Pod/big > Node/n1',
    ],
    [
      'in the words of older kubelets',
      [
        [
          'old',
          'The node was low on resource: memory. Container app was using 2Gi, which exceeds its request of 1Gi. ',
        ],
      ],
      'Pod/old ExhaustsNode likely: Pod/old > Node/n1',
    ],
    [
      'nobody, when all keep within their requests',
      [['fair', WORDS('64Mi', '64Mi')]],
      'Node/n1 MemoryPressure proven: Node/n1',
    ],
    [
      'nobody who was put out a day before',
      [['long-ago', WORDS('3Gi', '64Mi'), HOUR - 24 * HOUR]],
      'Node/n1 MemoryPressure proven: Node/n1',
    ],
  ])('is %s', async (_, pods, expected) => {
    const graph = pods.reduce(
      (before, [name, words, since]) => put(before, name, words, since),
      pressed(),
    );
    expect(told(await graph.explain('Node//n1'))).toEqual([expected]);
  });

  it('is told of a pod that went with it, too', async () => {
    const graph = put(pressed(), 'big', WORDS('3Gi', '1Gi'));
    put(graph, 'small', WORDS('200Mi', '64Mi'));
    expect(told(await graph.explain('Pod/shop/small'))).toEqual([
      'Pod/big ExhaustsNode likely: Pod/big > Node/n1 > Pod/small',
    ]);
    expect(told(await graph.explain('Pod/shop/big'))).toEqual([
      'Pod/big ExhaustsNode likely: Pod/big',
    ]);
  });
});
