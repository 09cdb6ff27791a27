import { KubernetesObject } from '../../objects/kubernetesObject';

/** Annotation on a pod (template) that says how its containers behave; the simulator's own. */
export const BEHAVIOUR_ANNOTATION = 'cluster-simulator/behaviour';
/** How long a container runs whose pod is to complete, in seconds. */
export const RUN_SECONDS_ANNOTATION = 'cluster-simulator/run-seconds';

export type Behaviour =
  /** Runs and becomes ready; ends with 0 when its pod does not restart it always. */
  | 'well'
  /** Exits with 1 soon after its start. */
  | 'crash'
  /** Runs and never becomes ready. */
  | 'unready'
  /** Its image is not in the registry. */
  | 'image-missing';

export function behaviourOf(
  { metadata }: KubernetesObject,
  image: string,
): Behaviour {
  const wanted = metadata.annotations?.[BEHAVIOUR_ANNOTATION];
  if (
    wanted === 'crash' ||
    wanted === 'unready' ||
    wanted === 'image-missing'
  ) {
    return wanted;
  }
  return /:.*(nonexistent|does-not-exist)/.test(image)
    ? 'image-missing'
    : 'well';
}

export function runMilliseconds({ metadata }: KubernetesObject): number {
  return Number(metadata.annotations?.[RUN_SECONDS_ANNOTATION] ?? 1) * 1000;
}
