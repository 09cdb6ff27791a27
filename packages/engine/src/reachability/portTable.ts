import { PortSet, Protocol } from './portSet';

/** A number for each set of ports that occurs: tables of pairs hold numbers, and each operation is done once. */
export class PortTable {
  static readonly none = 0;
  static readonly all = 1;

  readonly #sets: PortSet[] = [PortSet.none, PortSet.all];
  readonly #ids = new Map<string, number>([
    [PortSet.none.key, PortTable.none],
    [PortSet.all.key, PortTable.all],
  ]);
  readonly #unions = new Map<number, number>();
  readonly #intersections = new Map<number, number>();

  idOf(set: PortSet): number {
    let id = this.#ids.get(set.key);
    if (id === undefined) {
      id = this.#sets.length;
      this.#sets.push(set);
      this.#ids.set(set.key, id);
    }
    return id;
  }

  setOf(id: number): PortSet {
    return this.#sets[id];
  }

  union(a: number, b: number): number {
    if (a === b || b === PortTable.none || a === PortTable.all) {
      return a;
    }
    if (a === PortTable.none || b === PortTable.all) {
      return b;
    }
    return this.#once(this.#unions, a, b, (left, right) => left.union(right));
  }

  intersection(a: number, b: number): number {
    if (a === b || b === PortTable.all || a === PortTable.none) {
      return a;
    }
    if (a === PortTable.all || b === PortTable.none) {
      return b;
    }
    return this.#once(this.#intersections, a, b, (left, right) =>
      left.intersection(right),
    );
  }

  contains(id: number, protocol: Protocol, port: number): boolean {
    return this.#sets[id].contains(protocol, port);
  }

  #once(
    results: Map<number, number>,
    a: number,
    b: number,
    operation: (a: PortSet, b: PortSet) => PortSet,
  ): number {
    // Both commute. There are far fewer than 2^26 sets.
    const key = Math.min(a, b) * 0x4000000 + Math.max(a, b);
    let id = results.get(key);
    if (id === undefined) {
      id = this.idOf(operation(this.#sets[a], this.#sets[b]));
      results.set(key, id);
    }
    return id;
  }
}
