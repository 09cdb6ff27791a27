import {
  NodeFilter,
  NodeKey,
  ObjectSelection,
  Topology,
} from '@kubernetes-topology/engine';
import {
  ClusterStatus,
  EntityTopology,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { rootCause } from '../answers/explanation';
import { topologyEdge } from '../answers/topologyEdge';
import { topologyNode } from '../answers/topologyNode';
import { EntitySelections } from './entitySelections';

/** The graph behind an entity and what is wrong in it, as far as the asker may see; of a past time without causes. */
export async function entityTopology(
  entityRef: string,
  options: EntitySelections & {
    topology: Topology;
    filter: NodeFilter | undefined;
    /** Milliseconds since the epoch; undefined: now. */
    at?: number;
    /** One that is not newer than the graph. */
    revision: number;
    clusters: ClusterStatus[];
  },
): Promise<EntityTopology> {
  const { topology, filter, at, revision, selections, hidden } = options;
  if (selections.length === 0) {
    return {
      entityRef,
      revision,
      clusters: options.clusters,
      nodes: [],
      edges: [],
      own: [],
      causes: [],
      unexplained: [],
      hidden,
    };
  }
  const graph = await topology.graph(selections, { filter, at });
  const { causes, unexplained } =
    at === undefined
      ? await topology.causes(graph.own, { filter })
      : { causes: [], unexplained: [] };
  const known = new Map(graph.nodes.map(node => [node.key, node]));
  await addMissing(
    known,
    [...causes.flatMap(cause => cause.affected), ...unexplained],
    topology,
    filter,
  );
  const shown = (keys: readonly NodeKey[]): TopologyNode[] =>
    keys.flatMap(key => {
      const node = known.get(key);
      return node ? [topologyNode(node)] : [];
    });
  return {
    entityRef,
    revision,
    clusters: options.clusters.filter(({ name }) => reads(selections, name)),
    nodes: graph.nodes.map(topologyNode),
    edges: graph.edges.map(topologyEdge),
    own: graph.own,
    causes: causes.map(({ affected, ...cause }) => ({
      ...rootCause(cause),
      affected: shown(affected),
    })),
    unexplained: shown(unexplained),
    hidden: [...graph.hidden, ...hidden],
  };
}

/** Nodes that a causal answer names but that the bound on drawn nodes left out of the graph. */
async function addMissing(
  known: Map<NodeKey, Awaited<ReturnType<Topology['nodes']>>[number]>,
  keys: NodeKey[],
  topology: Topology,
  filter: NodeFilter | undefined,
): Promise<void> {
  const missing = [...new Set(keys)].filter(key => !known.has(key));
  if (missing.length > 0) {
    for (const node of await topology.nodes(missing, { filter })) {
      known.set(node.key, node);
    }
  }
}

function reads(selections: ObjectSelection[], cluster: string): boolean {
  return selections.some(
    ({ clusters }) => clusters === undefined || clusters.includes(cluster),
  );
}
