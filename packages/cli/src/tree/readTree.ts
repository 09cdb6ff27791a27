import type { OpenTopology } from '../openTopology';
import { gremlinText, verticesOf } from '../objects/gremlinText';
import { GremlinEdge, GremlinNode, namedNode } from '../objects/skydiveNode';

/** `needs`: what it owns and what it depends on. `dependents`: who owns it, and who depends on it. */
export type TreeDirection = 'needs' | 'dependents';

/** An edge as the tree walks it. */
export interface TreeEdge {
  from: string;
  to: string;
  edge: GremlinEdge;
  /** Of an owner and what it made. */
  isControl: boolean;
}

export interface TreeGraph {
  nodes: Map<string, GremlinNode>;
  /** By where they come from, in a stable order. */
  edges: Map<string, TreeEdge[]>;
  cut?: string;
}

/** A tree of this many objects is nothing that anybody reads. */
const MOST_NODES = 20_000;

const WORKLOADS = new Set([
  'cronjob',
  'daemonset',
  'deployment',
  'job',
  'jobset',
  'leaderworkerset',
  'replicaset',
  'replicationcontroller',
  'rollout',
  'scaledjob',
  'statefulset',
  'workflow',
]);
const MADE = new Set([...WORKLOADS, 'pod', 'container']);

/** They repeat what their Service leads to. */
const RECORDS = new Set(['endpoints', 'endpointslice']);

/** Relations in which neither end needs the other. */
const UNRELATED = /-(end|antiaffinity|reload|nominated|described|dns)$/;
/** What a pod or a claim needs, and to which the arrow points the other way. */
const NEEDED_PARENTS = ['node', 'storageclass'];

/** All that the tree of some objects is made of, breadth first, in a few queries a level. */
export async function readTree(
  topology: Pick<OpenTopology, 'query'>,
  roots: readonly GremlinNode[],
  direction: TreeDirection,
  depth: number,
): Promise<TreeGraph> {
  const graph: TreeGraph = {
    nodes: new Map(roots.map(root => [root.ID, root])),
    edges: new Map(),
  };
  const rootIds = new Set(graph.nodes.keys());
  let level = [...rootIds];
  for (let at = 0; at < depth && level.length > 0; at++) {
    const found = new Map<string, GremlinNode>();
    const walked: TreeEdge[] = [];
    for (const query of levelQueries(level, direction)) {
      const { value, cut } = await topology.query(query);
      graph.cut ??= cut;
      const { Nodes = [], Edges = [] } =
        (
          (value ?? []) as unknown as {
            Nodes: GremlinNode[];
            Edges: GremlinEdge[];
          }[]
        )[0] ?? {};
      Nodes.forEach(node => found.set(node.ID, node));
      const asked = new Set(level);
      walked.push(
        ...Edges.flatMap(edge => walkedEdge(edge, asked, found, direction)),
      );
    }
    const next = new Set<string>();
    for (const each of walked.sort(byTarget)) {
      const isContainment = isContaining(each.edge, found);
      if (
        isContainment &&
        (direction === 'dependents' || !rootIds.has(each.from))
      ) {
        continue;
      }
      put(graph.edges, each);
      const node = found.get(each.to);
      if (node && !graph.nodes.has(each.to)) {
        graph.nodes.set(each.to, node);
        next.add(each.to);
      }
    }
    if (graph.nodes.size > MOST_NODES) {
      graph.cut ??= `only the first ${graph.nodes.size} objects are followed`;
      break;
    }
    // A node or a class is needed, and what else it serves is not asked for.
    level = [...next].filter(
      id => !NEEDED_PARENTS.includes(typeOf(graph.nodes.get(id))),
    );
  }
  return graph;
}

function levelQueries(
  level: readonly string[],
  direction: TreeDirection,
): string[] {
  const needed = NEEDED_PARENTS.map(gremlinText).join(', ');
  return verticesOf(level).flatMap(vertices =>
    direction === 'needs'
      ? [
          `G.${vertices}.OutE().SubGraph()`,
          `G.${vertices}.Has('Type', Within('pod', 'persistentvolumeclaim')).InE('RelationType', Within(${needed})).SubGraph()`,
        ]
      : [`G.${vertices}.InE().SubGraph()`],
  );
}

function walkedEdge(
  edge: GremlinEdge,
  asked: ReadonlySet<string>,
  nodes: ReadonlyMap<string, GremlinNode>,
  direction: TreeDirection,
): TreeEdge[] {
  if (UNRELATED.test(relationOf(edge))) {
    return [];
  }
  const parent = typeOf(nodes.get(edge.Parent));
  const child = typeOf(nodes.get(edge.Child));
  if (RECORDS.has(parent)) {
    return [];
  }
  const isControl =
    relationOf(edge) === 'owner' ||
    (WORKLOADS.has(parent) &&
      MADE.has(child) &&
      !relationOf(edge).endsWith('-affinity')) ||
    (parent === 'pod' && child === 'container');
  const isOutward =
    direction === 'needs' &&
    !(NEEDED_PARENTS.includes(parent) && asked.has(edge.Child));
  const [from, to] = isOutward
    ? [edge.Parent, edge.Child]
    : [edge.Child, edge.Parent];
  return asked.has(from) && from !== to ? [{ from, to, edge, isControl }] : [];
}

/** A cluster or a namespace, and what is in it. */
function isContaining(
  edge: GremlinEdge,
  nodes: ReadonlyMap<string, GremlinNode>,
): boolean {
  return (
    edge.Metadata.RelationType === 'ownership' &&
    typeOf(nodes.get(edge.Parent)) !== 'pod'
  );
}

function put(edges: Map<string, TreeEdge[]>, edge: TreeEdge): void {
  const known = edges.get(edge.from) ?? [];
  const same = known.find(({ to }) => to === edge.to);
  if (!same) {
    edges.set(edge.from, [...known, edge]);
  } else if (edge.isControl) {
    same.isControl = true;
  }
}

/** Of our edges the id says it; Skydive's have but a type. */
export function relationOf({
  ID,
  Parent,
  Child,
  Metadata,
}: GremlinEdge): string {
  return ID.startsWith(`${Parent}|`) && ID.endsWith(`|${Child}`)
    ? ID.slice(Parent.length + 1, -Child.length - 1)
    : String(Metadata.RelationType ?? '');
}

function typeOf(node: GremlinNode | undefined): string {
  return node ? namedNode(node).type : '';
}

function byTarget(one: TreeEdge, other: TreeEdge): number {
  return one.to < other.to ? -1 : Number(one.to > other.to);
}
