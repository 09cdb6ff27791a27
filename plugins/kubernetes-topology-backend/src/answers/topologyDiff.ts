import { InputError } from '@backstage/errors';
import {
  changesBetween,
  drawableAnswer,
  NodeFilter,
  StoredNode,
  Topology,
} from '@kubernetes-topology/engine';
import {
  DiffEdge,
  TopologyDiff,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyNode } from './topologyNode';

/** The most that the engine reads by key at once. */
const KEYS_AT_ONCE = 5000;

interface DiffOptions {
  topology: Topology;
  filter: NodeFilter | undefined;
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
}

interface Answered {
  ids: ReadonlySet<string>;
  edges: ReadonlyMap<string, DiffEdge>;
  cut?: string;
}

/**
 * What a query answers at one time and not at the other, and which objects of both answers differ.
 *
 * @throws InputError for a query that answers neither objects nor relations, GremlinError for a faulty one
 */
export async function topologyDiff(
  query: string,
  { topology, filter, from, to }: DiffOptions,
): Promise<TopologyDiff> {
  const answered = async (at: number): Promise<Answered> => {
    const { value, cut } = await topology.query(query, { filter, at });
    const graph = drawableAnswer(value);
    if (!graph) {
      throw new InputError(
        'Only objects, relations, paths and graphs can be compared: ask for one of these, as in G.V().Has(…) or …SubGraph()',
      );
    }
    return {
      ids: new Set(graph.nodes.map(({ id }) => id)),
      edges: new Map(
        graph.edges.map(({ source, target, relationType = '' }) => {
          const edge = { source, target, relationType };
          return [JSON.stringify(Object.values(edge)), edge];
        }),
      ),
      ...(cut && { cut }),
    };
  };
  const read = async (keys: string[], at: number) => {
    const nodes = new Map<string, StoredNode>();
    for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
      const some = keys.slice(start, start + KEYS_AT_ONCE);
      for (const node of await topology.nodes(some, { filter, at })) {
        nodes.set(node.key, node);
      }
    }
    return nodes;
  };

  const before = await answered(from);
  const after = await answered(to);
  const was = await read([...before.ids], from);
  const is = await read([...after.ids], to);
  const cut = before.cut ?? after.cut;
  return {
    from,
    to,
    added: missingIn(is, before.ids).map(topologyNode),
    removed: missingIn(was, after.ids).map(topologyNode),
    changed: [...is.values()].flatMap(node => {
      const former = was.get(node.key);
      const changes = former ? changesBetween(former, node) : [];
      return changes.length > 0 ? [{ node: topologyNode(node), changes }] : [];
    }),
    addedEdges: edgesMissingIn(after, before),
    removedEdges: edgesMissingIn(before, after),
    ...(cut && { cut }),
  };
}

function missingIn(
  nodes: ReadonlyMap<string, StoredNode>,
  ids: ReadonlySet<string>,
): StoredNode[] {
  return [...nodes.values()].filter(({ key }) => !ids.has(key));
}

function edgesMissingIn(one: Answered, other: Answered): DiffEdge[] {
  return [...one.edges].flatMap(([id, edge]) =>
    other.edges.has(id) ? [] : [edge],
  );
}
