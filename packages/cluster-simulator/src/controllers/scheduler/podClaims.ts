import { KubernetesObject } from '../../objects/kubernetesObject';
import { ControlPlane } from '../controlPlane';

export interface ScheduledClaims {
  /** Volumes of the pod's bound claims. */
  volumes: KubernetesObject[];
  /** Claims that are bound when a node is chosen. */
  waiting: KubernetesObject[];
}

/** Names of the claims that a pod mounts. */
export function claimNames({ metadata, spec }: KubernetesObject): string[] {
  return (spec.volumes ?? []).flatMap((volume: any) => {
    if (volume.persistentVolumeClaim) {
      return [volume.persistentVolumeClaim.claimName];
    }
    return volume.ephemeral ? [`${metadata.name}-${volume.name}`] : [];
  });
}

/** The claims of a pod as the scheduler sees them; a sentence when they let it run nowhere. */
export function podClaims(
  plane: ControlPlane,
  pod: KubernetesObject,
): ScheduledClaims | string {
  const result: ScheduledClaims = { volumes: [], waiting: [] };
  for (const name of claimNames(pod)) {
    const claim = plane.get(
      'PersistentVolumeClaim',
      pod.metadata.namespace!,
      name,
    );
    if (!claim) {
      return `persistentvolumeclaim "${name}" not found`;
    }
    if (claim.metadata.deletionTimestamp) {
      return `persistentvolumeclaim "${name}" is being deleted`;
    }
    if (claim.status?.phase === 'Lost') {
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`;
    }
    if (claim.status?.phase !== 'Bound') {
      const storageClass = plane.get(
        'StorageClass',
        '',
        claim.spec.storageClassName ?? '',
      );
      if (storageClass?.volumeBindingMode !== 'WaitForFirstConsumer') {
        return 'pod has unbound immediate PersistentVolumeClaims';
      }
      result.waiting.push(claim);
      continue;
    }
    const volume = plane.get('PersistentVolume', '', claim.spec.volumeName);
    if (volume) {
      result.volumes.push(volume);
    }
  }
  return result;
}
