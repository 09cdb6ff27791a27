import { KindId, nodeKey } from '../kinds/identity';
import {
  ADMIN_NETWORK_POLICY,
  CILIUM_CLUSTERWIDE_NETWORK_POLICY,
  CILIUM_NETWORK_POLICY,
  CLUSTER_NETWORK_POLICY,
  CONTAINER,
  NAMESPACE,
  NETWORK_POLICY,
  POD,
} from '../kinds/kindIds';
import { KubernetesObject } from '../kinds/kindDefinition';
import { matchesLabels, selectorFromObject } from '../kinds/labelSelector';
import { PairAnswer, reachPair } from '../reachability/reach';
import { podEnd } from '../reachability/reachEnds';
import { Reachability } from '../reachability/reachability';
import { ReachablePod } from '../reachability/reachabilityInput';
import { PROTOCOLS } from '../reachability/portSet';
import { PortNumber } from '../reachability/decision';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { portsOf } from './servicePorts';

/** Why a pod does not reach another: the answer, and the model that it was asked of. */
export interface Denial {
  model: Reachability;
  answer: PairAnswer;
  target: CausalGraphNode;
}

/**
 * Whether policies keep a pod from all ports of a Service. `undefined` where they let something through, where it is
 * not known, or while what is needed is not loaded.
 */
export function deniedService(
  caller: CausalGraphNode,
  service: CausalGraphNode,
  graph: CausalGraph,
  known: { ports?: readonly PortNumber[]; target?: CausalGraphNode } = {},
): Denial | undefined {
  const { cluster, namespace } = service;
  const target = known.target ?? podBehind(service, graph);
  const containers = graph.inventory({ cluster, kind: CONTAINER, namespace });
  if (!target || !containers) {
    return undefined;
  }
  if (mayBeAllowedOtherwise(cluster, graph)) {
    return undefined;
  }
  const named = namedPortsOf(target, containers.nodes);
  const asked = known.ports ?? servicePorts(service, named);
  const answers = asked.map(port => ask(caller, target, named, port, graph));
  const [first] = answers;
  return first && answers.every(one => one?.answer.verdict === 'denied')
    ? { ...first, target }
    : undefined;
}

function podBehind(
  service: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  return graph
    .inventory({
      cluster: service.cluster,
      kind: POD,
      linkedFrom: { relation: 'service-pod', key: service.key },
    })
    ?.nodes.find(
      ({ verdict, properties }) =>
        properties.IP !== undefined && verdict.level !== 'history',
    );
}

/** Kinds of policies that may allow, or deny, beside NetworkPolicies: what they say is not computed. */
const OTHER_POLICIES: readonly KindId[] = [
  ADMIN_NETWORK_POLICY,
  CLUSTER_NETWORK_POLICY,
  CILIUM_NETWORK_POLICY,
  CILIUM_CLUSTERWIDE_NETWORK_POLICY,
  { group: 'crd.projectcalico.org', kind: 'NetworkPolicy' },
  { group: 'crd.projectcalico.org', kind: 'GlobalNetworkPolicy' },
  { group: 'projectcalico.org', kind: 'NetworkPolicy' },
  { group: 'projectcalico.org', kind: 'GlobalNetworkPolicy' },
];

export function mayBeAllowedOtherwise(
  cluster: string,
  graph: CausalGraph,
): boolean {
  return OTHER_POLICIES.some(kind => {
    const found = graph.inventory({ cluster, kind });
    return (found?.nodes ?? []).some(
      ({ verdict }) => verdict.level !== 'missing',
    );
  });
}

/** Whether policies keep one pod from a port of another; `undefined` as for `deniedService`. */
export function isDenied(
  caller: CausalGraphNode,
  target: CausalGraphNode,
  port: PortNumber | string,
  graph: CausalGraph,
): boolean | undefined {
  const { cluster, namespace } = target;
  const containers = graph.inventory({ cluster, kind: CONTAINER, namespace });
  const named = namedPortsOf(target, containers?.nodes ?? []);
  const number =
    typeof port === 'string' ? named.find(one => one.name === port) : port;
  const found = number && ask(caller, target, named, number, graph);
  return found && found.answer.verdict === 'denied';
}

/** The policies of a namespace, `undefined` while they are not loaded. */
export function policiesOf(
  { cluster, namespace }: Pick<CausalGraphNode, 'cluster' | 'namespace'>,
  graph: CausalGraph,
) {
  return graph.inventory({ cluster, kind: NETWORK_POLICY, namespace });
}

function ask(
  caller: CausalGraphNode,
  target: CausalGraphNode,
  named: ReachablePod['namedPorts'],
  port: PortNumber,
  graph: CausalGraph,
): Omit<Denial, 'target'> | undefined {
  const spaces = [...new Set([caller.namespace, target.namespace])];
  const { cluster } = target;
  const policies = spaces.map(namespace =>
    policiesOf({ cluster, namespace }, graph),
  );
  const namespaces = spaces.map(name =>
    graph.reach(nodeKey({ cluster, kind: NAMESPACE, namespace: '', name })),
  );
  // Of labels that are not known nothing may be concluded.
  if (policies.includes(undefined) || namespaces.includes(undefined)) {
    return undefined;
  }
  const model = Reachability.create({
    pods: [reachablePod(caller, []), reachablePod(target, named)],
    namespaces: new Map(
      namespaces.map(one => [one!.name, one!.labels] as const),
    ),
    policies: policies
      .flatMap(one => one!.nodes)
      .filter(one => [caller, target].some(pod => selects(one, pod)))
      .map(policyObject),
    unseen: new Set(spaces.filter((_, nth) => !policies[nth]!.complete)),
  });
  const [from, to] = [caller, target].map(({ namespace, name }) =>
    model.indexOfPod(namespace, name),
  );
  return from === undefined || to === undefined
    ? undefined
    : {
        model,
        answer: reachPair(model, podEnd(model, from), podEnd(model, to), port),
      };
}

/** Policies that select neither have no say. */
export function selects(
  policy: CausalGraphNode,
  pod: CausalGraphNode,
): boolean {
  const selector = selectorFromObject(
    policy.properties.PodSelector as KubernetesObject,
  );
  return (
    policy.namespace === pod.namespace &&
    (!selector || matchesLabels(selector, pod.labels))
  );
}

function servicePorts(
  service: CausalGraphNode,
  named: ReachablePod['namedPorts'],
): PortNumber[] {
  return portsOf(service).flatMap(({ target, protocol }) => {
    const port = /^\d+$/.test(target)
      ? Number(target)
      : named.find(one => one.name === target)?.port;
    return port === undefined ? [] : [{ protocol, port }];
  });
}

function namedPortsOf(
  pod: CausalGraphNode,
  containers: readonly CausalGraphNode[],
): ReachablePod['namedPorts'] {
  return containers
    .filter(
      ({ namespace, properties }) =>
        namespace === pod.namespace &&
        properties.Pod === pod.name &&
        properties.Role !== 'init',
    )
    .flatMap(({ properties }) => {
      const ports: unknown = properties.Ports;
      return (Array.isArray(ports) ? ports : []).flatMap((port: any) => {
        const protocol = PROTOCOLS.find(one => one === port.Protocol) ?? 'TCP';
        return port.Name
          ? [{ name: String(port.Name), protocol, port: Number(port.Port) }]
          : [];
      });
    });
}

function reachablePod(
  pod: CausalGraphNode,
  namedPorts: ReachablePod['namedPorts'],
): ReachablePod {
  const { namespace, name, labels, properties } = pod;
  return {
    namespace,
    name,
    labels,
    addresses: typeof properties.IP === 'string' ? [properties.IP] : [],
    hostNetwork: properties.HostNetwork === true,
    node: typeof properties.Node === 'string' ? properties.Node : '',
    namedPorts,
    workload: { kind: 'Pod', name },
    isTemplate: false,
  };
}

/** The policy as it was read: its node keeps all of its spec. */
function policyObject({
  namespace,
  name,
  properties,
}: CausalGraphNode): KubernetesObject {
  return {
    metadata: { namespace, name },
    spec: {
      podSelector: properties.PodSelector,
      policyTypes: properties.PolicyTypes,
      ...(properties.Ingress !== undefined && { ingress: properties.Ingress }),
      ...(properties.Egress !== undefined && { egress: properties.Egress }),
    },
  };
}
