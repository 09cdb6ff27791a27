import { KubernetesObject } from '../../objects/kubernetesObject';
import { ControlPlane } from '../controlPlane';

/** The node's own address. */
export function hostAddress(
  plane: ControlPlane,
  { spec }: KubernetesObject,
): string {
  const node = plane.get('Node', '', spec.nodeName);
  const internal = (node?.status?.addresses ?? []).find(
    ({ type }: { type: string }) => type === 'InternalIP',
  );
  return internal?.address ?? '192.168.10.10';
}

/** Gives pods addresses out of their nodes' ranges, as a CNI plugin does. */
export class PodAddresses {
  readonly #plane: ControlPlane;
  readonly #last = new Map<string, number>();

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  /** The next one that no pod has; a full range starts again. */
  next(nodeName: string): string {
    const range = this.#plane.get('Node', '', nodeName)?.spec?.podCIDR;
    const [a, b, c] = (range ?? '10.244.0.0/24').split('.');
    const taken = new Set(
      this.#plane.list('Pod').map(({ status }) => status?.podIP),
    );
    let last = this.#last.get(nodeName) ?? 1;
    for (let tries = 0; tries < 253; tries++) {
      last = last >= 254 ? 2 : last + 1;
      if (!taken.has(`${a}.${b}.${c}.${last}`)) {
        break;
      }
    }
    this.#last.set(nodeName, last);
    return `${a}.${b}.${c}.${last}`;
  }
}
