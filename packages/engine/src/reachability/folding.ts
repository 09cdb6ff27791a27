import { PortRows } from './portRows';
import { PortRange } from './portSet';
import { PortTable } from './portTable';
import { Reachability } from './reachability';
import { shareNode, WorkloadEnd } from './workloads';

/** What policies let one workload, or addresses, send to another. */
export interface WorkloadConnection {
  /** `shop/web[Deployment]`, or `0.0.0.0-255.255.255.255`. */
  source: string;
  destination: string;
  /** All that some pod of the source may send to some pod of the destination. */
  ports: PortRange[];
  /** Not all of their pods are alike: these are the ports from each to each. */
  always?: PortRange[];
}

/** Folds the pairs of two workloads' classes into one connection. */
export class Folding {
  readonly #rows: PortRows;
  readonly #ranges: PortRange[][] = [];

  constructor(model: Reachability) {
    this.#rows = new PortRows(model);
  }

  /** `undefined`: nothing passes. */
  between(
    source: WorkloadEnd,
    destination: WorkloadEnd,
  ): WorkloadConnection | undefined {
    const { some, every } = this.ids(source, destination);
    return some === PortTable.none
      ? undefined
      : {
          source: source.text,
          destination: destination.text,
          ports: this.#rangesOf(some),
          ...(every !== some && { always: this.#rangesOf(every) }),
        };
  }

  /** Numbers of the sets of ports that some pair, and that every pair lets through. */
  ids(
    source: WorkloadEnd,
    destination: WorkloadEnd,
  ): { some: number; every: number } {
    const { ports } = this.#rows;
    let some: number = PortTable.none;
    let every: number = PortTable.all;
    for (const from of source.peers) {
      const egress = this.#rows.egress(from);
      for (const to of destination.peers) {
        const id = ports.intersection(egress[to], this.#rows.ingress(to)[from]);
        some = ports.union(some, id);
        every = ports.intersection(every, id);
      }
    }
    return shareNode(source, destination)
      ? { some: PortTable.all, every }
      : { some, every };
  }

  get ports(): PortTable {
    return this.#rows.ports;
  }

  #rangesOf(id: number): PortRange[] {
    return (this.#ranges[id] ??= this.#rows.ports.setOf(id).ranges());
  }
}
