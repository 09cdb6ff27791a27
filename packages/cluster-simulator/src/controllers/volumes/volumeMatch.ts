import { KubernetesObject } from '../../objects/kubernetesObject';
import { labelSelectorMatcher } from '../../selectors/labelSelector';
import { parseQuantity } from '../scheduler/quantity';

/** The smallest free volume that satisfies the claim; one that is reserved for the claim comes first. */
export function findVolume(
  claim: KubernetesObject,
  volumes: KubernetesObject[],
): KubernetesObject | undefined {
  const reserved = volumes.find(volume => isReservedFor(volume, claim));
  if (reserved) {
    return reserved;
  }
  return volumes
    .filter(volume => satisfies(volume, claim))
    .sort((a, b) => capacityOf(a) - capacityOf(b))[0];
}

export function isReservedFor(
  { spec }: KubernetesObject,
  { metadata }: KubernetesObject,
): boolean {
  const reference = spec.claimRef;
  return (
    reference !== undefined &&
    reference.name === metadata.name &&
    reference.namespace === metadata.namespace &&
    (reference.uid === undefined || reference.uid === metadata.uid)
  );
}

function satisfies(
  { metadata, spec, status }: KubernetesObject,
  { spec: wanted }: KubernetesObject,
): boolean {
  return (
    spec.claimRef === undefined &&
    ['Available', 'Pending'].includes(status?.phase ?? 'Pending') &&
    metadata.deletionTimestamp === undefined &&
    (spec.storageClassName ?? '') === (wanted.storageClassName ?? '') &&
    (spec.volumeMode ?? 'Filesystem') === (wanted.volumeMode ?? 'Filesystem') &&
    (wanted.accessModes ?? []).every((mode: string) =>
      spec.accessModes?.includes(mode),
    ) &&
    parseQuantity(spec.capacity?.storage) >=
      parseQuantity(wanted.resources?.requests?.storage) &&
    (wanted.selector === undefined ||
      labelSelectorMatcher(wanted.selector)(metadata.labels ?? {}))
  );
}

function capacityOf({ spec }: KubernetesObject): number {
  return parseQuantity(spec.capacity?.storage);
}
