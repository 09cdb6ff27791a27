import { Edge, Graph, inOrder, Node } from './referenceGraph';

const HUBS = ['Cluster', 'Namespace', 'Node', 'StorageClass.storage.k8s.io'];
const NEVER_HIT = ['Container', 'Cluster'];

/** How a node is hit, the worst first. */
type Hit = 'goes' | 'broken' | 'worse' | 'spared';

/** Owners take along what they own, namespaces what is in them. */
function takesAlong({ meaning }: Edge): boolean {
  return (
    meaning.class === 'control' ||
    (meaning.class === 'ownership' && meaning.suffers === 'target')
  );
}

/** Whom an edge hits when a node is hit so; `undefined`: nobody, from this end. */
function hits(edge: Edge, from: number, hit: Hit): 'goes' | 'suffers' | false {
  const { source, target, meaning } = edge;
  if (hit === 'goes' && source === from && takesAlong(edge)) {
    return 'goes';
  }
  const suffers =
    (source === from && meaning.suffers === 'target' && !takesAlong(edge)) ||
    (target === from && meaning.suffers === 'source');
  return suffers && 'suffers';
}

function hitOf(edge: Edge, hit: Hit, to: Node): Hit {
  if (!edge.required) {
    return 'spared';
  }
  if (edge.meaning.strength === 'hard' && hit !== 'worse') {
    return 'broken';
  }
  return HUBS.includes(to.kind) ? 'spared' : 'worse';
}

/** What would break or go with the nodes; each way a node is hit is followed for itself. */
export function impactOf(
  graph: Graph,
  start: readonly Node[],
  hardOnly: boolean,
): Node[] {
  const seen = new Set<string>();
  const reached = new Set<Node>();
  const open = start.map((node): [Node, Hit] => [node, 'goes']);
  for (const [node, hit] of open) {
    for (const edge of hit === 'spared' ? [] : graph.edges) {
      const how = hits(edge, node.id, hit);
      const id = edge.source === node.id ? edge.target : edge.source;
      const to = graph.nodes.find(each => each.id === id);
      if (!how || !to || !canBeHit(to)) {
        continue;
      }
      const isHard =
        how === 'goes' || (edge.required && edge.meaning.strength === 'hard');
      if (hardOnly && !isHard) {
        continue;
      }
      const next = how === 'goes' ? 'goes' : hitOf(edge, hit, to);
      if (!seen.has(`${id} ${next}`)) {
        seen.add(`${id} ${next}`);
        reached.add(to);
        open.push([to, next]);
      }
    }
  }
  return inOrder([...reached].filter(each => !start.includes(each)));
}

function canBeHit({ kind, reason, shown }: Node): boolean {
  const status = shown.Metadata.Status as string;
  return (
    !['history', 'missing'].includes(status) &&
    reason !== 'Completed' &&
    !NEVER_HIT.includes(kind)
  );
}
