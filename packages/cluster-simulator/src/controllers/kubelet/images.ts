import { KubernetesObject } from '../../objects/kubernetesObject';
import { RandomNames } from '../../writes/randomNames';
import { behaviourOf } from './behaviour';

type Fields = Record<string, any>;

/** What a pull does: events of the container, and what it waits for when the image cannot be had. */
export interface Pull {
  events: [type: 'Normal' | 'Warning', reason: string, message: string][];
  waiting?: { reason: string; message: string };
}

/** The images that each node has, and the registry behind them. */
export class Images {
  readonly #names: RandomNames;
  /** `node image`. */
  readonly #present = new Set<string>();

  constructor(names: RandomNames) {
    this.#names = names;
  }

  pull(pod: KubernetesObject, { name, image, imagePullPolicy }: Fields): Pull {
    if (behaviourOf(pod, image) === 'image-missing') {
      return missing(image, triedBefore(pod, name));
    }
    const known = `${pod.spec.nodeName} ${image}`;
    if (this.#present.has(known) && imagePullPolicy !== 'Always') {
      const message = `Container image "${image}" already present on machine`;
      return { events: [['Normal', 'Pulled', message]] };
    }
    this.#present.add(known);
    const took = `${200 + this.#names.below(600)}ms`;
    const size = 20_000_000 + this.#names.below(40_000_000);
    return {
      events: [
        ['Normal', 'Pulling', `Pulling image "${image}"`],
        [
          'Normal',
          'Pulled',
          `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${size} bytes.`,
        ],
      ],
    };
  }
}

/** `nginx:1` is `docker.io/library/nginx:1`. */
export function fullImage(image: string): string {
  const named = /[:@]/.test(image.slice(image.lastIndexOf('/') + 1))
    ? image
    : `${image}:latest`;
  const [host, ...path] = named.split('/');
  if (path.length === 0) {
    return `docker.io/library/${named}`;
  }
  return /[.:]|^localhost$/.test(host) ? named : `docker.io/${named}`;
}

/** The same for the same image. */
export function imageId(image: string): string {
  const digest = Buffer.from(image).toString('hex').padEnd(64, '0').slice(-64);
  return `${fullImage(image).replace(/:[^:/]*$/, '')}@sha256:${digest}`;
}

/** The first try fails with the registry's words, later ones are the back-off. */
function missing(image: string, again: boolean): Pull {
  const error = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  const backOff = `Back-off pulling image "${image}"`;
  return {
    events: [
      ['Normal', 'Pulling', `Pulling image "${image}"`],
      ['Warning', 'Failed', `Failed to pull image "${image}": ${error}`],
      ['Warning', 'Failed', 'Error: ErrImagePull'],
      ...(again
        ? ([
            ['Normal', 'BackOff', backOff],
            ['Warning', 'Failed', 'Error: ImagePullBackOff'],
          ] as Pull['events'])
        : []),
    ],
    waiting: again
      ? { reason: 'ImagePullBackOff', message: backOff }
      : { reason: 'ErrImagePull', message: error },
  };
}

function triedBefore({ status }: KubernetesObject, name: string): boolean {
  const statuses: Fields[] = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ];
  return statuses.some(
    container =>
      container.name === name &&
      /ImagePull/.test(container.state.waiting?.reason ?? ''),
  );
}
