import { EventRow } from '../graph/delta';
import { KindId, NodeKey, kindText } from '../kinds/identity';
import { Json } from '../kinds/observation';
import { Relation } from '../kinds/relation';
import { StatusLevel, verdictAt } from '../kinds/status';
import { StoredNode } from '../topology';

/** A node as the analysis reads it: its verdict is the one that holds at the time of the question. */
export type CausalGraphNode = Omit<StoredNode, 'updatedAt' | 'revision'> & {
  /** When it was last written, where that is kept. */
  updatedAt?: number;
};

export interface CausalGraphEdge {
  source: NodeKey;
  target: NodeKey;
  relation: Pick<
    Relation,
    'name' | 'relationType' | 'class' | 'suffers' | 'strength' | 'inferred'
  >;
  required: boolean;
  details?: { [key: string]: Json };
}

/** An object that another one suffers from, and the edge between the two. */
export interface Dependency {
  node: CausalGraphNode;
  edge: CausalGraphEdge;
}

/** How many objects a controller controls, and how many of them are well: told for all, also those not loaded. */
export interface Controlled {
  total: number;
  ok: number;
}

/**
 * Objects that no edge leads to and that a judgement needs all the same: the volumes that a claim could have bound,
 * the names near a missing one.
 */
export interface Inventory {
  cluster: string;
  kind: KindId;
  /** `undefined`: in every namespace (cluster-scoped kinds). */
  namespace?: string;
  /** Only objects of which this property (a name under `K8s.`) has this value; `''` stands for absent, too. */
  where?: { property: string; value: string };
  /** Only objects that are not well. */
  troubled?: boolean;
  /** Only objects from which an edge of this relation leads to this object: the pods that use a claim. */
  linkedTo?: { relation: string; key: NodeKey };
  /** Only objects to which an edge of this relation leads from this object: the pods of a Service. */
  linkedFrom?: { relation: string; key: NodeKey };
  /** Objects of which this property has this value come last, in case there are more than can be read. */
  last?: { property: string; value: string };
}

/** How the analysis gets at what it reads; bound to what the asker may see. */
export interface CausalReader {
  /** The nodes and what they suffer from, over as many hops as matter. Absent keys are left out. */
  neighbourhood(keys: readonly NodeKey[]): Promise<CausalGraphParts>;
  inventory(inventory: Inventory): Promise<InventoryContent>;
}

export interface InventoryContent {
  nodes: CausalGraphNode[];
  /** False: there are more than were read, some that the asker may not see, or nobody has read the kind's whole list. */
  complete: boolean;
}

/** The text that stands for an inventory in maps. */
export function inventoryKey(inventory: Inventory): string {
  return JSON.stringify([
    inventory.cluster,
    kindText(inventory.kind),
    inventory.namespace ?? null,
    inventory.where?.property ?? null,
    inventory.where?.value ?? null,
    inventory.troubled ?? false,
    inventory.linkedTo?.relation ?? null,
    inventory.linkedTo?.key ?? null,
    inventory.linkedFrom?.relation ?? null,
    inventory.linkedFrom?.key ?? null,
  ]);
}

/** What a loader brings; parts may be added to a graph one after the other. */
export interface CausalGraphParts {
  nodes?: Iterable<CausalGraphNode>;
  edges?: Iterable<CausalGraphEdge>;
  events?: Iterable<EventRow>;
  controlled?: Iterable<[NodeKey, Controlled]>;
  /** Nodes whose neighbourhood is complete in the graph, also where they turned out not to exist. */
  expanded?: Iterable<NodeKey>;
}

/** What the analysis asked for and the graph does not hold yet. */
export interface Wanted {
  keys: NodeKey[];
  inventories: Inventory[];
}

/**
 * What the pure analysis reads. It holds the neighbourhood of the victims along the edges over which failure flows.
 * What a judgement needs beyond it (`inventory`, `reach`) is noted as wanted when it is not at hand: the caller loads
 * it and asks again (`analyse` in `index.ts`).
 */
export class CausalGraph {
  /** Milliseconds since the epoch; the verdicts are those that hold at this time. */
  readonly now: number;
  readonly #nodes = new Map<NodeKey, CausalGraphNode>();
  readonly #edges = new Map<string, CausalGraphEdge>();
  readonly #dependencies = new Map<NodeKey, CausalGraphEdge[]>();
  readonly #dependents = new Map<NodeKey, CausalGraphEdge[]>();
  readonly #controllers = new Map<NodeKey, CausalGraphEdge[]>();
  readonly #events = new Map<NodeKey, Map<string, EventRow>>();
  readonly #controlled = new Map<NodeKey, Controlled>();
  readonly #expanded = new Set<NodeKey>();
  readonly #inventories = new Map<string, InventoryContent>();
  /** In order, as asked for so far; until more is added. */
  readonly #ordered = new Map<readonly CausalGraphEdge[], Dependency[]>();
  readonly #wantedKeys = new Set<NodeKey>();
  readonly #wantedInventories = new Map<string, Inventory>();

  private constructor(now: number) {
    this.now = now;
  }

  static create(now: number, parts: CausalGraphParts = {}): CausalGraph {
    const graph = new CausalGraph(now);
    graph.add(parts);
    return graph;
  }

  add(parts: CausalGraphParts): void {
    this.#ordered.clear();
    for (const node of parts.nodes ?? []) {
      this.#nodes.set(node.key, {
        ...node,
        verdict: verdictAt(node.verdict, this.now),
      });
    }
    for (const edge of parts.edges ?? []) {
      this.#addEdge(edge);
    }
    for (const event of parts.events ?? []) {
      const events = this.#events.get(event.about) ?? new Map();
      this.#events.set(event.about, events);
      events.set(`${event.reason} ${event.source} ${event.message}`, event);
    }
    for (const [key, controlled] of parts.controlled ?? []) {
      this.#controlled.set(key, controlled);
    }
    for (const key of parts.expanded ?? []) {
      this.#expanded.add(key);
      this.#wantedKeys.delete(key);
    }
  }

  #addEdge(edge: CausalGraphEdge): void {
    const id = `${edge.source}|${edge.relation.name}|${edge.target}`;
    if (this.#edges.has(id)) {
      return;
    }
    this.#edges.set(id, edge);
    if (edge.relation.suffers !== 'none') {
      append(this.#dependencies, sufferer(edge), edge);
      append(this.#dependents, suffered(edge), edge);
    }
    if (edge.relation.class === 'control') {
      append(this.#controllers, edge.target, edge);
    }
  }

  node(key: NodeKey): CausalGraphNode | undefined {
    return this.#nodes.get(key);
  }

  /** What the node suffers from when it is broken or missing: references, parts, controlled objects. */
  dependencies(key: NodeKey): Dependency[] {
    return this.#joined(this.#dependencies.get(key), suffered);
  }

  /** What suffers from the node, as far as it is loaded. */
  dependents(key: NodeKey): Dependency[] {
    return this.#joined(this.#dependents.get(key), sufferer);
  }

  /** The objects whose template the node was made from, nearest only (R001). */
  controllers(key: NodeKey): Dependency[] {
    return this.#joined(this.#controllers.get(key), edge => edge.source);
  }

  /** In the order of keys, whatever order they were loaded in: equal graphs give equal answers. */
  #joined(
    edges: readonly CausalGraphEdge[] | undefined,
    end: (edge: CausalGraphEdge) => NodeKey,
  ): Dependency[] {
    const known = edges && this.#ordered.get(edges);
    if (known || !edges) {
      return [...(known ?? [])];
    }
    const joined = edges
      .flatMap(edge => {
        const node = this.#nodes.get(end(edge));
        return node ? [{ node, edge }] : [];
      })
      .sort(
        (a, b) =>
          compareText(a.node.key, b.node.key) ||
          compareText(a.edge.relation.name, b.edge.relation.name),
      );
    this.#ordered.set(edges, joined);
    return [...joined];
  }

  /** Newest first. */
  events(key: NodeKey): EventRow[] {
    return [...(this.#events.get(key)?.values() ?? [])].sort(
      (a, b) => b.lastAt - a.lastAt || compareText(a.message, b.message),
    );
  }

  controlled(key: NodeKey): Controlled | undefined {
    return this.#controlled.get(key);
  }

  /** The node with its neighbourhood, where no stored edge leads to it; asking notes it as wanted. */
  reach(key: NodeKey): CausalGraphNode | undefined {
    if (!this.#expanded.has(key)) {
      this.#wantedKeys.add(key);
      return undefined;
    }
    return this.#nodes.get(key);
  }

  /** The objects, or `undefined` while they are not loaded; asking notes them as wanted. */
  inventory(inventory: Inventory): InventoryContent | undefined {
    const text = inventoryKey(inventory);
    const content = this.#inventories.get(text);
    if (!content) {
      this.#wantedInventories.set(text, inventory);
    }
    return content;
  }

  supply(inventory: Inventory, content: InventoryContent): void {
    const text = inventoryKey(inventory);
    this.#inventories.set(text, {
      ...content,
      nodes: content.nodes
        .map(node => ({ ...node, verdict: verdictAt(node.verdict, this.now) }))
        .sort((a, b) => compareText(a.key, b.key)),
    });
    this.#wantedInventories.delete(text);
  }

  wanted(): Wanted {
    return {
      keys: [...this.#wantedKeys],
      inventories: [...this.#wantedInventories.values()],
    };
  }
}

function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** The end that suffers; of relations over which failure does not flow, the source. */
function sufferer(edge: CausalGraphEdge): NodeKey {
  return edge.relation.suffers === 'target' ? edge.target : edge.source;
}

function suffered(edge: CausalGraphEdge): NodeKey {
  return edge.relation.suffers === 'target' ? edge.source : edge.target;
}

/** Levels on which an object does its job, or deliberately does not. */
const WELL: ReadonlySet<StatusLevel> = new Set<StatusLevel>([
  'ok',
  'idle',
  'suspended',
  'maintenance',
  'history',
]);

export function isWell(node: CausalGraphNode): boolean {
  return WELL.has(node.verdict.level);
}

export function isKind(node: { kind: KindId }, ...kinds: string[]): boolean {
  return kinds.includes(node.kind.kind);
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) {
    list.push(value);
  } else {
    map.set(key, [value]);
  }
}
