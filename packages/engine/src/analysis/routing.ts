import {
  DAEMON_SET,
  DEPLOYMENT,
  POD,
  REPLICA_SET,
  REPLICATION_CONTROLLER,
  STATEFUL_SET,
} from '../kinds/kindIds';
import { Evidence, PROBLEM_LEVELS } from '../kinds/status';
import { CausalGraph, CausalGraphNode, isKind, isWell } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { nearName } from './nearName';

/** A Service without a ready pod (S076, S115, S119): its pods' cause, or its selector when there are none. */
export const service: Explainer = (node, graph) => {
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
      says: `${called(node)}: ${node.verdict.message ?? node.verdict.reason}.`,
      evidence: node.verdict.evidence,
    }));
  }
  const { reason } = node.verdict;
  if (reason === 'PortNameMissing') {
    return [portNameMissing(node)];
  }
  const selector = selectorOf(node);
  const selectsNothing =
    /NoMatchingPods|NoEndpoints|BackendScaledToZero|NoReadyEndpoints/.test(
      reason,
    ) && pods.length === 0;
  if (!selector || !selectsNothing) {
    return undefined;
  }
  return backendless(node, selector, graph);
};

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
  const workloads = backends(known, selector);
  if (workloads.length > 0) {
    return workloads.flatMap((workload): Finding[] => {
      const reached = graph.reach(workload.key);
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
  return [selectorMismatch(node, selector, pods.nodes, complete)];
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
  pods: readonly CausalGraphNode[],
  complete: boolean,
): Finding {
  const text = [...selector].map(([key, value]) => `${key}=${value}`).join(',');
  const near = nearLabels(selector, pods);
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
    confidence: complete && near ? 'proven' : 'likely',
    says: `${called(node)} selects no pod.`,
    evidence: node.verdict.evidence,
    root: {
      node,
      fault: 'SelectorMatchesNothing',
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
          }${namespaceFlag(node)} ${near.selector}`
        : `Compare the selector with the pods' labels: kubectl get pods${namespaceFlag(
            node,
          )} --show-labels`,
      evidence,
      since: node.verdict.since,
    },
  };
}

/** The pods that all of the selector but one nearly equal value matches. */
function nearLabels(
  selector: ReadonlyMap<string, string>,
  pods: readonly CausalGraphNode[],
): { label: string; selector: string; pods: number } | undefined {
  for (const [key, value] of selector) {
    const others = [...selector].filter(([name]) => name !== key);
    const candidates = pods.filter(
      ({ labels }) =>
        labels[key] !== undefined &&
        others.every(([name, wanted]) => labels[name] === wanted),
    );
    const near = nearName(value, new Set(candidates.map(p => p.labels[key])));
    if (near !== undefined) {
      return {
        label: `${key}=${near}`,
        selector: [...others, [key, near]]
          .map(([name, wanted]) => `${name}=${wanted}`)
          .join(','),
        pods: candidates.filter(({ labels }) => labels[key] === near).length,
      };
    }
  }
  return undefined;
}

function portNameMissing(node: CausalGraphNode): Finding {
  const { message, evidence, since } = node.verdict;
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(node)}: ${message ?? 'its target port has no name match'}.`,
    evidence,
    root: {
      node,
      fault: 'PortNameMissing',
      predicate: `sends to a named port that none of its pods has${
        message ? ` (${message})` : ''
      }`,
      nextStep: `Compare targetPort with the containers' port names: kubectl describe service ${
        node.name
      }${namespaceFlag(node)}`,
      evidence,
      since,
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

/** An Ingress suffers from the Services behind it, from one that does not exist, or from its own wrong port (S080–S083). */
export const ingress: Explainer = (node, graph) => {
  const { level, reason, message } = node.verdict;
  if (!PROBLEM_LEVELS.has(level)) {
    return undefined;
  }
  const needed = graph
    .dependencies(node.key)
    .filter(({ node: other, edge }) =>
      reason === 'TLSMissing'
        ? isKind(other, 'Secret') && isMissing(other) && edge.required
        : isKind(other, 'Service') && !isWell(other),
    );
  if (needed.length === 0) {
    return /has no port/.test(message ?? '') ? [wrongPort(node)] : undefined;
  }
  return needed.map(({ node: backend, edge }) => ({
    type: 'dependency',
    on: backend.key,
    edge,
    confidence: 'proven',
    says: `${called(node)}: ${message ?? reason}.`,
    evidence: node.verdict.evidence,
  }));
};

const UNANSWERED =
  /^(WebhookBackendDown|ServiceNotFound|MissingEndpoints|EndpointsNotFound|FailedDiscoveryCheck|BackendNotFound|MetricsUnavailable)$/;

/**
 * Whoever calls a Service, or an API that a Service answers, suffers when nobody answers there: webhook configurations,
 * API services, routes, autoscalers. Only of a verdict that says so: a route may be refused for other reasons.
 */
export const unanswered: Explainer = (node, graph) => {
  const { level, reason, message } = node.verdict;
  if (!PROBLEM_LEVELS.has(level) || !UNANSWERED.test(reason)) {
    return undefined;
  }
  const needed = graph
    .dependencies(node.key)
    .filter(
      ({ node: other, edge }) =>
        edge.required &&
        (isKind(other, 'Service') || isKind(other, 'APIService')) &&
        !isWell(other),
    );
  return needed.length === 0
    ? undefined
    : needed.map(({ node: callee, edge }) => ({
        type: 'dependency',
        on: callee.key,
        edge,
        confidence: 'proven',
        says: `${called(node)}: ${message ?? reason}.`,
        evidence: node.verdict.evidence,
      }));
};

function isMissing(node: CausalGraphNode): boolean {
  return node.verdict.level === 'missing';
}

function wrongPort(node: CausalGraphNode): Finding {
  const { message, evidence, since } = node.verdict;
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(node)}: ${message}.`,
    evidence,
    root: {
      node,
      fault: 'BackendPortMissing',
      predicate: `sends to a port that its Service does not have (${message})`,
      nextStep: `Name a port of the Service in the Ingress: kubectl edit ingress ${
        node.name
      }${namespaceFlag(node)}`,
      evidence,
      since,
    },
  };
}
