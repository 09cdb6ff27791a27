import { matchesLabels } from '../kinds/labelSelector';
import { PortNumber } from './decision';
import { AskedPort, askedPortText } from './askedPort';
import { portNumbers } from './podMatrix';
import { Reachability } from './reachability';
import { addressEnds, podEnd, ReachTarget } from './reachEnds';
import { parseIpRange } from './ipRange';
import { Endpoint, RoutedService, RoutedServicePort } from './routing';

/** Where a Service leads, and what was found on the way. */
export interface ServiceTargets {
  targets: ReachTarget[];
  notes: string[];
}

/**
 * The pods behind a Service, each with the port that it is reached on: policies see these, not the Service's own.
 * Without a port: all of the Service's ports.
 */
export function serviceTargets(
  model: Reachability,
  service: RoutedService,
  asked: AskedPort | undefined,
): ServiceTargets {
  const text = `Service ${service.namespace}/${service.name}`;
  const ports = service.ports.filter(
    port => asked === undefined || isAsked(port, asked),
  );
  if (ports.length === 0) {
    const offered = service.ports
      .map(({ port, protocol }) => `${port}/${protocol}`)
      .join(', ');
    return {
      targets: [],
      notes: [
        asked
          ? `${text} has no port ${askedPortText(asked)}; it has ${
              offered || 'none'
            }`
          : `${text} has no ports`,
      ],
    };
  }
  const targets = service.endpoints
    ? service.endpoints.flatMap(endpoint =>
        endpointTargets(model, service, endpoint, ports),
      )
    : selectedTargets(model, service, ports);
  return {
    targets,
    notes: targets.length > 0 ? [] : [`${text} has no pods behind it`],
  };
}

function isAsked(port: RoutedServicePort, asked: AskedPort): boolean {
  return (
    port.protocol === asked.protocol &&
    (port.port === asked.port || (port.name !== '' && port.name === asked.port))
  );
}

function endpointTargets(
  model: Reachability,
  { namespace }: RoutedService,
  endpoint: Endpoint,
  ports: readonly RoutedServicePort[],
): ReachTarget[] {
  const numbers = ports.flatMap(({ name, protocol }): PortNumber[] =>
    endpoint.ports
      .filter(
        each =>
          each.name === name &&
          each.protocol === protocol &&
          each.port !== undefined,
      )
      .map(each => ({ protocol, port: each.port! })),
  );
  const pod =
    endpoint.pod === undefined
      ? undefined
      : model.indexOfPod(namespace, endpoint.pod);
  const range = parseIpRange(endpoint.address);
  const ends =
    pod === undefined
      ? (range && addressEnds(model, range)) ?? []
      : [podEnd(model, pod)];
  return ends.map(end => ({ ...end, ports: numbers }));
}

function selectedTargets(
  model: Reachability,
  { namespace, selector }: RoutedService,
  ports: readonly RoutedServicePort[],
): ReachTarget[] {
  return model.pods.flatMap((pod, index) => {
    if (
      !selector ||
      pod.namespace !== namespace ||
      !matchesLabels(selector, pod.labels)
    ) {
      return [];
    }
    const numbers = ports.flatMap(({ protocol, targetPort }) =>
      // As `FindPort` upstream: the first container that has the name.
      portNumbers(model, index, { protocol, port: targetPort })
        .slice(0, 1)
        .map(port => ({ protocol, port })),
    );
    return numbers.length > 0
      ? [{ ...podEnd(model, index), ports: numbers }]
      : [];
  });
}
