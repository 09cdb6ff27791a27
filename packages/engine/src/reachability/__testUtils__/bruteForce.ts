import { KubernetesObject } from '../../kinds/kindDefinition';

/**
 * Whether a pod reaches a pod or an address, written down from the documentation of network policies
 * (kubernetes.io/docs/concepts/services-networking/network-policies) and of their API, sentence by sentence, on the objects
 * as they are. It shares nothing with the engine: slow and plain on purpose.
 */
export type Party = { pod: KubernetesObject } | { address: string };

export function bruteForce(
  objects: readonly KubernetesObject[],
  from: Party,
  to: Party,
  port: number,
  protocol: string,
): boolean {
  // "A Pod cannot block access to itself."
  if ('pod' in from && 'pod' in to && from.pod === to.pod) {
    return true;
  }
  // "Traffic to and from the node where a Pod is running is always allowed."
  if (
    'pod' in from &&
    'pod' in to &&
    from.pod.spec.nodeName &&
    from.pod.spec.nodeName === to.pod.spec.nodeName &&
    (from.pod.spec.hostNetwork || to.pod.spec.hostNetwork)
  ) {
    return true;
  }
  // "both the egress policy on the source and the ingress policy on the destination need to allow the traffic"
  return (
    sideAllows(objects, 'Egress', from, to, to, port, protocol) &&
    sideAllows(objects, 'Ingress', to, from, to, port, protocol)
  );
}

function sideAllows(
  objects: readonly KubernetesObject[],
  type: 'Ingress' | 'Egress',
  subject: Party,
  other: Party,
  destination: Party,
  port: number,
  protocol: string,
): boolean {
  // Policies select pods; those in the host's network are ignored by podSelectors.
  if (!('pod' in subject) || subject.pod.spec.hostNetwork) {
    return true;
  }
  const { pod } = subject;
  const policies = objects.filter(
    object =>
      object.kind === 'NetworkPolicy' &&
      object.metadata.namespace === pod.metadata.namespace &&
      typesOf(object).includes(type) &&
      selects(object.spec.podSelector, pod.metadata.labels),
  );
  // "By default, a pod is non-isolated."
  if (policies.length === 0) {
    return true;
  }
  // "The effects of those lists combine additively."
  for (const policy of policies) {
    const rules =
      (type === 'Ingress' ? policy.spec.ingress : policy.spec.egress) ?? [];
    for (const rule of rules) {
      const peers = (type === 'Ingress' ? rule.from : rule.to) ?? [];
      let peerFits = peers.length === 0;
      for (const peer of peers) {
        peerFits ||= fits(objects, peer, policy, other);
      }
      const ports = rule.ports ?? [];
      let portFits = ports.length === 0;
      for (const entry of ports) {
        portFits ||= fitsPort(entry, destination, port, protocol);
      }
      if (peerFits && portFits) {
        return true;
      }
    }
  }
  return false;
}

function typesOf(policy: KubernetesObject): string[] {
  const given: string[] = policy.spec.policyTypes ?? [];
  if (given.length > 0) {
    return given;
  }
  return (policy.spec.egress ?? []).length > 0
    ? ['Ingress', 'Egress']
    : ['Ingress'];
}

function fits(
  objects: readonly KubernetesObject[],
  peer: KubernetesObject,
  policy: KubernetesObject,
  other: Party,
): boolean {
  if (peer.ipBlock) {
    const addresses =
      'pod' in other
        ? (other.pod.status?.podIPs ?? []).map((one: any) => one.ip)
        : [other.address];
    return addresses.some(
      (address: string) =>
        inCidr(address, peer.ipBlock.cidr) &&
        !(peer.ipBlock.except ?? []).some((cut: string) =>
          inCidr(address, cut),
        ),
    );
  }
  if (!('pod' in other) || other.pod.spec.hostNetwork) {
    return false;
  }
  const { metadata } = other.pod;
  if (peer.namespaceSelector) {
    const namespace = objects.find(
      object =>
        object.kind === 'Namespace' &&
        object.metadata.name === metadata.namespace,
    );
    const labels = {
      ...namespace?.metadata.labels,
      'kubernetes.io/metadata.name': metadata.namespace,
    };
    if (!selects(peer.namespaceSelector, labels)) {
      return false;
    }
  } else if (metadata.namespace !== policy.metadata.namespace) {
    return false;
  }
  return !peer.podSelector || selects(peer.podSelector, metadata.labels);
}

function fitsPort(
  entry: KubernetesObject,
  destination: Party,
  port: number,
  protocol: string,
): boolean {
  if ((entry.protocol ?? 'TCP') !== protocol) {
    return false;
  }
  if (entry.port === undefined) {
    return true;
  }
  if (typeof entry.port === 'number') {
    return entry.endPort === undefined
      ? port === entry.port
      : port >= entry.port && port <= entry.endPort;
  }
  if (!('pod' in destination)) {
    return false;
  }
  const { containers = [], initContainers = [] } = destination.pod.spec;
  for (const container of [
    ...containers,
    ...initContainers.filter((one: any) => one.restartPolicy === 'Always'),
  ]) {
    for (const declared of container.ports ?? []) {
      if (
        declared.name === entry.port &&
        (declared.protocol ?? 'TCP') === protocol &&
        declared.containerPort === port
      ) {
        return true;
      }
    }
  }
  return false;
}

function selects(
  selector: KubernetesObject | undefined,
  labels: Record<string, string> = {},
): boolean {
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
    if (labels[key] !== value) {
      return false;
    }
  }
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    const has = key in labels;
    if (operator === 'In' && !(has && values.includes(labels[key]))) {
      return false;
    }
    if (operator === 'NotIn' && has && values.includes(labels[key])) {
      return false;
    }
    if (operator === 'Exists' && !has) {
      return false;
    }
    if (operator === 'DoesNotExist' && has) {
      return false;
    }
  }
  return true;
}

/** Bit by bit. */
function inCidr(address: string, cidr: string): boolean {
  const [base, prefix] = cidr.split('/');
  if (base.includes(':') !== address.includes(':')) {
    return false;
  }
  return (
    bitsOf(address).slice(0, Number(prefix)) ===
    bitsOf(base).slice(0, Number(prefix))
  );
}

function bitsOf(address: string): string {
  if (!address.includes(':')) {
    return address
      .split('.')
      .map(part => Number(part).toString(2).padStart(8, '0'))
      .join('');
  }
  const [head, tail] = address.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const middle =
    tail === undefined
      ? []
      : new Array(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right]
    .map(group => parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}
