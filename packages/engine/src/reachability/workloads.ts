import { AddressCells } from './addressCells';
import { rangeText } from './ipRange';
import { Direction } from './networkPolicy';
import { PeerIndex } from './compiledPolicy';
import { Reachability } from './reachability';
import { workloadText } from './reachabilityInput';

/** One side of a folded connection: the pods of a workload, or addresses that policies treat alike. */
export interface WorkloadEnd {
  /** `shop/web[Deployment]`, or `0.0.0.0-9.255.255.255`. */
  text: string;
  /** Of addresses: none. */
  namespace?: string;
  /** The classes of its pods, or one cell. */
  peers: readonly PeerIndex[];
  /** Where its pods are, and where those in their host's network are: these are their node to all pods there. */
  nodes: ReadonlySet<string>;
  hostNodes: ReadonlySet<string>;
}

/** All workloads, in order of their names. */
export function workloadEnds(model: Reachability): WorkloadEnd[] {
  const byText = new Map<
    string,
    {
      namespace: string;
      peers: Set<PeerIndex>;
      nodes: Set<string>;
      hostNodes: Set<string>;
    }
  >();
  model.pods.forEach((pod, index) => {
    const text = workloadText(pod);
    let found = byText.get(text);
    if (!found) {
      found = {
        namespace: pod.namespace,
        peers: new Set(),
        nodes: new Set(),
        hostNodes: new Set(),
      };
      byText.set(text, found);
    }
    found.peers.add(model.classOf[index]);
    if (pod.node !== '') {
      found.nodes.add(pod.node);
      if (pod.hostNetwork) {
        found.hostNodes.add(pod.node);
      }
    }
  });
  return [...byText.entries()].map(([text, { peers, ...rest }]) => ({
    text,
    ...rest,
    peers: [...peers],
  }));
}

/** All addresses, cut where a rule of that direction speaks of a block, in the model or in another of the same pods. */
export function outsideEnds(
  model: Reachability,
  direction: Direction,
  other?: Reachability,
): WorkloadEnd[] {
  const policies = [...model.policies, ...(other?.policies ?? [])];
  const blocks = policies.flatMap(({ source }) =>
    (source[direction] ?? []).flatMap(({ peers = [] }) =>
      peers.flatMap(peer => (peer.type === 'addresses' ? peer.block : [])),
    ),
  );
  const families = [...new Set(model.cells.cells.map(({ family }) => family))];
  return AddressCells.create(blocks, families).cells.map(range => ({
    text: rangeText(range),
    // The model cuts finer, but none of these rules tells the pieces apart.
    peers: [model.classes.length + model.cells.cellsOf(range)[0]],
    nodes: new Set<string>(),
    hostNodes: new Set<string>(),
  }));
}

/** Whether pods of both are on one node, and one of them is that node to the other: that always passes. */
export function shareNode(a: WorkloadEnd, b: WorkloadEnd): boolean {
  return overlap(a.hostNodes, b.nodes) || overlap(b.hostNodes, a.nodes);
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const one of a) {
    if (b.has(one)) {
      return true;
    }
  }
  return false;
}
