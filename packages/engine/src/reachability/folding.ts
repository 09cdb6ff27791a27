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

/** Of several pairs: what one of them lets through, and what each does. */
interface Extent {
  some: number;
  every: number;
}

/** Folds the pairs of two workloads' classes into one connection. */
export class Folding {
  readonly #rows: PortRows;
  readonly #ranges: PortRange[][] = [];
  readonly #distinct = {
    ingress: new Map<WorkloadEnd, readonly Uint32Array[]>(),
    egress: new Map<WorkloadEnd, readonly Uint32Array[]>(),
  };
  readonly #extents = new Map<Uint32Array, Map<WorkloadEnd, Extent>>();

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
  ids(source: WorkloadEnd, destination: WorkloadEnd): Extent {
    const { ports } = this.#rows;
    let some: number = PortTable.none;
    let every: number = PortTable.all;
    // Most workloads have one row: their pods are under the same policies.
    for (const egress of this.#rowsOf('egress', source)) {
      for (const ingress of this.#rowsOf('ingress', destination)) {
        // What is let out to any, and let in from any, is let through from any to any: rows do not depend on both.
        const out = this.#over(egress, destination);
        const into = this.#over(ingress, source);
        some = ports.union(some, ports.intersection(out.some, into.some));
        every = ports.intersection(
          every,
          ports.intersection(out.every, into.every),
        );
      }
    }
    return shareNode(source, destination)
      ? { some: PortTable.all, every }
      : { some, every };
  }

  #rowsOf(
    direction: 'ingress' | 'egress',
    end: WorkloadEnd,
  ): readonly Uint32Array[] {
    const known = this.#distinct[direction];
    let rows = known.get(end);
    if (!rows) {
      rows = [...new Set(end.peers.map(peer => this.#rows[direction](peer)))];
      known.set(end, rows);
    }
    return rows;
  }

  #over(row: Uint32Array, end: WorkloadEnd): Extent {
    let extents = this.#extents.get(row);
    if (!extents) {
      extents = new Map();
      this.#extents.set(row, extents);
    }
    let extent = extents.get(end);
    if (!extent) {
      const { ports } = this.#rows;
      extent = { some: PortTable.none, every: PortTable.all };
      for (const peer of end.peers) {
        extent.some = ports.union(extent.some, row[peer]);
        extent.every = ports.intersection(extent.every, row[peer]);
      }
      extents.set(end, extent);
    }
    return extent;
  }

  get ports(): PortTable {
    return this.#rows.ports;
  }

  #rangesOf(id: number): PortRange[] {
    return (this.#ranges[id] ??= this.#rows.ports.setOf(id).ranges());
  }
}
