import { EdgeRow, GraphDelta, NodeId, NodeRow } from '../../graph/delta';
import { POD, SECRET, SERVICE } from '../../kinds';
import { nodeKey } from '../../kinds/identity';
import { StatusLevel } from '../../kinds/status';

const KINDS = { pod: POD, secret: SECRET, service: SERVICE };
type Kind = keyof typeof KINDS;
const LEVELS: readonly StatusLevel[] = ['ok', 'down', 'progressing'];
const NAMES = ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7'];
const RELATIONS: readonly [Kind, string, Kind][] = [
  ['pod', 'pod-secret', 'secret'],
  ['service', 'service-pod', 'pod'],
];

/** A small world that changes at random, or as a test says, and the rows of each change. */
export class Landscape {
  /** Milliseconds since the epoch. */
  at = Date.now();
  readonly #nodes = new Map<string, NodeRow>();
  readonly #edges = new Map<string, EdgeRow>();
  readonly #touched = new Map<string, NodeRow>();
  readonly #removedNodes: NodeId[] = [];
  readonly #newEdges: EdgeRow[] = [];
  readonly #removedEdges: EdgeRow[] = [];
  readonly #isByHand = { once: false };
  #nextId = 1;
  #seed = 7;

  put(
    kind: Kind,
    name: string,
    options: { level?: StatusLevel; labels?: Record<string, string> } = {},
  ): void {
    this.#isByHand.once = true;
    const { level = 'ok', labels = {} } = options;
    const key = this.#key(kind, name);
    const known = this.#nodes.get(key);
    const row: NodeRow = {
      id: known?.id ?? (this.#nextId++ as NodeId),
      key,
      kind: KINDS[kind],
      namespace: 'shop',
      name,
      uid: `uid-${name}`,
      labels,
      properties: {},
      verdict: { level, reason: 'Made', evidence: [] },
      createdAt: 1_700_000_000_000,
      hash: JSON.stringify([level, labels]),
      ...(!known && { isNew: true }),
    };
    this.#nodes.set(key, { ...row, isNew: undefined });
    this.#touched.set(key, row);
  }

  remove(kind: Kind, name: string): void {
    this.#isByHand.once = true;
    const key = this.#key(kind, name);
    const node = this.#nodes.get(key);
    if (node && !this.#touched.get(key)?.isNew) {
      this.#nodes.delete(key);
      this.#touched.delete(key);
      this.#removedNodes.push(node.id);
      for (const [id, edge] of this.#edges) {
        if (edge.source === node.id || edge.target === node.id) {
          this.#edges.delete(id);
        }
      }
    }
  }

  join(kind: Kind, name: string, otherKind: Kind, other: string): void {
    const relation = RELATIONS.find(
      ([from, , to]) => from === kind && to === otherKind,
    )![1];
    const source = this.#nodes.get(this.#key(kind, name))?.id;
    const target = this.#nodes.get(this.#key(otherKind, other))?.id;
    if (source === undefined || target === undefined) {
      return;
    }
    const id = `${source} ${relation} ${target}`;
    const edge = { source, relation, target, required: true };
    if (!this.#edges.has(id)) {
      this.#edges.set(id, edge);
      this.#newEdges.push({ ...edge, isNew: true });
    }
  }

  /** What was changed by hand since the last time; without, a few random changes. */
  change(): GraphDelta {
    if (!this.#isByHand.once) {
      this.#changeAtRandom();
    }
    this.#isByHand.once = false;
    this.at += 1;
    const live = new Set([...this.#nodes.values()].map(({ id }) => id));
    const delta: GraphDelta = {
      cluster: 'demo',
      at: this.at,
      nodes: [...this.#touched.values()],
      removedNodes: this.#removedNodes.splice(0),
      edges: this.#newEdges
        .splice(0)
        .filter(({ source, target }) => live.has(source) && live.has(target)),
      removedEdges: this.#removedEdges.splice(0),
      events: [],
      removedEvents: [],
      kindStates: [],
    };
    this.#touched.clear();
    return delta;
  }

  #changeAtRandom(): void {
    for (let i = 0; i < 3; i++) {
      const kind = this.#one(['pod', 'pod', 'secret', 'service'] as const);
      const name = this.#one(NAMES);
      const choice = this.#random();
      if (choice < 0.2) {
        this.remove(kind, name);
      } else if (choice < 0.6) {
        this.put(kind, name, {
          level: this.#one(LEVELS),
          labels: this.#one<Record<string, string>>([
            {},
            { app: 'a' },
            { app: 'b' },
          ]),
        });
      } else if (choice < 0.85) {
        const [from, , to] = this.#one(RELATIONS);
        this.join(from, this.#one(NAMES), to, this.#one(NAMES));
      } else {
        const [id, edge] = this.#one([...this.#edges]) ?? [];
        if (id && edge && !this.#newEdges.some(each => idOf(each) === id)) {
          this.#edges.delete(id);
          this.#removedEdges.push(edge);
        }
      }
    }
    this.#isByHand.once = false;
  }

  #key(kind: Kind, name: string) {
    return nodeKey({
      cluster: 'demo',
      kind: KINDS[kind],
      namespace: 'shop',
      name,
    });
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)];
  }

  /** mulberry32 */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
}

function idOf({ source, relation, target }: EdgeRow): string {
  return `${source} ${relation} ${target}`;
}
