import { nodeKey } from '../kinds/identity';
import { NODE } from '../kinds/kindIds';
import { Evidence, PROBLEM_LEVELS, Verdict } from '../kinds/status';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import {
  Explainer,
  Finding,
  RootFinding,
  called,
  inNamespace,
  namespaceFlag,
} from './finding';
import { podsOn } from './nodePods';
import { parseQuantity } from './quantity';
import { templateCarrier } from './templateCarrier';

const PRESSURE: Readonly<Record<string, string>> = {
  MemoryPressure: 'memory',
  DiskPressure: 'ephemeral-storage',
  PIDPressure: 'pids',
};
const LOOK_AT: Readonly<Record<string, string>> = {
  MemoryPressure: 'kubectl top pods -A --sort-by=memory',
  DiskPressure: 'df, images and logs on the node itself',
  PIDPressure: 'the processes on the node itself',
};
const LOW = /low on resource: ([a-z-]+)/;
const HAD_CONDITION = /node had condition: \[([A-Za-z, ]+)\]/;
const OWN_LIMIT =
  /EmptyDir volume "([^"]+)" exceeds|ephemeral (?:local )?storage usage exceeds|local ephemeral storage (?:usage )?exceeds|exceeded its local ephemeral storage limit/i;
/** The kubelet, about each container of a pod that it evicts; older ones write `which exceeds its request of`. */
const USAGE =
  /Container (\S+) was using (\S+?),(?: request is| which exceeds its request of) (\S+?)[,.](?=\s|$)/g;
/** Pods that were evicted before belong to another time. */
const SAME_TIME = 60 * 60_000;

interface Offender {
  pod: CausalGraphNode;
  container: string;
  usage: string;
  request: string;
  over: number;
}

/** Of the pods that a node has put out for want of a resource, the container that used most beyond its request. */
function offenderOn(
  node: Pick<CausalGraphNode, 'cluster' | 'name'>,
  resource: string,
  since: number | undefined,
  graph: CausalGraph,
): Offender | undefined {
  const found = (podsOn(node, graph) ?? [])
    .filter(({ properties, verdict }) => {
      const at = evictedAt(verdict) ?? since ?? 0;
      return (
        properties.Status === 'Evicted' &&
        LOW.exec(verdict.message ?? '')?.[1] === resource &&
        Math.abs(at - (since ?? at)) <= SAME_TIME
      );
    })
    .flatMap(pod =>
      [...(pod.verdict.message ?? '').matchAll(USAGE)].flatMap(
        ([, container, usage, request]): Offender[] => {
          const used = parseQuantity(usage);
          const over =
            used === undefined ? 0 : used - (parseQuantity(request) ?? 0);
          return over > 0 ? [{ pod, container, usage, request, over }] : [];
        },
      ),
    );
  return found.sort(
    (a, b) => b.over - a.over || (a.pod.key < b.pod.key ? -1 : 1),
  )[0];
}

/** Its conditions keep the times of its life; that of the disruption is its end. */
function evictedAt({ evidence, since }: Verdict): number | undefined {
  return (
    evidence.find(({ field }) => field.includes('DisruptionTarget'))?.since ??
    since
  );
}

/** A node that is short of something (S104, S105, S107): the pod that took it, where an eviction tells. */
export const underPressure: Explainer = (node, graph) => {
  const { level, reason, evidence, message, since } = node.verdict;
  const resource = PRESSURE[reason];
  if (!PROBLEM_LEVELS.has(level) || !resource) {
    return undefined;
  }
  const offender = offenderOn(node, resource, since, graph);
  if (offender) {
    return [
      {
        ...offending(offender, resource, node.name),
        says: `${called(node)} has ${reason}.`,
        evidence,
        quote: message ? { who: 'the node', text: message } : undefined,
      },
    ];
  }
  // Which process took it is in no object; the node's memory or disk may just be too small.
  const isKnown = reason !== 'PIDPressure';
  return [
    {
      type: 'root',
      confidence: isKnown ? 'proven' : 'likely',
      says: `${called(node)} has ${reason}.`,
      evidence,
      root: {
        node,
        fault: reason,
        predicate: `is short of ${resource} (${reason}), and no eviction tells who took it`,
        nextStep: `See who uses it: kubectl describe node ${node.name}; ${LOOK_AT[reason]}`,
        evidence,
        quote: message ? { who: 'the node', text: message } : undefined,
        since,
      },
    },
  ];
};

function offending(
  { pod, container, usage, request }: Offender,
  resource: string,
  node: string,
): Omit<RootFinding, 'says'> {
  const evidence: Evidence[] = [
    {
      source: 'field',
      field: 'status.message',
      value: pod.verdict.message ?? '',
      since: evictedAt(pod.verdict),
    },
  ];
  return {
    type: 'root',
    confidence: 'likely',
    evidence,
    root: {
      node: pod,
      fault: 'ExhaustsNode',
      predicate: `${inNamespace(
        pod,
      ).trim()} took the ${resource} of node ${node}: container ${container} used ${usage}, and had asked for ${request}`,
      nextStep: `Give container ${container} a limit and a request for ${resource} that fit its use, or find the leak: kubectl describe pod ${
        pod.name
      }${namespaceFlag(pod)}`,
      evidence,
      since: evictedAt(pod.verdict),
    },
  };
}

/** A pod that the kubelet has put out (S104–S106): for its own excess, or for the want of its node. */
export const evicted: Explainer = (pod, graph) => {
  const { reason, message = '', evidence, since } = pod.verdict;
  if (reason !== 'Evicted') {
    return undefined;
  }
  const quote = { who: 'the kubelet', text: message };
  if (OWN_LIMIT.test(message)) {
    return [ownExcess(pod, message, graph)];
  }
  const name = String(pod.properties.Node ?? '');
  const resource = LOW.exec(message)?.[1];
  const condition = HAD_CONDITION.exec(message)?.[1];
  const node = graph.reach(
    nodeKey({ cluster: pod.cluster, kind: NODE, namespace: '', name }),
  );
  if ((!resource && !condition) || !node) {
    return undefined;
  }
  if (PRESSURE[node.verdict.reason]) {
    return [
      {
        type: 'dependency',
        on: node.key,
        edge: graph
          .dependencies(pod.key)
          .find(({ node: other }) => other.key === node.key)?.edge,
        confidence: 'proven',
        says: `${called(pod)} was put out of ${called(node)} (Evicted).`,
        evidence,
        quote,
      },
    ];
  }
  const offender =
    resource &&
    offenderOn(
      { cluster: pod.cluster, name },
      resource,
      evictedAt(pod.verdict) ?? since,
      graph,
    );
  return offender
    ? [
        {
          ...offending(offender, resource, name),
          says: `${called(pod)} was put out of node ${name} (Evicted).`,
          evidence,
        },
      ]
    : undefined;
};

function ownExcess(
  pod: CausalGraphNode,
  message: string,
  graph: CausalGraph,
): Finding {
  const { evidence, since } = pod.verdict;
  const carrier = templateCarrier(pod, graph);
  const volume = /EmptyDir volume "([^"]+)"/.exec(message)?.[1];
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(pod)} was put out for what it wrote (Evicted).`,
    evidence,
    quote: { who: 'the kubelet', text: message },
    rootEdge: carrier.edge,
    above: carrier.above,
    root: {
      node: carrier.node,
      fault: 'EphemeralStorageExceeded',
      predicate: volume
        ? `writes more into its emptyDir volume ${volume} than its sizeLimit`
        : 'writes more to local disk than its limit for ephemeral storage',
      nextStep: volume
        ? `Raise sizeLimit of volume ${volume}, or write less into it; its node is fine`
        : 'Raise resources.limits.ephemeral-storage of the container, or write less; its node is fine',
      evidence,
      since,
    },
  };
}
