import { GremlinEdge, GremlinNode } from '../result';
import {
  FixtureDictionary,
  FixtureGraph,
  fixtureKey,
  fixtureMeaning,
  FixtureNode,
  fixtureType,
} from './fixtureGraph';

export interface Node {
  id: number;
  /** `Deployment.apps`. */
  kind: string;
  reason: string;
  shown: GremlinNode;
}
export interface Edge {
  source: number;
  relation: number;
  target: number;
  required: boolean;
  meaning: ReturnType<typeof fixtureMeaning>;
  shown: GremlinEdge;
}
export interface Graph {
  nodes: Node[];
  edges: Edge[];
}

/** The whole graph in the form of answers. */
export function graphOf(
  fixture: FixtureGraph,
  dictionary: FixtureDictionary,
  /** Whether workloads say that their pods are stale: only where the query asks. */
  saysStale: boolean,
): Graph {
  const nodes = inOrder(
    fixture.nodes.map(node => ({
      id: node.id,
      kind: node.kind,
      reason: node.reason ?? '',
      shown: shownNode(
        node,
        isStale(node, fixture, dictionary, saysStale ? 3 : 0),
      ),
    })),
  );
  const edges = fixture.edges.map(edge => {
    const source = fixture.nodes.find(({ id }) => id === edge.source)!;
    const target = fixture.nodes.find(({ id }) => id === edge.target)!;
    const relation = dictionary.relations.findIndex(
      each => each.name === edge.relation,
    );
    const { relationType, metadata } = dictionary.relations[relation];
    return {
      source: edge.source,
      relation,
      target: edge.target,
      required: edge.required !== false,
      meaning: fixtureMeaning(dictionary.relations[relation]),
      shown: {
        ID: `${fixtureKey(source)}|${edge.relation}|${fixtureKey(target)}`,
        Parent: fixtureKey(source),
        Child: fixtureKey(target),
        Metadata:
          relationType === 'ownership'
            ? { RelationType: 'ownership' }
            : {
                ...edge.details,
                ...metadata,
                Manager: 'k8s',
                RelationType: relationType,
              },
        Host: '',
        Origin: `kubernetes-topology.${source.cluster}`,
        CreatedAt: edge.createdAt,
        UpdatedAt: edge.createdAt,
        DeletedAt: null,
        Revision: 1,
      },
    };
  });
  return { nodes, edges: inOrderOfEdges(edges) };
}

/** Itself, or of a workload what it controls over so many edges. */
function isStale(
  node: FixtureNode,
  { nodes, edges }: FixtureGraph,
  { relations }: FixtureDictionary,
  hops: number,
): boolean {
  const control = relations
    .filter(each => each.class === 'control')
    .map(({ name }) => name);
  let level = [node];
  const found = [node];
  for (let hop = 0; hop < hops && node.kind === 'Deployment.apps'; hop++) {
    level = level.flatMap(({ id }) =>
      edges
        .filter(edge => edge.source === id && control.includes(edge.relation))
        .map(edge => nodes.find(each => each.id === edge.target)!),
    );
    found.push(...level);
  }
  return found.some(each => each.stale === true);
}

function shownNode(node: FixtureNode, stale: boolean): GremlinNode {
  const isDown = ['down', 'degraded', 'missing'].includes(node.level);
  const own = {
    Name: node.name,
    Namespace: node.namespace,
    Labels: node.labels,
  };
  return {
    ID: fixtureKey(node),
    Metadata: {
      Manager: 'k8s',
      Type: fixtureType(node.kind),
      Name: node.name,
      ClusterName: node.cluster,
      Status: node.level,
      ...(stale && { Stale: true }),
      ...(node.level === 'unknown' ? {} : { State: isDown ? 'DOWN' : 'UP' }),
      K8s: { ...node.properties, ...own },
    },
    Host: '',
    Origin: `kubernetes-topology.${node.cluster}`,
    CreatedAt: node.createdAt ?? node.updatedAt,
    UpdatedAt: node.updatedAt,
    DeletedAt: null,
    Revision: node.revision,
  };
}

export function inOrder(nodes: Node[]): Node[] {
  return [...nodes].sort((a, b) => a.id - b.id);
}

export function inOrderOfEdges(edges: Edge[]): Edge[] {
  return [...edges].sort(
    (a, b) =>
      a.source - b.source || a.relation - b.relation || a.target - b.target,
  );
}
