import { KubernetesObject } from '../kinds/kindDefinition';
import { Protocol } from './portSet';

/** What reachability needs to know of a pod, wherever it comes from. */
export interface ReachablePod {
  namespace: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Of either family; none while it has none, or when it stands for a workload that has no pods yet. */
  addresses: readonly string[];
  hostNetwork: boolean;
  /** `''` before it is scheduled. */
  node: string;
  /** Of its node, where they are known. */
  nodeAddresses?: readonly string[];
  /** Ports of its containers and sidecars that have a name. */
  namedPorts: readonly NamedPort[];
  /** What manages it: the topmost owner that is known, or itself. */
  workload: WorkloadName;
  /** It stands for the pods of a workload whose template is known, and its pods are not. */
  isTemplate: boolean;
}

export interface NamedPort {
  name: string;
  protocol: Protocol;
  port: number;
}

export interface WorkloadName {
  kind: string;
  name: string;
}

/** Everything that decides what may reach what. */
export interface ReachabilityInput {
  pods: readonly ReachablePod[];
  /** Labels by name of those that are known. */
  namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** `NetworkPolicy` objects. */
  policies: readonly KubernetesObject[];
  /** Namespaces in which there may be policies that are not among these; `all`: in each. Default: none. */
  unseen?: ReadonlySet<string> | 'all';
}

/** `shop/web[Deployment]`, as np-guard's analyser writes it. */
export function workloadText({
  namespace,
  workload,
}: Pick<ReachablePod, 'namespace' | 'workload'>): string {
  return `${namespace}/${workload.name}[${workload.kind}]`;
}

export function podText({
  namespace,
  name,
}: Pick<ReachablePod, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** The label that every namespace has since Kubernetes 1.22, also one that no manifest gives it. */
export function namespaceLabels(
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return { ...labels, 'kubernetes.io/metadata.name': name };
}
