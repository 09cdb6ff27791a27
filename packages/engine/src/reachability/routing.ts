import { groupOf } from '../cluster/staticObjects';
import { KubernetesObject } from '../kinds/kindDefinition';
import { LabelSelector, selectorFromMap } from '../kinds/labelSelector';
import { isMap, listOf } from '../kinds/wellFormed';
import { PROTOCOLS, Protocol } from './portSet';

/** How traffic finds pods: Services, their EndpointSlices, and what leads to Services. */
export interface Routing {
  services: readonly RoutedService[];
  routes: readonly ServiceRoute[];
}

export interface RoutedService {
  namespace: string;
  name: string;
  /** `undefined`: it selects nobody by itself. */
  selector?: LabelSelector;
  ports: readonly RoutedServicePort[];
  /** Of the cluster and of load balancers. */
  addresses: readonly string[];
  /** Its endpoints, where its slices are known. */
  endpoints?: readonly Endpoint[];
}

export interface RoutedServicePort {
  name: string;
  protocol: Protocol;
  port: number;
  /** A number, or the name of a port of each pod. */
  targetPort: number | string;
}

export interface Endpoint {
  address: string;
  /** The pod that it is, where the slice says so. */
  pod?: string;
  /** Of the Service's ports, by their names. */
  ports: readonly { name: string; protocol: Protocol; port?: number }[];
}

/** An Ingress, or a route of the Gateway API. */
export interface ServiceRoute {
  kind: string;
  namespace: string;
  name: string;
  backends: readonly RouteBackend[];
  /** Of the Ingress, or of the Gateways: where clients send to. */
  addresses: readonly string[];
  /** Names of the Gateways that it is attached to, as `ns/name`. */
  gateways: readonly string[];
  /** `spec.controller` of the Ingress' class. */
  controller?: string;
}

export interface RouteBackend {
  namespace: string;
  service: string;
  /** By number or name. */
  port?: number | string;
  /** Where it stands: `spec.rules[0].http.paths[0]`. */
  field: string;
}

export function routingOfObjects(
  objects: readonly KubernetesObject[],
): Routing {
  const known = objects.filter(
    object => isMap(object) && isMap(object.metadata),
  );
  const ofKind = (group: string, ...kinds: string[]) =>
    known.filter(
      ({ apiVersion, kind }) =>
        kinds.includes(kind) && groupOf(apiVersion) === group,
    );
  const slices = ofKind('discovery.k8s.io', 'EndpointSlice');
  const gateways = ofKind('gateway.networking.k8s.io', 'Gateway');
  const classes = ofKind('networking.k8s.io', 'IngressClass');
  return {
    services: ofKind('', 'Service').map(service =>
      routedService(service, slices),
    ),
    routes: [
      ...ofKind('networking.k8s.io', 'Ingress').map(ingress =>
        ingressRoute(ingress, classes),
      ),
      ...ofKind(
        'gateway.networking.k8s.io',
        ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'],
      ).map(route => gatewayRoute(route, gateways)),
    ],
  };
}

function named({ metadata }: KubernetesObject): {
  namespace: string;
  name: string;
} {
  return {
    namespace: String(metadata.namespace || 'default'),
    name: String(metadata.name),
  };
}

function protocolOf(value: unknown): Protocol {
  return PROTOCOLS.find(protocol => protocol === value) ?? 'TCP';
}

function routedService(
  service: KubernetesObject,
  slices: readonly KubernetesObject[],
): RoutedService {
  const { namespace, name } = named(service);
  const spec = isMap(service.spec) ? service.spec : {};
  const selector = selectorFromMap(isMap(spec.selector) ? spec.selector : {});
  const own = slices.filter(
    ({ metadata }) =>
      metadata.labels?.['kubernetes.io/service-name'] === name &&
      (metadata.namespace || 'default') === namespace,
  );
  return {
    namespace,
    name,
    ...(selector.length > 0 && spec.type !== 'ExternalName' && { selector }),
    ports: listOf(spec.ports)
      .filter(isMap)
      .map(port => ({
        name: String(port.name ?? ''),
        protocol: protocolOf(port.protocol),
        port: Number(port.port),
        targetPort: port.targetPort || Number(port.port),
      })),
    addresses: [
      spec.clusterIP,
      ...listOf(spec.clusterIPs),
      ...listOf(spec.externalIPs),
      ...addressesOf(service.status?.loadBalancer?.ingress),
    ].filter(
      (address): address is string =>
        typeof address === 'string' && address !== '' && address !== 'None',
    ),
    ...(own.length > 0 && { endpoints: own.flatMap(endpointsOf) }),
  };
}

function addressesOf(entries: unknown): string[] {
  return listOf(entries)
    .filter(isMap)
    .map(entry => entry.ip ?? entry.hostname ?? entry.value)
    .filter(address => typeof address === 'string');
}

function endpointsOf(slice: KubernetesObject): Endpoint[] {
  const ports = listOf(slice.ports)
    .filter(isMap)
    .map(port => ({
      name: String(port.name ?? ''),
      protocol: protocolOf(port.protocol),
      ...(Number.isInteger(port.port) && { port: port.port as number }),
    }));
  return listOf(slice.endpoints)
    .filter(isMap)
    .flatMap(endpoint =>
      listOf(endpoint.addresses).map(address => ({
        address: String(address),
        ...(endpoint.targetRef?.kind === 'Pod' && {
          pod: String(endpoint.targetRef.name),
        }),
        ports,
      })),
    );
}

function ingressRoute(
  ingress: KubernetesObject,
  classes: readonly KubernetesObject[],
): ServiceRoute {
  const { namespace, name } = named(ingress);
  const spec = isMap(ingress.spec) ? ingress.spec : {};
  const className =
    spec.ingressClassName ??
    ingress.metadata.annotations?.['kubernetes.io/ingress.class'];
  const controller = classes.find(({ metadata }) => metadata.name === className)
    ?.spec?.controller;
  const backend = (one: unknown, field: string): RouteBackend[] => {
    const service = isMap(one) ? one.service : undefined;
    return isMap(service)
      ? [
          {
            namespace,
            service: String(service.name),
            port: service.port?.number ?? service.port?.name,
            field,
          },
        ]
      : [];
  };
  return {
    ...{ kind: 'Ingress', namespace, name, gateways: [] },
    backends: [
      ...backend(spec.defaultBackend, 'spec.defaultBackend'),
      ...listOf(spec.rules).flatMap((rule, at) =>
        listOf(isMap(rule) ? rule.http?.paths : []).flatMap((path, pathAt) =>
          backend(
            isMap(path) ? path.backend : undefined,
            `spec.rules[${at}].http.paths[${pathAt}]`,
          ),
        ),
      ),
    ],
    addresses: addressesOf(ingress.status?.loadBalancer?.ingress),
    ...(typeof controller === 'string' && { controller }),
  };
}

function gatewayRoute(
  route: KubernetesObject,
  gateways: readonly KubernetesObject[],
): ServiceRoute {
  const { namespace, name } = named(route);
  const spec = isMap(route.spec) ? route.spec : {};
  const attached = listOf(spec.parentRefs)
    .filter(isMap)
    .filter(({ kind = 'Gateway' }) => kind === 'Gateway')
    .map(parent => `${parent.namespace ?? namespace}/${parent.name}`);
  return {
    ...{ kind: String(route.kind), namespace, name, gateways: attached },
    backends: listOf(spec.rules).flatMap((rule, at) =>
      listOf(isMap(rule) ? rule.backendRefs : []).flatMap(
        (backend, backendAt) =>
          isMap(backend) && (backend.kind ?? 'Service') === 'Service'
            ? [
                {
                  namespace: String(backend.namespace ?? namespace),
                  service: String(backend.name),
                  port: backend.port,
                  field: `spec.rules[${at}].backendRefs[${backendAt}]`,
                },
              ]
            : [],
      ),
    ),
    addresses: gateways
      .filter(gateway => {
        const own = named(gateway);
        return attached.includes(`${own.namespace}/${own.name}`);
      })
      .flatMap(({ status }) => addressesOf(status?.addresses)),
  };
}
