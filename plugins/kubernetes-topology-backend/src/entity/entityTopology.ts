import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { toError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
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
import { entityWithParts } from './entityParts';
import { objectSelection } from './objectSelection';

interface Selected {
  selections: ObjectSelection[];
  hidden: EntityTopology['hidden'];
}

/** The graph behind an entity and what is wrong in it, as far as the asker may see. */
export async function entityTopology(
  entity: Entity,
  options: {
    topology: Topology;
    catalog: CatalogService;
    credentials: BackstageCredentials;
    filter: NodeFilter | undefined;
    clusters: ClusterStatus[];
  },
): Promise<EntityTopology> {
  const { topology, filter } = options;
  const { selections, hidden } = await selectionsOf(
    entity,
    options.catalog,
    options.credentials,
  );
  // Read before the graph: a hint that comes in between makes the client ask again rather than miss a change.
  const revision = await topology.revision();
  if (selections.length === 0) {
    return {
      entityRef: stringifyEntityRef(entity),
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
  const graph = await topology.graph(selections, { filter });
  const { causes, unexplained } = await topology.causes(graph.own, { filter });
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
    entityRef: stringifyEntityRef(entity),
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

async function selectionsOf(
  entity: Entity,
  catalog: CatalogService,
  credentials: BackstageCredentials,
): Promise<Selected> {
  const { entities, omitted } = await entityWithParts(
    entity,
    catalog,
    credentials,
  );
  const selections = new Map<string, ObjectSelection>();
  const hidden: EntityTopology['hidden'] = [];
  for (const part of entities) {
    try {
      const selection = objectSelection(part);
      if (selection) {
        // Parts often share one selector.
        selections.set(JSON.stringify(selection), selection);
      }
    } catch (error) {
      if (part === entity) {
        throw error;
      }
      hidden.push({
        count: 1,
        what: `${stringifyEntityRef(part)}: ${toError(error).message}`,
      });
    }
  }
  if (omitted > 0) {
    hidden.push({
      count: omitted,
      what: 'entities that belong to it, beyond the most that are shown at once',
    });
  }
  return { selections: [...selections.values()], hidden };
}

function reads(selections: ObjectSelection[], cluster: string): boolean {
  return selections.some(
    ({ clusters }) => clusters === undefined || clusters.includes(cluster),
  );
}
