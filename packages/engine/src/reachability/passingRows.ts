import { PeerIndex } from './compiledPolicy';
import { PortRows } from './portRows';
import { Protocol } from './portSet';
import { Reachability } from './reachability';

/** Rows of what passes on one port: 1 or 0 for each peer. */
export class PassingRows {
  readonly #rows: PortRows;
  readonly #known = new Map<string, Map<Uint32Array, Uint8Array>>();
  /** The last one asked for: one asks for all destinations of a source. */
  #last: { key: number; protocol: Protocol; port: number; row: Uint8Array };

  constructor(model: Reachability) {
    this.#rows = new PortRows(model);
    this.#last = { key: -1, protocol: 'TCP', port: 0, row: new Uint8Array() };
  }

  ingress(peer: PeerIndex, protocol: Protocol, port: number): Uint8Array {
    return this.#onPort(this.#rows.ingress(peer), protocol, port);
  }

  egress(peer: PeerIndex, protocol: Protocol, port: number): Uint8Array {
    const last = this.#last;
    if (last.key !== peer || last.port !== port || last.protocol !== protocol) {
      const row = this.#onPort(this.#rows.egress(peer), protocol, port);
      this.#last = { key: peer, protocol, port, row };
    }
    return this.#last.row;
  }

  #onPort(row: Uint32Array, protocol: Protocol, port: number): Uint8Array {
    const key = `${port}/${protocol}`;
    let known = this.#known.get(key);
    if (!known) {
      known = new Map();
      this.#known.set(key, known);
    }
    let passing = known.get(row);
    if (!passing) {
      passing = Uint8Array.from(row, id =>
        this.#rows.ports.contains(id, protocol, port) ? 1 : 0,
      );
      known.set(row, passing);
    }
    return passing;
  }
}
