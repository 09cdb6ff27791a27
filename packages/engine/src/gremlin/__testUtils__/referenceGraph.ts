import { GremlinEdge, GremlinNode } from '../result';
import {
  FixtureDictionary,
  FixtureGraph,
  fixtureKey,
  FixtureNode,
  fixtureType,
} from './fixtureGraph';

export interface Node {
  id: number;
  shown: GremlinNode;
}
export interface Edge {
  source: number;
  relation: number;
  target: number;
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
): Graph {
  const nodes = inOrder(
    fixture.nodes.map(node => ({ id: node.id, shown: shownNode(node) })),
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

function shownNode(node: FixtureNode): GremlinNode {
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
