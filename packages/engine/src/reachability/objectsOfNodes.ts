import { KubernetesObject } from '../kinds/kindDefinition';
import { isMap, listOf } from '../kinds/wellFormed';
import { StoredNode } from '../topology';
import { WorkloadName } from './reachabilityInput';

/**
 * Nodes as the objects that they were read from, as far as reachability needs it. Of Services the endpoints are not
 * kept: their selectors tell who is behind them; of the Gateway API's routes the backends are not, so that these are left out.
 */
export function objectsOfNodes(
  nodes: readonly StoredNode[],
  ownerOf: ReadonlyMap<string, WorkloadName>,
): KubernetesObject[] {
  const containers = new Map<string, StoredNode[]>();
  for (const node of nodes) {
    if (node.kind.kind === 'Container') {
      const pod = `${node.namespace}/${node.properties.Pod}`;
      containers.set(pod, [...(containers.get(pod) ?? []), node]);
    }
  }
  return nodes
    .filter(isObserved)
    .flatMap(node => objectOf(node, ownerOf, containers) ?? []);
}

/** Not of what is only referred to. */
function isObserved({ uid, verdict }: StoredNode): boolean {
  return uid !== undefined && verdict.level !== 'missing';
}

function objectOf(
  node: StoredNode,
  ownerOf: ReadonlyMap<string, WorkloadName>,
  containers: ReadonlyMap<string, readonly StoredNode[]>,
): KubernetesObject | undefined {
  const { kind, group } = node.kind;
  const owner = ownerOf.get(node.key);
  const metadata = {
    name: node.name,
    ...(node.namespace !== '' && { namespace: node.namespace }),
    uid: node.uid,
    labels: node.labels,
    ...(owner && { ownerReferences: [{ ...owner, controller: true }] }),
  };
  const object = { apiVersion: group ? `${group}/v1` : 'v1', kind, metadata };
  const { properties } = node;
  switch (kind) {
    case 'Pod':
      return {
        ...object,
        ...podParts(
          properties,
          containers.get(`${node.namespace}/${node.name}`) ?? [],
        ),
      };
    case 'NetworkPolicy':
      return {
        ...object,
        spec: {
          podSelector: properties.PodSelector,
          policyTypes: properties.PolicyTypes,
          ingress: properties.Ingress,
          egress: properties.Egress,
        },
      };
    case 'Service':
      return { ...object, ...serviceParts(properties) };
    case 'Ingress':
      return {
        ...object,
        spec: {
          defaultBackend: properties.DefaultBackend,
          rules: properties.Rules,
          ingressClassName: properties.IngressClassName,
        },
        status: loadBalancer(properties.Addresses),
      };
    case 'IngressClass':
      return { ...object, spec: { controller: properties.Controller } };
    case 'Namespace':
    case 'ReplicaSet':
    case 'Job':
      return object;
    default:
      return undefined;
  }
}

type Properties = StoredNode['properties'];

function podParts(
  { HostNetwork, HostIP, Node, IP, IPs, Phase }: Properties,
  containers: readonly StoredNode[],
): { spec: object; status: object } {
  const ofRole = (...roles: string[]) =>
    containers
      .filter(({ properties }) => roles.includes(String(properties.Role)))
      .map(({ properties }) => ({
        ports: listOf(properties.Ports)
          .filter(isMap)
          .map(port => ({
            name: port.Name,
            containerPort: port.Port,
            protocol: port.Protocol,
          })),
      }));
  return {
    spec: {
      hostNetwork: HostNetwork,
      nodeName: Node,
      containers: ofRole('container'),
      initContainers: ofRole('sidecar').map(one => ({
        ...one,
        restartPolicy: 'Always',
      })),
    },
    status: {
      phase: Phase,
      podIP: IP,
      hostIP: HostIP,
      podIPs: listOf(IPs).map(ip => ({ ip })),
    },
  };
}

function serviceParts({
  Selector,
  ServiceType,
  ClusterIP,
  Ports,
  LoadBalancerIngress,
}: Properties): { spec: object; status: object } {
  return {
    spec: {
      selector: Selector,
      type: ServiceType,
      clusterIP: ClusterIP,
      ports: listOf(Ports)
        .filter(isMap)
        .map(port => ({
          name: port.Name,
          protocol: port.Protocol,
          port: port.Port,
          targetPort: /^\d+$/.test(String(port.TargetPort))
            ? Number(port.TargetPort)
            : port.TargetPort,
        })),
    },
    status: loadBalancer(LoadBalancerIngress),
  };
}

function loadBalancer(addresses: unknown): object {
  return {
    loadBalancer: { ingress: listOf(addresses).map(ip => ({ ip })) },
  };
}
