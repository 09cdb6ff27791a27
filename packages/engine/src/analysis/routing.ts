import {
  DAEMON_SET,
  DEPLOYMENT,
  POD,
  REPLICA_SET,
  REPLICATION_CONTROLLER,
  SERVICE,
  STATEFUL_SET,
} from '../kinds/kindIds';
import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode, isKind, isWell } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { behindExternalName } from './calledService';
import { idleBehindIngress } from './idleBehindIngress';
import { loadBalancer } from './loadBalancer';
import { NearLabels, meantPods, nearLabels, selectorText } from './nearLabels';
import { mixedBackends, portNameMissing, portUndeclared } from './servicePorts';
import { servingLocally } from './localTraffic';

/**
 * A Service without a ready pod (S076, S115, S119): its pods' cause, or its selector when there are none. Of one that
 * serves, what is doubtful about it (S077, S078, S091).
 */
export const service: Explainer = (node, graph) => {
  const { reason, level } = node.verdict;
  const selector = selectorOf(node);
  if (level === 'ok') {
    const other = behindExternalName(node, graph);
    if (other) {
      return [
        {
          type: 'dependency',
          on: other.node.key,
          edge: other.edge,
          confidence: 'proven',
          says: `${called(node)} is another name of ${called(other.node)}.`,
          evidence: [
            {
              source: 'field',
              field: 'spec.externalName',
              value: String(node.properties.ExternalName),
            },
          ],
        },
      ];
    }
    if (selector && reason === 'NobodyInView') {
      return backendless(node, selector, graph);
    }
    const doubt = selector && doubtOf(node, selector, graph);
    return doubt ? [doubt] : undefined;
  }
  const balancer = loadBalancer(node, graph);
  if (balancer) {
    return [balancer];
  }
  const pods = graph
    .dependencies(node.key)
    .filter(dependency => isKind(dependency.node, 'Pod'));
  const troubled = pods.filter(pod => !isWell(pod.node));
  if (troubled.length > 0) {
    return troubled.map(pod => ({
      type: 'dependency',
      on: pod.node.key,
      edge: pod.edge,
      confidence: 'proven',
      says: `${called(node)}: ${node.verdict.message ?? reason}.`,
      evidence: node.verdict.evidence,
    }));
  }
  if (reason === 'PortNameMissing') {
    return [portNameMissing(node, selector ?? new Map(), graph)];
  }
  const selectsNothing =
    /NoMatchingPods|NoEndpoints|BackendScaledToZero|NoReadyEndpoints/.test(
      reason,
    ) && pods.length === 0;
  if (!selector || !selectsNothing) {
    return undefined;
  }
  return backendless(node, selector, graph);
};

function doubtOf(
  node: CausalGraphNode,
  selector: ReadonlyMap<string, string>,
  graph: CausalGraph,
): Finding | undefined {
  switch (node.verdict.reason) {
    case 'PortUndeclared':
      return portUndeclared(node, selector, graph);
    case 'MixedBackends':
      return mixedBackends(node, selector, graph);
    case 'ServingLocally':
      return servingLocally(node, graph);
    default:
      return undefined;
  }
}

function selectorOf(node: CausalGraphNode): Map<string, string> | undefined {
  const { Selector } = node.properties;
  if (!Selector || typeof Selector !== 'object' || Array.isArray(Selector)) {
    return undefined;
  }
  const entries = Object.entries(Selector).flatMap(
    ([key, value]): [string, string][] =>
      typeof value === 'string' ? [[key, value]] : [],
  );
  return entries.length > 0 ? new Map(entries) : undefined;
}

/** Edges from a Service to the workloads whose pods it would select. */
const WORKLOAD_EDGES = [
  [DEPLOYMENT, 'service-deployment'],
  [STATEFUL_SET, 'service-statefulset'],
] as const;

/**
 * No pod matches. Either the workload that should have made them has none (scaled to zero, refused), or no template
 * has such labels: only then the selector is at fault.
 */
function backendless(
  node: CausalGraphNode,
  selector: ReadonlyMap<string, string>,
  graph: CausalGraph,
): Finding[] {
  const place = { cluster: node.cluster, namespace: node.namespace };
  const kinds = [
    DEPLOYMENT,
    REPLICA_SET,
    STATEFUL_SET,
    DAEMON_SET,
    REPLICATION_CONTROLLER,
  ];
  const inventories = kinds.map(kind => graph.inventory({ ...place, kind }));
  const pods = graph.inventory({ ...place, kind: POD });
  const known = inventories.flatMap(inventory => inventory?.nodes ?? []);
  if (!pods || inventories.includes(undefined)) {
    return [];
  }
  const linked = WORKLOAD_EDGES.flatMap(
    ([kind, relation]) =>
      graph.inventory({
        ...place,
        kind,
        linkedFrom: { relation, key: node.key },
      })?.nodes ?? [],
  );
  // By their templates' labels where these are known; else by the labels that they carry themselves.
  const workloads = linked.length > 0 ? linked : backends(known, selector);
  if (workloads.length > 0) {
    return workloads.flatMap((workload): Finding[] => {
      const reached = graph.reach(workload.key);
      const idle = reached && idleBehindIngress(node, reached, graph);
      if (idle) {
        return [idle];
      }
      return reached
        ? [
            {
              type: 'dependency',
              on: reached.key,
              confidence: 'proven',
              says: `${called(node)} has no endpoints: ${called(
                reached,
              )} has no pods.`,
              evidence: node.verdict.evidence,
            },
          ]
        : [];
    });
  }
  const complete =
    pods.complete && inventories.every(inventory => inventory!.complete);
  const services = graph.inventory({ ...place, kind: SERVICE });
  const spelt = nearLabels(selector, pods.nodes);
  const near =
    spelt?.slip || !services?.complete
      ? spelt
      : meantPods(node, selector, pods.nodes, services.nodes) ?? spelt;
  return [selectorMismatch(node, selector, near, complete)];
}

/**
 * Workloads whose pods the selector would match. A ReplicaSet carries its template's labels, and with them speaks for
 * its Deployment; other workloads by convention carry the labels of their pods.
 */
function backends(
  workloads: readonly CausalGraphNode[],
  selector: ReadonlyMap<string, string>,
): CausalGraphNode[] {
  const matching = workloads.filter(
    ({ labels, verdict }) =>
      verdict.level !== 'missing' &&
      [...selector].every(([key, value]) => labels[key] === value),
  );
  const deploymentNames = new Set(
    matching
      .filter(one => isKind(one, 'ReplicaSet'))
      .map(({ name, labels }) => {
        const hash = labels['pod-template-hash'];
        return hash && name.endsWith(`-${hash}`)
          ? name.slice(0, -hash.length - 1)
          : name;
      }),
  );
  const deployments = workloads.filter(
    one =>
      isKind(one, 'Deployment') &&
      (deploymentNames.has(one.name) || matching.includes(one)),
  );
  return deployments.length > 0
    ? deployments
    : matching.filter(one => one.verdict.level !== 'history');
}

function selectorMismatch(
  node: CausalGraphNode,
  selector: ReadonlyMap<string, string>,
  near: NearLabels | undefined,
  complete: boolean,
): Finding {
  const text = selectorText(selector);
  if (!near && !complete) {
    return {
      type: 'silent',
      because: `${called(
        node,
      )} selects no pod that can be seen here (${text}).`,
    };
  }
  const evidence: Evidence[] = [
    { source: 'field', field: 'spec.selector', value: text },
    ...(near
      ? [
          {
            source: 'structure' as const,
            field: `pods with ${near.label}`,
            value: String(near.pods),
          },
        ]
      : []),
  ];
  return {
    type: 'root',
    confidence: complete && near?.slip && !isWell(node) ? 'proven' : 'likely',
    says: `${called(node)} selects no pod.`,
    evidence: node.verdict.evidence,
    root: {
      node,
      fault: 'SelectorMatchesNothing',
      // A Service may wait for pods that are still to come; a slip of the pen waits for ever.
      ...(!near?.slip && { onlyIfNeeded: true as const }),
      predicate: `has no endpoints: its selector ${text} matches no pod${
        near
          ? `, while ${near.pods} ${
              near.pods === 1 ? 'pod has' : 'pods have'
            } ${near.label}`
          : ''
      }`,
      nextStep: near
        ? `Select what the pods carry: kubectl set selector service ${
            node.name
          }${namespaceFlag(node)} ${selectorText(near.selector)}`
        : `Compare the selector with the pods' labels: kubectl get pods${namespaceFlag(
            node,
          )} --show-labels`,
      evidence,
      since: node.verdict.since,
    },
  };
}

/** A workload that was scaled to zero, while something needs it (S115): idle by itself, the root to what needs it. */
export const scaledToZero: Explainer = workload => {
  if (workload.verdict.level !== 'idle') {
    return undefined;
  }
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `${called(workload)} is scaled to zero.`,
      evidence: workload.verdict.evidence,
      root: {
        node: workload,
        fault: 'ScaledToZero',
        onlyIfNeeded: true,
        predicate: 'is scaled to zero, so it has no pods',
        nextStep: `If it should run: kubectl scale ${workload.kind.kind.toLowerCase()}/${
          workload.name
        }${namespaceFlag(workload)} --replicas=1`,
        evidence: workload.verdict.evidence,
        since: workload.verdict.since,
      },
    },
  ];
};
