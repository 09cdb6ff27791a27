import { DeltaTable } from '../../graph/__fixtures__/deltaTable';
import { EventRow, GraphDelta, NodeRow } from '../../graph/delta';
import { NodeKey, kindText } from '../../kinds/identity';
import { relationByName } from '../../kinds';
import {
  CausalGraphEdge,
  CausalGraphNode,
  CausalGraphParts,
  CausalReader,
  Controlled,
  Inventory,
  InventoryContent,
  isWell,
} from '../causalGraph';

interface WholeGraph {
  nodes: readonly CausalGraphNode[];
  edges: readonly CausalGraphEdge[];
  events: readonly EventRow[];
  /** `kindText` of kinds whose list nobody has read. */
  unread?: ReadonlySet<string>;
}

/** Hands out all that there is: what the reader of SQL, which leaves much out, must agree with. */
export class WholeGraphReader implements CausalReader {
  readonly #nodes: readonly CausalGraphNode[];
  readonly #edges: readonly CausalGraphEdge[];
  readonly #events: readonly EventRow[];
  readonly #unread: ReadonlySet<string>;

  private constructor(parts: WholeGraph) {
    this.#nodes = parts.nodes;
    this.#edges = parts.edges;
    this.#events = parts.events;
    this.#unread = parts.unread ?? new Set();
  }

  static create(parts: WholeGraph): WholeGraphReader {
    return new WholeGraphReader(parts);
  }

  /** What is left when the deltas have been written one after the other. */
  static ofDeltas(deltas: readonly GraphDelta[]): WholeGraphReader {
    const table = new DeltaTable();
    deltas.forEach(delta => table.apply(delta));
    const keys = new Map([...table.nodes].map(([id, { key }]) => [id, key]));
    const states = new Map(
      deltas
        .flatMap(({ kindStates }) => kindStates)
        .map(({ kind, state }) => [kindText(kind), state]),
    );
    return new WholeGraphReader({
      unread: new Set(
        [...states]
          .filter(([, state]) => state !== 'listed' && state !== 'listing')
          .map(([text]) => text),
      ),
      nodes: [...table.nodes.values()].map(nodeFrom),
      edges: [...table.edges.values()].map(edge => ({
        source: keys.get(edge.source)!,
        target: keys.get(edge.target)!,
        relation: relationByName(edge.relation),
        required: edge.required,
        details: edge.details,
      })),
      events: [...table.events.values()],
    });
  }

  nodes(): CausalGraphNode[] {
    return [...this.#nodes];
  }

  async neighbourhood(): Promise<CausalGraphParts> {
    const nodes = this.nodes();
    return {
      nodes,
      edges: this.#edges,
      events: this.#events,
      controlled: this.#controlled(),
      expanded: nodes.map(({ key }) => key),
    };
  }

  #controlled(): Map<NodeKey, Controlled> {
    const byKey = new Map(this.nodes().map(node => [node.key, node]));
    const counts = new Map<NodeKey, Controlled>();
    for (const { source, target, relation } of this.#edges) {
      const { level } = byKey.get(target)!.verdict;
      if (
        relation.class === 'control' &&
        level !== 'history' &&
        level !== 'terminating'
      ) {
        const { total, ok } = counts.get(source) ?? { total: 0, ok: 0 };
        counts.set(source, {
          total: total + 1,
          ok: ok + Number(level === 'ok'),
        });
      }
    }
    return counts;
  }

  async inventory(inventory: Inventory): Promise<InventoryContent> {
    const { cluster, kind, namespace, where, troubled } = inventory;
    const { linkedTo, linkedFrom } = inventory;
    return {
      nodes: this.nodes().filter(
        node =>
          node.cluster === cluster &&
          kindText(node.kind) === kindText(kind) &&
          (namespace === undefined || node.namespace === namespace) &&
          (!where || (node.properties[where.property] ?? '') === where.value) &&
          (!troubled || !isWell(node)) &&
          (!linkedTo ||
            this.#edges.some(
              ({ source, target, relation }) =>
                source === node.key &&
                target === linkedTo.key &&
                relation.name === linkedTo.relation,
            )) &&
          (!linkedFrom ||
            this.#edges.some(
              ({ source, target, relation }) =>
                target === node.key &&
                source === linkedFrom.key &&
                relation.name === linkedFrom.relation,
            )),
      ),
      complete: !this.#unread.has(kindText(kind)),
    };
  }
}

function nodeFrom(row: NodeRow): CausalGraphNode {
  const { id: _id, hash: _hash, ...rest } = row;
  return { ...rest, cluster: 'lab' };
}
