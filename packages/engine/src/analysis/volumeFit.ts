import { Json } from '../kinds/observation';
import { CausalGraphNode } from './causalGraph';
import { parseQuantity } from './quantity';

/** What a PersistentVolumeClaim asks for, as its node's properties have it. */
export interface ClaimRequest {
  storage?: string;
  accessModes: string[];
  volumeMode: string;
  storageClass: string;
  /** `spec.volumeName`: the one volume that is asked for. */
  volumeName?: string;
  /** `spec.selector.matchLabels`. */
  matchLabels: Record<string, string>;
}

export interface VolumeOffer {
  capacity?: string;
  accessModes: string[];
  volumeMode: string;
  storageClass: string;
  /** `status.phase`. */
  phase: string;
  /** Name of the claim that it is bound to or held for. */
  claim?: string;
  labels: Record<string, string>;
}

export function claimRequest(claim: CausalGraphNode): ClaimRequest {
  const { properties } = claim;
  const request = properties.Request ?? properties.Requests;
  return {
    storage: quantityIn(request) ?? text(properties.RequestedStorage),
    accessModes: texts(properties.AccessModes),
    volumeMode: text(properties.VolumeMode) ?? 'Filesystem',
    storageClass: text(properties.StorageClassName) ?? '',
    volumeName: text(properties.VolumeName),
    matchLabels: record(properties.Selector),
  };
}

export function volumeOffer(volume: CausalGraphNode): VolumeOffer {
  const { properties } = volume;
  return {
    capacity: quantityIn(properties.Capacity),
    accessModes: texts(properties.AccessModes),
    volumeMode: text(properties.VolumeMode) ?? 'Filesystem',
    storageClass: text(properties.StorageClassName) ?? '',
    phase: text(properties.Status) ?? '',
    claim: text(properties.ClaimRef),
    labels: volume.labels,
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
  if (volume.phase === 'Bound' || volume.phase === 'Released') {
    found.push(
      `is ${volume.phase.toLowerCase()}${
        volume.claim
          ? volume.phase === 'Bound'
            ? ` to claim ${volume.claim}`
            : ` by claim ${volume.claim} and not free again`
          : ''
      }`,
    );
  } else if (volume.phase === 'Failed') {
    found.push('has failed');
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
  const unlike = Object.entries(claim.matchLabels).find(
    ([key, value]) => volume.labels[key] !== value,
  );
  if (unlike) {
    const [key, value] = unlike;
    found.push(
      `${
        volume.labels[key] === undefined
          ? `has no label ${key}`
          : `has label ${key}=${volume.labels[key]}`
      }, the claim selects ${key}=${value}`,
    );
  }
  return found;
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

function record(value: Json | undefined): Record<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return {};
  }
  const labels = value.matchLabels ?? value.MatchLabels ?? value;
  return labels !== null && typeof labels === 'object' && !Array.isArray(labels)
    ? Object.fromEntries(
        Object.entries(labels).flatMap(([key, entry]) =>
          typeof entry === 'string' ? [[key, entry]] : [],
        ),
      )
    : {};
}

/** `{ storage: '1Gi' }`, or the bare quantity. */
function quantityIn(value: Json | undefined): string | undefined {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return text(value.storage);
  }
  return text(value);
}
