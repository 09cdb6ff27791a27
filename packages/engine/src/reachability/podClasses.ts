import { LabelSelector } from '../kinds/labelSelector';
import { AddressCells, blockIncludes } from './addressCells';
import { IpBlock, NetworkPolicy, PolicyRule } from './networkPolicy';
import { NamedPort, ReachablePod } from './reachabilityInput';

/** Pods that no policy tells apart. */
export interface PodClass {
  namespace: string;
  /** Of those labels that some policy asks for. */
  labels: Readonly<Record<string, string>>;
  hostNetwork: boolean;
  /** Of those names that some policy asks for. */
  namedPorts: readonly NamedPort[];
  /** Indexes of the policies' blocks that have one of its addresses. */
  blocks: readonly number[];
  /** Indexes of its pods. */
  pods: readonly number[];
}

/** Which labels, ports and blocks policies speak of: all else cannot matter. */
export interface PolicyTerms {
  labels: ReadonlySet<string>;
  portNames: ReadonlySet<string>;
  blocks: readonly IpBlock[];
}

export function policyTerms(policies: readonly NetworkPolicy[]): PolicyTerms {
  const labels = new Set<string>();
  const portNames = new Set<string>();
  const blocks = new Map<string, IpBlock>();
  const addSelector = (selector: LabelSelector) =>
    selector.forEach(({ key }) => labels.add(key));
  const addRule = ({ peers = [], ports = [] }: PolicyRule) => {
    for (const peer of peers) {
      if (peer.type === 'addresses') {
        blocks.set(peer.block.text, peer.block);
      } else {
        addSelector(peer.pods);
      }
    }
    for (const port of ports) {
      if ('name' in port) {
        portNames.add(port.name);
      }
    }
  };
  for (const { podSelector, ingress = [], egress = [] } of policies) {
    addSelector(podSelector);
    [...ingress, ...egress].forEach(addRule);
  }
  return { labels, portNames, blocks: [...blocks.values()] };
}

/** The pods in classes, and which class each is in. */
export function podClasses(
  pods: readonly ReachablePod[],
  { labels, portNames, blocks }: PolicyTerms,
  cells: AddressCells,
): { classes: PodClass[]; classOf: Uint32Array } {
  const blocksOfCell = new Map<number, readonly number[]>();
  const blocksOf = (address: string): readonly number[] => {
    const cell = cells.cellOf(address);
    if (cell === undefined) {
      return [];
    }
    let found = blocksOfCell.get(cell);
    if (!found) {
      found = blocks.flatMap((block, index) =>
        blockIncludes(block, cells.cells[cell]) ? [index] : [],
      );
      blocksOfCell.set(cell, found);
    }
    return found;
  };
  const byKey = new Map<string, PodClass & { pods: number[]; at: number }>();
  const classOf = new Uint32Array(pods.length);
  pods.forEach((pod, index) => {
    const kept = Object.entries(pod.labels)
      .filter(([key]) => labels.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const namedPorts = pod.namedPorts.filter(({ name }) => portNames.has(name));
    const within = [...new Set(pod.addresses.flatMap(blocksOf))].sort(
      (a, b) => a - b,
    );
    const key = JSON.stringify([
      pod.namespace,
      kept,
      pod.hostNetwork,
      namedPorts.map(({ name, protocol, port }) => [name, protocol, port]),
      within,
    ]);
    let found = byKey.get(key);
    if (!found) {
      found = {
        namespace: pod.namespace,
        labels: Object.fromEntries(kept),
        hostNetwork: pod.hostNetwork,
        namedPorts,
        blocks: within,
        pods: [],
        at: byKey.size,
      };
      byKey.set(key, found);
    }
    found.pods.push(index);
    classOf[index] = found.at;
  });
  return { classes: [...byKey.values()], classOf };
}
