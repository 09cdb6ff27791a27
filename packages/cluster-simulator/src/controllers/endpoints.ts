import { isTrue } from '../objects/conditions';
import { KubernetesObject } from '../objects/kubernetesObject';
import { mapSelectorMatcher } from '../selectors/labelSelector';

type Fields = Record<string, any>;

/** Pods that stand behind a Service with the same ports resolved. */
export interface EndpointGroup {
  /** Null when none of the Service's named ports is one of these pods'. */
  ports: Fields[] | null;
  endpoints: Fields[];
}

/** Endpoints of one slice at most, as the real controller cuts them. */
export const ENDPOINTS_A_SLICE = 100;

/** The pods that a Service selects and that have an address. */
export function backendsOf(
  service: KubernetesObject,
  pods: KubernetesObject[],
): KubernetesObject[] {
  const matches = mapSelectorMatcher(service.spec.selector);
  return pods
    .filter(
      pod =>
        matches(pod.metadata.labels ?? {}) &&
        pod.status?.podIP &&
        !['Succeeded', 'Failed'].includes(pod.status.phase),
    )
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

/** What the slices of a Service should hold. */
export function endpointGroups(
  service: KubernetesObject,
  pods: KubernetesObject[],
  zoneOf: (nodeName: string) => string | undefined,
): EndpointGroup[] {
  const groups = new Map<string, EndpointGroup>();
  for (const pod of backendsOf(service, pods)) {
    const ports = resolvePorts(service, pod);
    const signature = JSON.stringify(ports);
    const group: EndpointGroup = groups.get(signature) ?? {
      ports: ports.length > 0 ? ports : null,
      endpoints: [],
    };
    groups.set(signature, group);
    group.endpoints.push(endpointOf(service, pod, zoneOf));
  }
  return [...groups.values()].flatMap(({ ports, endpoints }) => {
    const slices: EndpointGroup[] = [];
    for (let at = 0; at < endpoints.length; at += ENDPOINTS_A_SLICE) {
      slices.push({
        ports,
        endpoints: endpoints.slice(at, at + ENDPOINTS_A_SLICE),
      });
    }
    return slices;
  });
}

/** The subsets of the older Endpoints object; undefined when there is no address. */
export function endpointSubsets(
  service: KubernetesObject,
  pods: KubernetesObject[],
): Fields[] | undefined {
  const subsets = new Map<string, Fields>();
  for (const pod of backendsOf(service, pods)) {
    const ports = resolvePorts(service, pod);
    if (ports.length === 0 || pod.metadata.deletionTimestamp) {
      continue;
    }
    const signature = JSON.stringify(ports);
    const subset: Fields = subsets.get(signature) ?? {};
    subsets.set(signature, subset);
    const list = isReady(service, pod) ? 'addresses' : 'notReadyAddresses';
    subset[list] = [...(subset[list] ?? []), addressOf(service, pod)];
    subset.ports ??= ports.map(({ name, port, protocol }) => ({
      name: name || undefined,
      port,
      protocol,
    }));
  }
  return subsets.size > 0 ? [...subsets.values()].map(inOrder) : undefined;
}

function inOrder({ addresses, notReadyAddresses, ports }: Fields): Fields {
  return {
    ...(addresses && { addresses }),
    ...(notReadyAddresses && { notReadyAddresses }),
    ports,
  };
}

function endpointOf(
  service: KubernetesObject,
  pod: KubernetesObject,
  zoneOf: (nodeName: string) => string | undefined,
): Fields {
  const { metadata, spec, status } = pod;
  const terminating = metadata.deletionTimestamp !== undefined;
  const serving =
    isTrue(status.conditions, 'Ready') ||
    service.spec.publishNotReadyAddresses === true;
  return {
    addresses: [status.podIP],
    conditions: {
      ready: isReady(service, pod),
      serving,
      terminating,
    },
    hostname: hostnameFor(service, pod),
    targetRef: referenceTo(pod),
    nodeName: spec.nodeName,
    zone: zoneOf(spec.nodeName),
  };
}

function addressOf(service: KubernetesObject, pod: KubernetesObject): Fields {
  return {
    ip: pod.status.podIP,
    hostname: hostnameFor(service, pod),
    nodeName: pod.spec.nodeName,
    targetRef: referenceTo(pod),
  };
}

function isReady(service: KubernetesObject, pod: KubernetesObject): boolean {
  return (
    service.spec.publishNotReadyAddresses === true ||
    (isTrue(pod.status.conditions, 'Ready') &&
      pod.metadata.deletionTimestamp === undefined)
  );
}

/** Named target ports are looked up in each pod: they may differ, or be missing. */
function resolvePorts(
  service: KubernetesObject,
  pod: KubernetesObject,
): Fields[] {
  return (service.spec.ports ?? []).flatMap((port: Fields) => {
    const { name = '', protocol, targetPort, appProtocol } = port;
    const number =
      typeof targetPort === 'string'
        ? pod.spec.containers
            .flatMap((container: Fields) => container.ports ?? [])
            .find((candidate: Fields) => candidate.name === targetPort)
            ?.containerPort
        : targetPort;
    return number === undefined
      ? []
      : [{ name, protocol, port: number, appProtocol }];
  });
}

function hostnameFor(
  service: KubernetesObject,
  { spec }: KubernetesObject,
): string | undefined {
  return spec.subdomain === service.metadata.name ? spec.hostname : undefined;
}

function referenceTo({ metadata }: KubernetesObject): Fields {
  const { namespace, name, uid } = metadata;
  return { kind: 'Pod', namespace, name, uid };
}
