import { labelsOfController } from './routeController';
import { ReachReport, reportOf } from './reachReport';
import { Reachability } from './reachability';
import { podEnd, ReachEnd } from './reachEnds';
import { RouteBackend, Routing, ServiceRoute } from './routing';
import { serviceTargets } from './serviceTargets';
import { decideSide } from './decision';

/** The way from an Ingress or a route of a Gateway to pods, hop by hop. */
export interface RoutePath {
  kind: string;
  namespace: string;
  name: string;
  /** Pods that take the traffic in; none where it cannot be told which these are. */
  controllers: string[];
  backends: BackendPath[];
}

export interface BackendPath {
  field: string;
  service: string;
  port: string;
  verdict: ReachReport['verdict'];
  summary: string;
  /** Pod and port behind the Service: `ns/name:8080/TCP`. */
  endpoints: string[];
  report?: ReachReport;
}

const MOST_ENDPOINTS = 100;

/** @returns undefined where there is no such route */
export function routePath(
  model: Reachability,
  routing: Routing,
  wanted: { kind?: string; namespace: string; name: string },
): RoutePath | undefined {
  const route = routing.routes.find(
    ({ kind, namespace, name }) =>
      (wanted.kind === undefined ||
        kind.toLowerCase() === wanted.kind.toLowerCase()) &&
      namespace === wanted.namespace &&
      name === wanted.name,
  );
  if (!route) {
    return undefined;
  }
  const { kind, namespace, name } = route;
  const controllers = controllersOf(model, routing, route);
  return {
    ...{ kind, namespace, name },
    controllers: controllers.map(({ text }) => text),
    backends: route.backends.map(backend =>
      backendPath(model, routing, route, backend, controllers),
    ),
  };
}

/** By the Gateway's name on its pods, by the load balancer's address, or by the class' controller. */
function controllersOf(
  model: Reachability,
  routing: Routing,
  route: ServiceRoute,
): ReachEnd[] {
  const shared = routing.services.find(
    ({ selector, addresses }) =>
      selector && addresses.some(address => route.addresses.includes(address)),
  );
  const isController = labelsOfController(route);
  const behind = shared
    ? serviceTargets(model, shared, undefined).targets.flatMap(
        ({ pod }) => pod ?? [],
      )
    : [];
  const labelled = model.pods.flatMap((pod, index) =>
    isController(pod) ? [index] : [],
  );
  const found = behind.length > 0 ? behind : labelled;
  return [...new Set(found)].map(index => podEnd(model, index));
}

function backendPath(
  model: Reachability,
  routing: Routing,
  route: ServiceRoute,
  { namespace, service: serviceName, port, field }: RouteBackend,
  controllers: readonly ReachEnd[],
): BackendPath {
  const hop = {
    field,
    service: `${namespace}/${serviceName}`,
    port: String(port ?? ''),
  };
  const service = routing.services.find(
    one => one.namespace === namespace && one.name === serviceName,
  );
  const servicePort = service?.ports.find(
    one => port === undefined || one.port === port || one.name === port,
  );
  if (!service || !servicePort) {
    const what = service
      ? `Service ${hop.service} has no port ${hop.port}`
      : `there is no Service ${hop.service}`;
    return {
      ...hop,
      verdict: 'denied',
      summary: `${route.kind} ${route.namespace}/${route.name} leads nowhere at ${field}: ${what}.`,
      endpoints: [],
    };
  }
  const { targets, notes } = serviceTargets(model, service, {
    protocol: servicePort.protocol,
    port: servicePort.port,
  });
  const endpoints = targets
    .flatMap(({ text, ports }) =>
      ports.map(one => `${text}:${one.port}/${one.protocol}`),
    )
    .slice(0, MOST_ENDPOINTS);
  if (controllers.length === 0) {
    return { ...hop, endpoints, ...withoutController(model, targets, notes) };
  }
  const report = reportOf(model, {
    from: `${route.kind} ${route.namespace}/${route.name}`,
    to: `Service ${hop.service}`,
    port: `${servicePort.port}/${servicePort.protocol}`,
    ...{ sources: controllers, targets, notes },
  });
  const { verdict, summary } = report;
  return { ...hop, endpoints, verdict, summary, report };
}

/** Where no policy isolates the pods anybody gets in; else it depends on who asks. */
function withoutController(
  model: Reachability,
  targets: ReturnType<typeof serviceTargets>['targets'],
  notes: readonly string[],
): Pick<BackendPath, 'verdict' | 'summary'> {
  if (targets.length === 0) {
    return { verdict: 'denied', summary: `${notes.join('; ')}.` };
  }
  const sides = targets.flatMap(({ peer, ports }) =>
    ports.map(port => decideSide(model, 'ingress', model.peers, peer, port)),
  );
  const isOpen = sides.every(
    ({ isolated, verdict }) => !isolated && verdict === 'allowed',
  );
  return isOpen
    ? { verdict: 'allowed', summary: 'No policy isolates the pods behind it.' }
    : {
        verdict: 'unknown',
        summary:
          'Policies isolate the pods behind it, and it cannot be told which pods take the traffic in; ask from these with --from-pod.',
      };
}
