import { stateOf } from '../gremlin/nodeState';
import { GremlinAnswer, GremlinEdge, GremlinNode } from '../gremlin/result';
import { parseNodeKey } from '../kinds/identity';
import { kindType } from '../kinds/kindIds';
import { Json } from '../kinds/observation';
import { SelectedGraph } from '../topology';

/** What a picture tells of a node. */
export interface DrawableNode {
  /** Unique in its graph; of our own nodes the key, of an imported graph whatever stands there. */
  id: string;
  name: string;
  type: string;
  /** `''` for what is in no namespace. */
  namespace: string;
  cluster: string;
  state?: string;
  status?: string;
}

export interface DrawableEdge {
  source: string;
  target: string;
  /** Skydive's `RelationType`; undefined between neighbours of a path. */
  relationType?: string;
}

/** What all pictures are made from. Every edge has both of its ends among the nodes, every node is there once. */
export interface DrawableGraph {
  nodes: DrawableNode[];
  edges: DrawableEdge[];
}

/** How much a picture holds; what is beyond is left out, and the picture says so. */
export interface FormBounds {
  nodes: number;
  edges: number;
}

/** An answer may list the same element more than once: it is drawn once. */
class Drawing {
  readonly #nodes = new Map<string, DrawableNode>();
  readonly #edges = new Map<string, DrawableEdge>();

  addNode(node: DrawableNode): void {
    if (!this.#nodes.has(node.id)) {
      this.#nodes.set(node.id, node);
    }
  }

  addEdge(edge: GremlinEdge, mode: 'with its ends' | 'between nodes'): void {
    if (mode === 'with its ends') {
      this.addNode(nodeOfId(edge.Parent));
      this.addNode(nodeOfId(edge.Child));
    }
    const relationType = edge.Metadata.RelationType;
    this.#put(edge.ID, {
      source: edge.Parent,
      target: edge.Child,
      ...(typeof relationType === 'string' && { relationType }),
    });
  }

  /** The edges of a path are not part of the answer: one between each two neighbours stands for them. */
  addPath(path: readonly GremlinNode[]): void {
    path.forEach((node, index) => {
      this.addNode(answerNode(node));
      if (index > 0) {
        const source = path[index - 1].ID;
        this.#put(JSON.stringify([source, node.ID]), {
          source,
          target: node.ID,
        });
      }
    });
  }

  #put(id: string, edge: DrawableEdge): void {
    if (!this.#edges.has(id)) {
      this.#edges.set(id, edge);
    }
  }

  graph(): DrawableGraph {
    return {
      nodes: [...this.#nodes.values()],
      edges: [...this.#edges.values()].filter(
        ({ source, target }) =>
          this.#nodes.has(source) && this.#nodes.has(target),
      ),
    };
  }
}

/**
 * The graph in a query's answer: a graph as it is, nodes alone, edges with their ends, a path as a chain. `undefined`
 * when the answer has nothing to draw: a number, values, maps.
 */
export function drawableAnswer(
  value: GremlinAnswer['value'],
): DrawableGraph | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const drawing = new Drawing();
  for (const each of value as Json[]) {
    if (isGremlinEdge(each)) {
      drawing.addEdge(each, 'with its ends');
    } else if (isGremlinNode(each)) {
      drawing.addNode(answerNode(each));
    } else if (isGremlinGraph(each)) {
      each.Nodes.forEach(node => drawing.addNode(answerNode(node)));
      each.Edges.forEach(edge => drawing.addEdge(edge, 'between nodes'));
    } else if (Array.isArray(each) && each.every(isGremlinNode)) {
      drawing.addPath(each as unknown as GremlinNode[]);
    } else {
      return undefined;
    }
  }
  return drawing.graph();
}

export function drawableSelection({
  nodes,
  edges,
}: Pick<SelectedGraph, 'nodes' | 'edges'>): DrawableGraph {
  const known = new Set<string>(nodes.map(({ key }) => key));
  return {
    nodes: nodes.map(node => {
      const { level } = node.verdict;
      const state = stateOf(level);
      return {
        id: node.key,
        name: node.name,
        type: kindType(node.kind),
        namespace: node.namespace,
        cluster: node.cluster,
        ...(state && { state }),
        status: level,
      };
    }),
    edges: edges
      .filter(({ source, target }) => known.has(source) && known.has(target))
      .map(({ source, target, relation: { relationType } }) => ({
        source,
        target,
        relationType,
      })),
  };
}

/** The part of a graph that a picture holds, and what it leaves out, in words. */
export function withinBounds(
  { nodes, edges }: DrawableGraph,
  bounds: FormBounds,
): DrawableGraph & { leftOut?: string } {
  const shown = nodes.slice(0, bounds.nodes);
  const known = new Set(shown.map(({ id }) => id));
  const between = edges.filter(
    ({ source, target }) => known.has(source) && known.has(target),
  );
  const drawn = between.slice(0, bounds.edges);
  const fewer = [
    [nodes.length - shown.length, 'nodes'] as const,
    [edges.length - drawn.length, 'edges'] as const,
  ].filter(([count]) => count > 0);
  return {
    nodes: shown,
    edges: drawn,
    ...(fewer.length > 0 && {
      leftOut: `${fewer
        .map(([count, what]) => `${count} of the ${what}`)
        .join(' and ')} are left out`,
    }),
  };
}

export function isGremlinNode(value: Json): value is Json & GremlinNode {
  return (
    isObject(value) && typeof value.ID === 'string' && isObject(value.Metadata)
  );
}

export function isGremlinEdge(value: Json): value is Json & GremlinEdge {
  return (
    isGremlinNode(value) &&
    typeof (value as { Parent?: Json }).Parent === 'string' &&
    typeof (value as { Child?: Json }).Child === 'string'
  );
}

export function isGremlinGraph(
  value: Json,
): value is Json & { Nodes: GremlinNode[]; Edges: GremlinEdge[] } {
  return (
    isObject(value) && Array.isArray(value.Nodes) && Array.isArray(value.Edges)
  );
}

function isObject(
  value: Json | undefined,
): value is { [name: string]: Json } & Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function answerNode({ ID, Metadata }: GremlinNode): DrawableNode {
  const text = (value: Json | undefined) =>
    typeof value === 'string' ? value : '';
  const own = isObject(Metadata.K8s) ? Metadata.K8s : {};
  const state = text(Metadata.State);
  const status = text(Metadata.Status);
  return {
    id: ID,
    name: text(Metadata.Name) || ID,
    type: text(Metadata.Type),
    namespace: text(own.Namespace),
    cluster: text(Metadata.ClusterName),
    ...(state && { state }),
    ...(status && { status }),
  };
}

/** A node of which only the id is known: the end of an edge. */
function nodeOfId(id: string): DrawableNode {
  const identity = parseNodeKey(id);
  return identity
    ? {
        id,
        name: identity.name,
        type: kindType(identity.kind),
        namespace: identity.namespace,
        cluster: identity.cluster,
      }
    : { id, name: id, type: '', namespace: '', cluster: '' };
}
