import {
  LabelSelector,
  matchesLabels,
  selectorFromObject,
  selectorText,
} from '../kinds/labelSelector';
import { Json } from '../kinds/observation';
import { CausalGraphNode } from './causalGraph';
import { parseQuantity } from './quantity';

/** What a PersistentVolumeClaim asks for, as its node's properties have it. */
export interface ClaimRequest {
  storage?: string;
  accessModes: string[];
  volumeMode: string;
  /** `''` for none. */
  storageClass: string;
  /** `spec.volumeName`: the one volume that is asked for. */
  volumeName?: string;
  /** `spec.selector`; volumes without one of its labels are not for this claim. */
  selector: LabelSelector;
}

export interface VolumeOffer {
  capacity?: string;
  accessModes: string[];
  volumeMode: string;
  storageClass: string;
  /** `status.phase`. */
  phase: string;
  /** `namespace/name` of the claim that it is bound to or held for. */
  claim?: string;
  labels: Record<string, string>;
}

export function claimRequest({ properties }: CausalGraphNode): ClaimRequest {
  return {
    storage: text(properties.StorageRequest),
    accessModes: texts(properties.AccessModes),
    volumeMode: text(properties.VolumeMode) ?? 'Filesystem',
    storageClass: text(properties.StorageClassName) ?? '',
    volumeName: text(properties.VolumeName),
    selector: selectorFromObject(record(properties.Selector)) ?? [],
  };
}

export function volumeOffer({
  properties,
  labels,
}: CausalGraphNode): VolumeOffer {
  const claim = text(properties.ClaimRef);
  return {
    capacity: text(record(properties.Capacity)?.storage),
    accessModes: texts(properties.AccessModes),
    volumeMode: text(properties.VolumeMode) ?? 'Filesystem',
    storageClass: text(properties.StorageClassName) ?? '',
    phase: text(properties.Status) ?? '',
    claim: claim && `${text(properties.ClaimNamespace) ?? ''}/${claim}`,
    labels,
  };
}

/**
 * Why a volume does not satisfy a claim, one phrase per reason in the order in which the binder looks; empty when it
 * does. What is not known is not held against the volume.
 */
export function misfits(claim: ClaimRequest, volume: VolumeOffer): string[] {
  const found: string[] = [];
  if (volume.storageClass !== claim.storageClass) {
    found.push(
      `has ${className(volume.storageClass)}, the claim asks for ${className(
        claim.storageClass,
      )}`,
    );
  }
  const taken = takenBy(volume);
  if (taken) {
    found.push(taken);
  }
  const offered = parseQuantity(volume.capacity);
  const asked = parseQuantity(claim.storage);
  if (offered !== undefined && asked !== undefined && offered < asked) {
    found.push(
      `offers ${volume.capacity}, the claim asks for ${claim.storage}`,
    );
  }
  const lacking = claim.accessModes.filter(
    mode => !volume.accessModes.includes(mode),
  );
  if (lacking.length > 0) {
    found.push(
      `allows ${
        volume.accessModes.join(', ') || 'no access mode'
      }, the claim asks for ${lacking.join(', ')}`,
    );
  }
  if (volume.volumeMode !== claim.volumeMode) {
    found.push(
      `has volume mode ${volume.volumeMode}, the claim asks for ${claim.volumeMode}`,
    );
  }
  if (!matchesLabels(claim.selector, volume.labels)) {
    found.push(
      `does not have the labels that the claim selects (${selectorText(
        claim.selector,
      )})`,
    );
  }
  return found;
}

/** A volume that was bound is not free again before somebody clears its claim reference (S068). */
function takenBy({ phase, claim = 'another claim' }: VolumeOffer) {
  switch (phase) {
    case 'Bound':
      return `is bound to claim ${claim}`;
    case 'Released':
      return `is released by claim ${claim} and not free again`;
    case 'Failed':
      return 'has failed';
    default:
      return undefined;
  }
}

function className(name: string): string {
  return name === '' ? 'no storage class' : `storage class ${name}`;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function record(value: Json | undefined): { [key: string]: Json } | undefined {
  return value && typeof value === 'object' && !Array.isArray(value)
    ? value
    : undefined;
}
