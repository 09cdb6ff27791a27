import fc from 'fast-check';
import { EdgeRow, GraphDelta, NodeId, NodeRow } from '../../graph/delta';
import { LabelRequirement, matchesLabels } from '../../kinds/labelSelector';
import {
  CONFIG_MAP,
  CONTAINER,
  DEPLOYMENT,
  NAMESPACE,
  NODE,
  PERSISTENT_VOLUME_CLAIM,
  POD,
  REPLICA_SET,
  SECRET,
  SERVICE,
} from '../../kinds';
import { KindId, kindText, nodeKey, parseNodeKey } from '../../kinds/identity';
import { NodeFilter } from '../nodeFilter';
import { Verdict } from '../../kinds/status';

export const CLUSTERS = ['one', 'two'];
const NAMESPACES = ['shop', 'bank'];
const KINDS: readonly KindId[] = [
  POD,
  POD,
  SECRET,
  CONFIG_MAP,
  REPLICA_SET,
  DEPLOYMENT,
  CONTAINER,
  SERVICE,
  PERSISTENT_VOLUME_CLAIM,
  NAMESPACE,
  NODE,
];
const RELATIONS: readonly [KindId, string, KindId][] = [
  [NAMESPACE, 'namespace-pod', POD],
  [NAMESPACE, 'namespace-deployment', DEPLOYMENT],
  [DEPLOYMENT, 'deployment-replicaset', REPLICA_SET],
  [REPLICA_SET, 'replicaset-pod', POD],
  [POD, 'pod-container', CONTAINER],
  [POD, 'pod-secret', SECRET],
  [POD, 'pod-configmap', CONFIG_MAP],
  [POD, 'pod-persistentvolumeclaim', PERSISTENT_VOLUME_CLAIM],
  [SERVICE, 'service-pod', POD],
  [NODE, 'node-pod', POD],
];

/** All that is there at one time. */
export interface Landscape {
  nodes: NodeRow[];
  edges: EdgeRow[];
}

const labels = fc.record<Record<string, string>>(
  {
    app: fc.constantFrom('web', 'db'),
    'team.example/name': fc.constantFrom('red', 'blue'),
  },
  { requiredKeys: [] },
);

const verdict = fc.constantFrom<Verdict>(
  { level: 'ok', reason: 'Running', evidence: [] },
  { level: 'down', reason: 'CrashLoopBackOff', evidence: [] },
  {
    level: 'down',
    reason: 'CreateContainerConfigError',
    message: 'secret "web" not found',
    evidence: [],
  },
  { level: 'missing', reason: 'NotFound', evidence: [] },
  { level: 'degraded', reason: 'Unavailable', evidence: [] },
);

const object = fc.record({
  cluster: fc.constantFrom('one', 'one', 'two'),
  kind: fc.constantFrom(...KINDS),
  namespace: fc.constantFrom(...NAMESPACES),
  name: fc.constantFrom('web', 'web-1', 'db'),
  labels,
  verdict,
});

/** What becomes of each of the objects at one time: 0 it is gone, 1 as at first, 2 other labels, 3 another status. */
const becoming = fc.array(fc.constantFrom(0, 1, 1, 1, 2, 3), {
  minLength: 16,
  maxLength: 16,
});

const isClusterScoped = (kind: KindId) => kind === NAMESPACE || kind === NODE;

/** A few small landscapes, one after the other: objects of real kinds with real relations, some of them broken. */
export const landscapes: fc.Arbitrary<Landscape[]> = fc
  .record({
    objects: fc.uniqueArray(object, {
      minLength: 2,
      maxLength: 16,
      selector: ({ cluster, kind, namespace, name }) =>
        nodeKey({
          cluster,
          kind,
          namespace: isClusterScoped(kind) ? '' : namespace,
          name,
        }),
    }),
    // Which of the edges that are possible are there.
    chosen: fc.array(fc.nat(200), { minLength: 4, maxLength: 30 }),
    times: fc.array(becoming, { minLength: 1, maxLength: 3 }),
  })
  .map(({ objects, chosen, times }) => {
    const first = objects.map((each, index): NodeRow => {
      const namespace = isClusterScoped(each.kind) ? '' : each.namespace;
      return withHash({
        id: (index + 1) as NodeId,
        key: nodeKey({ ...each, namespace }),
        kind: each.kind,
        namespace,
        name: each.name,
        ...(each.verdict.level !== 'missing' && { uid: `uid-${index}` }),
        labels: each.labels,
        properties: { Status: each.verdict.reason },
        verdict: each.verdict,
        createdAt: 1_700_000_000_000,
        hash: '',
      });
    });
    const possible = first.flatMap(source =>
      first.flatMap(target =>
        RELATIONS.filter(
          ([from, , to]) =>
            from === source.kind &&
            to === target.kind &&
            clusterOf(source) === clusterOf(target),
        ).map(([, relation]) => ({
          source: source.id,
          relation,
          target: target.id,
          required: true,
        })),
      ),
    );
    const edges = possible.filter(
      (_, index) => index % 3 === 0 || chosen.includes(index),
    );
    return times.map(choices => {
      const nodes = first.flatMap((node, index) =>
        variant(node, choices[index]),
      );
      const ids = new Set(nodes.map(({ id }) => id));
      return {
        nodes,
        edges: edges.filter(
          ({ source, target }) => ids.has(source) && ids.has(target),
        ),
      };
    });
  });

function variant(node: NodeRow, choice: number): NodeRow[] {
  switch (choice) {
    case 0:
      return [];
    case 2:
      return [withHash({ ...node, labels: { app: 'other' } })];
    case 3:
      return [
        withHash({
          ...node,
          verdict: { level: 'down', reason: 'Other', evidence: [] },
        }),
      ];
    default:
      return [node];
  }
}

function withHash(node: NodeRow): NodeRow {
  return {
    ...node,
    hash: JSON.stringify([node.labels, node.verdict, node.properties]),
  };
}

/** More than there are landscapes one after the other. */
const MOST_LIVES = 8;

/**
 * As a database sees them: an object that comes again has another id, for none is given out twice (`NodeIds`). The order
 * of the ids stays that of the objects, in whatever part of a landscape.
 */
export function withFreshIds(states: readonly Landscape[]): Landscape[] {
  const lives = new Map<NodeId, number>();
  let before: ReadonlySet<NodeId> = new Set();
  return states.map(({ nodes, edges }) => {
    for (const { id } of nodes) {
      if (!before.has(id)) {
        lives.set(id, (lives.get(id) ?? -1) + 1);
      }
    }
    before = new Set(nodes.map(({ id }) => id));
    const fresh = (id: NodeId) => (id * MOST_LIVES + lives.get(id)!) as NodeId;
    return {
      nodes: nodes.map(node => ({ ...node, id: fresh(node.id) })),
      edges: edges.map(edge => ({
        ...edge,
        source: fresh(edge.source),
        target: fresh(edge.target),
      })),
    };
  });
}

export function clusterOf({ key }: NodeRow): string {
  return parseNodeKey(key)!.cluster;
}

/** What changes a cluster's part of a database from one landscape to the next. */
export function deltaBetween(
  before: Landscape,
  after: Landscape,
  place: { cluster: string; at: number },
): GraphDelta {
  const inCluster = ({ nodes, edges }: Landscape) => {
    const own = nodes.filter(node => clusterOf(node) === place.cluster);
    const ids = new Set(own.map(({ id }) => id));
    return { nodes: own, edges: edges.filter(({ source }) => ids.has(source)) };
  };
  const [was, is] = [inCluster(before), inCluster(after)];
  const wasNode = new Map(was.nodes.map(node => [node.id, node]));
  const isNode = new Set(is.nodes.map(({ id }) => id));
  const edgeId = (edge: EdgeRow) =>
    `${edge.source} ${edge.relation} ${edge.target}`;
  const wasEdge = new Set(was.edges.map(edgeId));
  const isEdge = new Set(is.edges.map(edgeId));
  return {
    ...place,
    nodes: is.nodes
      .filter(node => wasNode.get(node.id)?.hash !== node.hash)
      .map(node => ({ ...node, isNew: !wasNode.has(node.id) })),
    removedNodes: was.nodes
      .filter(({ id }) => !isNode.has(id))
      .map(({ id }) => id),
    edges: is.edges
      .filter(edge => !wasEdge.has(edgeId(edge)))
      .map(edge => ({ ...edge, isNew: true })),
    removedEdges: was.edges.filter(edge => !isEdge.has(edgeId(edge))),
    events: [],
    removedEvents: [],
    kindStates: [],
  };
}

const requirement: fc.Arbitrary<LabelRequirement> = fc.record({
  key: fc.constantFrom('app', 'team.example/name', 'nowhere'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.subarray(['web', 'db', 'red', 'other']),
});

/** Nested as a policy may write it. */
export const policies: fc.Arbitrary<NodeFilter> = fc.letrec<{
  filter: NodeFilter;
}>(tie => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(
      fc.record({
        key: fc.constant('cluster' as const),
        values: fc.subarray(CLUSTERS),
      }),
      fc.record({
        key: fc.constant('namespace' as const),
        values: fc.subarray(['', ...NAMESPACES]),
      }),
      fc.record({
        key: fc.constant('kind' as const),
        values: fc.subarray(KINDS.map(kindText)),
      }),
      fc.record({ label: requirement }),
    ),
    fc.record({ anyOf: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ not: tie('filter') }),
  ),
})).filter;

/** What a policy means, on plain data. */
export function allows(filter: NodeFilter, node: NodeRow): boolean {
  if ('anyOf' in filter) {
    return filter.anyOf.some(part => allows(part, node));
  }
  if ('allOf' in filter) {
    return filter.allOf.every(part => allows(part, node));
  }
  if ('not' in filter) {
    return !allows(filter.not, node);
  }
  if ('label' in filter) {
    return matchesLabels([filter.label], node.labels);
  }
  const own = {
    cluster: clusterOf(node),
    namespace: node.namespace,
    kind: kindText(node.kind),
    key: node.key,
  };
  return filter.values.includes(own[filter.key]);
}

/** The landscape as if there were nothing but what a policy shows. */
export function cutDown(
  { nodes, edges }: Landscape,
  filter: NodeFilter,
): Landscape {
  const shown = nodes.filter(node => allows(filter, node));
  const ids = new Set(shown.map(({ id }) => id));
  return {
    nodes: shown,
    edges: edges.filter(
      ({ source, target }) => ids.has(source) && ids.has(target),
    ),
  };
}
