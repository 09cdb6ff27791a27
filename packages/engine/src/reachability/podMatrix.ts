import { exemption } from './decision';
import { PortRows } from './portRows';
import { Protocol } from './portSet';
import { Reachability } from './reachability';
import { podText } from './reachabilityInput';

/** A port as one asks for it: a number, or a name that each destination resolves for itself. */
export interface AskedPort {
  protocol: Protocol;
  port: number | string;
}

export interface PodMatrix {
  /** `ns/name`, in order. */
  pods: string[];
  /** `80/TCP`. */
  ports: string[];
  /** By port, source, destination. */
  allowed: boolean[][][];
}

/** Pods that a matrix shows at most: it has as many cells as their square. */
export const MOST_MATRIX_PODS = 5_000;

export function askedPortText({ port, protocol }: AskedPort): string {
  return `${port}/${protocol}`;
}

/**
 * Who reaches whom among these pods (default: all). What is unknown is not said to be allowed.
 *
 * @throws RangeError for more than `MOST_MATRIX_PODS` pods
 */
export function podMatrix(
  model: Reachability,
  ports: readonly AskedPort[],
  pods: readonly number[] = model.pods.map((_, index) => index),
): PodMatrix {
  if (pods.length > MOST_MATRIX_PODS) {
    throw new RangeError(
      `a matrix of ${pods.length} pods is too large (at most ${MOST_MATRIX_PODS}); ask for one namespace, or by workload`,
    );
  }
  const rows = new PortRows(model);
  return {
    pods: pods.map(index => podText(model.pods[index])),
    ports: ports.map(askedPortText),
    allowed: ports.map(asked => {
      const numbers = pods.map(index => portNumbers(model, index, asked));
      const { protocol } = asked;
      return pods.map(source => {
        const from = model.classOf[source];
        const egress = rows.egress(from);
        return pods.map((destination, at) => {
          if (exemption(model, source, destination)) {
            return numbers[at].length > 0;
          }
          const to = model.classOf[destination];
          const id = rows.ports.intersection(
            egress[to],
            rows.ingress(to)[from],
          );
          return numbers[at].some(port =>
            rows.ports.contains(id, protocol, port),
          );
        });
      });
    }),
  };
}

/** The numbers that an asked port has at a pod. */
export function portNumbers(
  model: Reachability,
  pod: number,
  { protocol, port }: AskedPort,
): number[] {
  return typeof port === 'number'
    ? [port]
    : [
        ...new Set(
          model.pods[pod].namedPorts
            .filter(named => named.name === port && named.protocol === protocol)
            .map(named => named.port),
        ),
      ];
}
