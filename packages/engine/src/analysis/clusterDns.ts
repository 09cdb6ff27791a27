import { nodeKey } from '../kinds/identity';
import { SERVICE } from '../kinds/kindIds';
import { answersNobody, hasReadySibling, isBefore } from './calledService';
import { callingSymptom } from './callingPod';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { Explainer, called } from './finding';

/** Where distributions keep the Service that answers name look-ups. */
const DNS_SERVICES: readonly [namespace: string, name: string][] = [
  ['kube-system', 'kube-dns'],
  ['kube-system', 'coredns'],
  ['kube-system', 'rke2-coredns-rke2-coredns'],
  ['openshift-dns', 'dns-default'],
];

export function isClusterDns({
  kind,
  namespace,
  name,
}: CausalGraphNode): boolean {
  return (
    isKind({ kind }, 'Service') &&
    DNS_SERVICES.some(([where, what]) => where === namespace && what === name)
  );
}

/** The Service that answers the cluster's name look-ups, with its neighbourhood. */
export function clusterDns(
  cluster: string,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  return DNS_SERVICES.map(([namespace, name]) =>
    graph.reach(nodeKey({ cluster, kind: SERVICE, namespace, name })),
  ).find(node => node && node.verdict.level !== 'unknown');
}

/** Whether its names are looked up in the cluster at all. */
export function usesClusterDns({ properties }: CausalGraphNode): boolean {
  return properties.DNSPolicy === undefined && properties.HostNetwork !== true;
}

/**
 * A pod that was not ready any more once nobody answered name look-ups (S093): it calls others by name, or its words
 * speak of a name. Only logs would prove it, so it is likely.
 */
export const dnsDown: Explainer = (pod, graph) => {
  const calling = callingSymptom(pod, graph);
  if (!calling || !usesClusterDns(pod) || hasReadySibling(pod, graph)) {
    return undefined;
  }
  const dns = clusterDns(pod.cluster, graph);
  if (
    !dns ||
    !answersNobody(dns) ||
    dns.verdict.level === 'missing' ||
    !isBefore(dns, calling, graph)
  ) {
    return undefined;
  }
  return [
    {
      type: 'dependency',
      on: dns.key,
      confidence: 'likely',
      says: `${called(
        pod,
      )} cannot look up the names of what it calls: nobody answers behind ${called(
        dns,
      )} (${calling.symptom.reason}).`,
      evidence: calling.evidence,
      quote: calling.words
        ? { who: 'the kubelet', text: calling.words }
        : undefined,
    },
  ];
};
