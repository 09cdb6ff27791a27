import { HORIZONTAL_POD_AUTOSCALER } from '../kinds/kindIds';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
} from './causalGraph';
import { Finding, called, namespaceFlag } from './finding';

const SCALED_OBJECT = { group: 'keda.sh', kind: 'ScaledObject' };
const FROM_OUTSIDE = [
  'Ingress',
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
];

/**
 * A workload that somebody scaled to zero, with an Ingress or a route that leads to it (S115): requests come in, and
 * nobody answers. Without one it is idle on purpose, and so it is where an autoscaler may scale it to zero.
 */
export function idleBehindIngress(
  service: CausalGraphNode,
  workload: CausalGraphNode,
  graph: CausalGraph,
): Finding | undefined {
  const entry = graph
    .dependents(service.key)
    .find(({ node }) => isKind(node, ...FROM_OUTSIDE));
  if (
    workload.verdict.level !== 'idle' ||
    !entry ||
    isIdledByAutoscaler(workload, graph)
  ) {
    return undefined;
  }
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(service)} has no endpoints: ${called(
      workload,
    )} has no pods.`,
    evidence: service.verdict.evidence,
    root: {
      node: workload,
      fault: 'ScaledToZero',
      predicate: `is scaled to zero, and ${called(
        entry.node,
      )} still leads to it`,
      nextStep: `If it should run: kubectl scale ${workload.kind.kind.toLowerCase()}/${
        workload.name
      }${namespaceFlag(workload)} --replicas=1`,
      evidence: [...workload.verdict.evidence, leadingTo(entry)],
      since: workload.verdict.since,
    },
  };
}

function leadingTo({ node, edge }: Dependency) {
  return {
    source: 'structure' as const,
    field: called(node),
    value: JSON.stringify(edge.details?.paths ?? edge.relation.name),
  };
}

function isIdledByAutoscaler(
  workload: CausalGraphNode,
  graph: CausalGraph,
): boolean {
  const place = { cluster: workload.cluster, namespace: workload.namespace };
  const target = `${workload.kind.kind}/${workload.name}`;
  const autoscalers = graph.inventory({
    ...place,
    kind: HORIZONTAL_POD_AUTOSCALER,
  });
  const scaled = graph.inventory({ ...place, kind: SCALED_OBJECT });
  return (
    (autoscalers?.nodes ?? []).some(
      ({ properties }) => properties.Target === target,
    ) ||
    (scaled?.nodes ?? []).some(
      ({ name, verdict }) =>
        verdict.level !== 'missing' && name.startsWith(workload.name),
    )
  );
}
