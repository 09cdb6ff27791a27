import { AskedPort } from './askedPort';
import { portNumbers } from './podMatrix';
import { parseIpRange } from './ipRange';
import { Reachability } from './reachability';
import { addressEnds, podEnd, ReachEnd, ReachTarget } from './reachEnds';
import { Routing } from './routing';
import { serviceTargets } from './serviceTargets';

/** What one can ask about, by name. */
export type EndName =
  | { type: 'pod'; namespace: string; name: string }
  | { type: 'service'; namespace: string; name: string }
  /** Of any kind, unless it is given. */
  | { type: 'workload'; namespace: string; name: string; kind?: string }
  | { type: 'namespace'; name: string }
  /** An address, a CIDR, or `first-last`. */
  | { type: 'addresses'; text: string }
  /** All addresses. */
  | { type: 'outside' };

/** A question that cannot be answered as it was asked. */
export class ReachQuestionError extends Error {
  readonly name = 'ReachQuestionError';
}

export function endText(end: EndName): string {
  switch (end.type) {
    case 'namespace':
      return `namespace ${end.name}`;
    case 'addresses':
      return end.text;
    case 'outside':
      return 'outside';
    case 'workload':
      return `${end.namespace}/${end.name}${end.kind ? `[${end.kind}]` : ''}`;
    case 'service':
      return `Service ${end.namespace}/${end.name}`;
    default:
      return `${end.namespace}/${end.name}`;
  }
}

/** @throws ReachQuestionError where nothing has that name */
export function sourceEnds(
  model: Reachability,
  routing: Routing,
  end: EndName,
): ReachEnd[] {
  switch (end.type) {
    case 'addresses':
      return addressEnds(model, rangeOf(end.text));
    case 'outside':
      return outside(model);
    case 'service':
      // What a Service's pods send has nothing to do with its ports.
      return podsBehind(model, routing, end).map(index => podEnd(model, index));
    default:
      return podsOf(model, end).map(index => podEnd(model, index));
  }
}

/** @throws ReachQuestionError where nothing has that name, or it needs a port */
export function targetEnds(
  model: Reachability,
  routing: Routing,
  end: EndName,
  port: AskedPort | undefined,
): { targets: ReachTarget[]; notes: string[] } {
  if (end.type === 'service') {
    return serviceTargets(model, serviceOf(routing, end), port);
  }
  if (!port) {
    throw new ReachQuestionError(
      `${endText(end)} is reached on a port: say which, e.g. 80/TCP`,
    );
  }
  if (end.type === 'addresses' || end.type === 'outside') {
    if (typeof port.port === 'string') {
      throw new ReachQuestionError(
        `addresses have no port that is called ${port.port}: give a number`,
      );
    }
    const { protocol } = port;
    const ports = [{ protocol, port: port.port }];
    const ends =
      end.type === 'outside'
        ? outside(model)
        : addressEnds(model, rangeOf(end.text));
    return { targets: ends.map(one => ({ ...one, ports })), notes: [] };
  }
  const targets = podsOf(model, end).map(index => ({
    ...podEnd(model, index),
    ports: portNumbers(model, index, port).map(number => ({
      protocol: port.protocol,
      port: number,
    })),
  }));
  const nameless = targets.filter(({ ports }) => ports.length === 0);
  return {
    targets,
    notes: nameless
      .slice(0, 5)
      .map(
        ({ text }) =>
          `${text} has no port that is called ${port.port}/${port.protocol}`,
      ),
  };
}

function podsOf(
  model: Reachability,
  end: Exclude<EndName, { type: 'service' | 'addresses' | 'outside' }>,
): number[] {
  if (end.type === 'namespace') {
    const found = indexes(model, ({ namespace }) => namespace === end.name);
    return orThrow(found, `namespace ${end.name} has no pods that run`);
  }
  if (end.type === 'pod') {
    const index = model.indexOfPod(end.namespace, end.name);
    return orThrow(
      index === undefined ? [] : [index],
      `there is no pod ${endText(
        end,
      )} that runs, and no workload of that name without pods`,
    );
  }
  const found = indexes(
    model,
    ({ namespace, workload }) =>
      namespace === end.namespace &&
      workload.name === end.name &&
      (end.kind === undefined ||
        workload.kind.toLowerCase() === end.kind.toLowerCase()),
  );
  return orThrow(found, `there is no workload ${endText(end)} with pods`);
}

function indexes(
  model: Reachability,
  accepts: (pod: Reachability['pods'][number]) => boolean,
): number[] {
  return model.pods.flatMap((pod, index) => (accepts(pod) ? [index] : []));
}

function orThrow(found: number[], message: string): number[] {
  if (found.length === 0) {
    throw new ReachQuestionError(message);
  }
  return found;
}

function outside(model: Reachability): ReachEnd[] {
  return model.cells.cells.flatMap(range => addressEnds(model, range));
}

function rangeOf(text: string): NonNullable<ReturnType<typeof parseIpRange>> {
  const range = parseIpRange(text);
  if (!range) {
    throw new ReachQuestionError(
      `${text} is no address, CIDR or range, such as 10.0.0.7, 10.0.0.0/8, 2001:db8::/32`,
    );
  }
  return range;
}

function serviceOf(
  routing: Routing,
  end: { namespace: string; name: string },
): Routing['services'][number] {
  const service = routing.services.find(
    ({ namespace, name }) => namespace === end.namespace && name === end.name,
  );
  if (!service) {
    throw new ReachQuestionError(
      `there is no Service ${end.namespace}/${end.name}`,
    );
  }
  return service;
}

function podsBehind(
  model: Reachability,
  routing: Routing,
  end: { namespace: string; name: string },
): number[] {
  const { targets } = serviceTargets(model, serviceOf(routing, end), undefined);
  return [...new Set(targets.flatMap(({ pod }) => pod ?? []))];
}
