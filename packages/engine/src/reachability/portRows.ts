import { BitSet } from './bitSet';
import { mayBeUnseen, namedPortsOf } from './decision';
import { Direction, PolicyPort } from './networkPolicy';
import { PortSet } from './portSet';
import { PortTable } from './portTable';
import { CompiledRule, PeerIndex } from './compiledPolicy';
import { Reachability } from './reachability';

/**
 * Which ports the policies of one side let through, for all peers of the other at once: a row of the numbers that sets of
 * ports have in the table. Peers whom the same policies isolate share a row. Only what is sure passes.
 */
export class PortRows {
  readonly ports = new PortTable();
  readonly #model: Reachability;
  readonly #rows = {
    ingress: new Map<string, Uint32Array>(),
    egress: new Map<string, Uint32Array>(),
  };
  /** Of each peer, once it was asked for. */
  readonly #rowOf = {
    ingress: [] as Uint32Array[],
    egress: [] as Uint32Array[],
  };
  readonly #isolating = { ingress: [] as number[][], egress: [] as number[][] };
  readonly #free: Uint32Array;
  /** Of a pod that policies may isolate which are not seen: nothing is sure. */
  readonly #unsure: Uint32Array;

  constructor(model: Reachability) {
    this.#model = model;
    this.#free = new Uint32Array(model.peers).fill(PortTable.all);
    this.#unsure = new Uint32Array(model.peers);
    for (const direction of ['ingress', 'egress'] as const) {
      const isolating: number[][] = model.classes.map(() => []);
      model.policies.forEach((policy, index) => {
        if (policy[direction]) {
          policy.selects.forEach(peer => isolating[peer].push(index));
        }
      });
      this.#isolating[direction] = isolating;
    }
  }

  /** Of the ports of each destination, those that the source may send to as far as its own policies go. */
  egress(source: PeerIndex): Uint32Array {
    return (this.#rowOf.egress[source] ??= this.#row('egress', source));
  }

  /** Of the destination's ports, those that each source may send to as far as the destination's policies go. */
  ingress(destination: PeerIndex): Uint32Array {
    return (this.#rowOf.ingress[destination] ??= this.#row(
      'ingress',
      destination,
    ));
  }

  #row(direction: Direction, subject: PeerIndex): Uint32Array {
    const isolating = this.#isolating[direction][subject] ?? [];
    if (isolating.length === 0) {
      return mayBeUnseen(this.#model, subject) ? this.#unsure : this.#free;
    }
    const destination = direction === 'ingress' ? subject : undefined;
    const named =
      destination === undefined ? [] : namedPortsOf(this.#model, destination);
    const key = `${isolating.join(',')} ${JSON.stringify(named)}`;
    let row = this.#rows[direction].get(key);
    if (!row) {
      row = this.#newRow(isolating, direction, destination);
      this.#rows[direction].set(key, row);
    }
    return row;
  }

  #newRow(
    policies: readonly number[],
    direction: Direction,
    destination: PeerIndex | undefined,
  ): Uint32Array {
    const row = new Uint32Array(this.#model.peers);
    const add = (peers: BitSet, idOf: (peer: PeerIndex) => number) =>
      peers.forEach(peer => {
        row[peer] = this.ports.union(row[peer], idOf(peer));
      });
    for (const { peers, rules } of this.#grouped(policies, direction)) {
      const [{ ports }] = rules;
      const isNamed = ports?.some(entry => 'name' in entry) === true;
      if (isNamed && destination === undefined) {
        // Each destination of an egress rule has its own ports of that name.
        add(peers, peer => this.#idOf(ports, peer));
      } else {
        const id = this.#idOf(ports, destination);
        add(peers, () => id);
      }
    }
    return row;
  }

  /** Rules with the same ports together: a row is then written once for each of these. */
  #grouped(
    policies: readonly number[],
    direction: Direction,
  ): { peers: BitSet; rules: CompiledRule[] }[] {
    const groups = new Map<string, { peers: BitSet; rules: CompiledRule[] }>();
    for (const index of policies) {
      for (const rule of this.#model.policies[index][direction] ?? []) {
        const key = rule.ports ? JSON.stringify(rule.ports) : '';
        const group = groups.get(key);
        if (group) {
          group.peers.or(rule.anyPeer);
          group.rules.push(rule);
        } else {
          groups.set(key, { peers: rule.anyPeer.copy(), rules: [rule] });
        }
      }
    }
    return [...groups.values()];
  }

  #idOf(
    ports: readonly PolicyPort[] | undefined,
    destination: PeerIndex | undefined,
  ): number {
    if (!ports) {
      return PortTable.all;
    }
    const named =
      destination === undefined ? [] : namedPortsOf(this.#model, destination);
    return this.ports.idOf(
      PortSet.of(
        ports.flatMap(entry =>
          'name' in entry
            ? named
                .filter(
                  ({ name, protocol }) =>
                    name === entry.name && protocol === entry.protocol,
                )
                .map(({ protocol, port }) => ({
                  protocol,
                  from: port,
                  to: port,
                }))
            : [entry],
        ),
      ),
    );
  }
}
