import { KubernetesObject } from '../objects/kubernetesObject';
import type { Application } from './generatedApplication';
import { Stamp } from './stamp';

/** A bound claim and its volume. */
export function* claimWithVolume(
  stamp: Stamp,
  { namespace, name }: Application,
  labels: Record<string, string>,
): Generator<KubernetesObject> {
  const volumeName = `pvc-${stamp.names.uid()}`;
  const accessModes = ['ReadWriteMany'];
  const claim = stamp.object(
    'v1',
    'PersistentVolumeClaim',
    {
      name: `${name}-data`,
      namespace,
      labels,
      finalizers: ['kubernetes.io/pvc-protection'],
    },
    {
      spec: {
        accessModes,
        resources: { requests: { storage: '10Gi' } },
        volumeName,
        storageClassName: 'standard',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Bound', accessModes, capacity: { storage: '10Gi' } },
    },
  );
  yield claim;
  const { uid } = claim.metadata;
  yield stamp.object(
    'v1',
    'PersistentVolume',
    { name: volumeName, finalizers: ['kubernetes.io/pv-protection'] },
    {
      spec: {
        capacity: { storage: '10Gi' },
        csi: {
          driver: 'hostpath.csi.simulator.example',
          volumeHandle: volumeName,
        },
        accessModes,
        claimRef: {
          kind: 'PersistentVolumeClaim',
          namespace,
          name: `${name}-data`,
          uid,
          apiVersion: 'v1',
        },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'standard',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Bound', lastPhaseTransitionTime: stamp.time },
    },
  );
}
