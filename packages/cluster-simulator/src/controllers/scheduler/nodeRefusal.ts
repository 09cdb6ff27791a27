import { KubernetesObject } from '../../objects/kubernetesObject';
import {
  LabelSelector,
  labelSelectorMatcher,
} from '../../selectors/labelSelector';
import {
  fitsNode,
  matchesTerms,
  toleratesUnschedulable,
  untoleratedTaint,
} from './nodeFit';
import { ScheduledClaims } from './podClaims';
import { parseQuantity } from './quantity';

/** Why one node does not take a pod, in the scheduler's words. */
export interface Refusal {
  reasons: string[];
  /** Removing other pods might help. */
  preemptible: boolean;
}

interface AffinityTerm {
  topologyKey: string;
  labelSelector?: LabelSelector;
  namespaces?: string[];
}

type Amounts = { cpu: number; memory: number };

export function whyNot(
  pod: KubernetesObject,
  node: KubernetesObject,
  { nodes, pods }: { nodes: KubernetesObject[]; pods: KubernetesObject[] },
  { volumes }: ScheduledClaims,
): Refusal | undefined {
  const { spec } = pod;
  if (node.spec?.unschedulable && !toleratesUnschedulable(spec)) {
    return final('node(s) were unschedulable');
  }
  const taint = untoleratedTaint(spec, node);
  if (taint) {
    return final(
      `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`,
    );
  }
  if (!fitsNode(spec, node)) {
    return final("node(s) didn't match Pod's node affinity/selector");
  }
  const misplaced = volumes.some(({ spec: { nodeAffinity } }) => {
    const terms = nodeAffinity?.required?.nodeSelectorTerms;
    return terms !== undefined && !matchesTerms(terms, node);
  });
  if (misplaced) {
    return final('node(s) had volume node affinity conflict');
  }
  if (meetsRepelled(pod, node, nodes, pods)) {
    return {
      reasons: ["node(s) didn't match pod anti-affinity rules"],
      preemptible: true,
    };
  }
  return insufficient(pod, node, pods);
}

/**
 * `0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: …`
 * @param why one sentence for all nodes, or the refusals of each
 */
export function refusalMessage(nodes: number, why: string | Refusal[]): string {
  if (nodes === 0) {
    return 'no nodes available to schedule pods';
  }
  const available = `0/${nodes} nodes are available: `;
  const refusals = typeof why === 'string' ? [] : why;
  const preemptible = refusals.filter(refusal => refusal.preemptible).length;
  const reasons =
    typeof why === 'string'
      ? why
      : counted(refusals.flatMap(({ reasons: own }) => own));
  const preemption = [
    ...(preemptible > 0
      ? [`${preemptible} No preemption victims found for incoming pod`]
      : []),
    ...(nodes - preemptible > 0
      ? [`${nodes - preemptible} Preemption is not helpful for scheduling`]
      : []),
  ];
  return `${available}${reasons}. preemption: ${available}${preemption
    .sort()
    .join(', ')}.`;
}

function final(reason: string): Refusal {
  return { reasons: [reason], preemptible: false };
}

/** Whether a pod that this one must keep away from runs in the same place. */
function meetsRepelled(
  { metadata, spec }: KubernetesObject,
  node: KubernetesObject,
  nodes: KubernetesObject[],
  pods: KubernetesObject[],
): boolean {
  const terms: AffinityTerm[] =
    spec.affinity?.podAntiAffinity
      ?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.some(({ topologyKey, labelSelector, namespaces }) => {
    const place = node.metadata.labels?.[topologyKey];
    const near = nodes
      .filter(other => other.metadata.labels?.[topologyKey] === place)
      .map(other => other.metadata.name);
    const matches = labelSelectorMatcher(labelSelector);
    return (
      place !== undefined &&
      pods.some(
        other =>
          near.includes(other.spec.nodeName) &&
          (namespaces ?? [metadata.namespace]).includes(
            other.metadata.namespace!,
          ) &&
          matches(other.metadata.labels ?? {}),
      )
    );
  });
}

function insufficient(
  pod: KubernetesObject,
  node: KubernetesObject,
  pods: KubernetesObject[],
): Refusal | undefined {
  const allocatable = node.status?.allocatable ?? {};
  const here = pods.filter(({ spec }) => spec.nodeName === node.metadata.name);
  const wanted = requestsOf(pod);
  const used = here.map(requestsOf);
  const lacks = (what: keyof Amounts) =>
    wanted[what] > 0 &&
    allocatable[what] !== undefined &&
    used.reduce((sum, amounts) => sum + amounts[what], wanted[what]) >
      parseQuantity(allocatable[what]);
  const reasons = [
    ...(lacks('cpu') ? ['Insufficient cpu'] : []),
    ...(lacks('memory') ? ['Insufficient memory'] : []),
    ...(allocatable.pods !== undefined &&
    here.length + 1 > Number(allocatable.pods)
      ? ['Too many pods']
      : []),
  ];
  return reasons.length > 0 ? { reasons, preemptible: true } : undefined;
}

function requestsOf({ spec }: KubernetesObject): Amounts {
  const total = (what: keyof Amounts) =>
    spec.containers.reduce(
      (sum: number, { resources }: any) =>
        sum +
        parseQuantity(resources?.requests?.[what] ?? resources?.limits?.[what]),
      0,
    );
  return { cpu: total('cpu'), memory: total('memory') };
}

function counted(reasons: string[]): string {
  const counts = new Map<string, number>();
  reasons.forEach(reason => counts.set(reason, (counts.get(reason) ?? 0) + 1));
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
