import { AskedPort, askedPortText } from './askedPort';
import { exemption } from './decision';
import { PassingRows } from './passingRows';
import { Reachability } from './reachability';
import { podText } from './reachabilityInput';

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
  const passing = new PassingRows(model);
  return {
    pods: pods.map(index => podText(model.pods[index])),
    ports: ports.map(askedPortText),
    allowed: ports.map(asked => {
      const numbers = pods.map(index => portNumbers(model, index, asked));
      const into = pods.map((index, at) =>
        numbers[at].map(port =>
          passing.ingress(model.classOf[index], asked.protocol, port),
        ),
      );
      return pods.map(source => {
        const from = model.classOf[source];
        return pods.map((destination, at) => {
          const to = model.classOf[destination];
          return numbers[at].some(
            (port, each) =>
              (into[at][each][from] === 1 &&
                passing.egress(from, asked.protocol, port)[to] === 1) ||
              exemption(model, source, destination) !== undefined,
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
