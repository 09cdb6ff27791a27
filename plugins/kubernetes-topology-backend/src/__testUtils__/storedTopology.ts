import {
  EdgeRow,
  GraphDelta,
  kindText,
  NodeId,
  NodeKey,
  NodeRow,
  parseNodeKey,
  StatusLevel,
  TopologyEngine,
  TopologyStore,
} from '@kubernetes-topology/engine';
import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';

export interface MadeNode {
  key: string;
  labels?: Record<string, string>;
  level?: StatusLevel;
  properties?: NodeRow['properties'];
}

export type MadeEdge = [source: string, relation: string, target: string];

/** The real engine on a real database that holds what a test writes: no cluster is watched. */
export async function storedTopology(knex: Knex) {
  const engine = await TopologyEngine.create({
    knex,
    clusters: [],
    catalog: { rules: [] },
    // A minute after the start the engine would take off what tests write years ago.
    history: { maxAge: 50 * 365 * 24 * 60 * 60 * 1000 },
    logger: mockServices.logger.mock(),
  });
  const store = await TopologyStore.create({ knex });
  const ids = new Map<string, NodeId>();
  const idOf = (key: string) => {
    const id = ids.get(key) ?? ((ids.size + 1) as NodeId);
    ids.set(key, id);
    return id;
  };
  return {
    engine,
    /** What is there from `at` on. */
    async write(
      at: number,
      nodes: readonly MadeNode[],
      edges: readonly MadeEdge[] = [],
      removed: readonly string[] = [],
    ): Promise<void> {
      const clusters = new Set(nodes.map(({ key }) => clusterOf(key)));
      for (const cluster of clusters) {
        const delta: GraphDelta = {
          cluster,
          at,
          nodes: nodes
            .filter(({ key }) => clusterOf(key) === cluster)
            .map(node => rowOf(node, idOf(node.key), at)),
          removedNodes: removed
            .filter(key => clusterOf(key) === cluster)
            .map(idOf),
          edges: edges
            .filter(([source]) => clusterOf(source) === cluster)
            .map(
              ([source, relation, target]): EdgeRow => ({
                source: idOf(source),
                relation,
                target: idOf(target),
                required: true,
              }),
            ),
          removedEdges: [],
          events: [],
          removedEvents: [],
          kindStates: [],
        };
        await store.write(delta);
      }
    },
    stop: () => engine.stop(),
  };
}

function rowOf(node: MadeNode, id: NodeId, at: number): NodeRow {
  const { kind, namespace, name } = parseNodeKey(node.key)!;
  const { labels = {}, level = 'ok', properties = {} } = node;
  return {
    id,
    key: node.key as NodeKey,
    kind,
    namespace,
    name: name.split('/').at(-1)!,
    ...(level !== 'missing' && { uid: `uid-${kindText(kind)}-${id}` }),
    labels,
    properties,
    verdict: { level, reason: 'Made', evidence: [] },
    createdAt: at,
    hash: JSON.stringify([labels, level, properties]),
  };
}

function clusterOf(key: string): string {
  return parseNodeKey(key)!.cluster;
}
