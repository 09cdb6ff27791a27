import { KubernetesObject } from '../../objects/kubernetesObject';
import { ControlPlane } from '../controlPlane';
import { findVolume } from './volumeMatch';

const SOURCE = { component: 'persistentvolume-controller' };
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const RESYNC_MILLISECONDS = 15_000;
const PROVISION_MILLISECONDS = 500;

/** Finds or makes the volume of a claim, and says in the real binder's words why there is none. */
export class ClaimBinder {
  readonly #plane: ControlPlane;
  /** Claims whose provisioner is at work, by uid: since when. */
  readonly #provisioning = new Map<string, number>();

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  /** The answer, if any: try again after so many milliseconds. */
  reconcile(claim: KubernetesObject): number | void {
    if (claim.status?.phase === 'Bound') {
      this.#checkBound(claim);
      return undefined;
    }
    if (claim.status?.phase === 'Lost') {
      return undefined;
    }
    const storageClass = this.#classOf(claim);
    if (storageClass && claim.spec.storageClassName === undefined) {
      this.#plane.change(claim, ({ spec }) => {
        spec.storageClassName = storageClass.metadata.name;
      });
      return 0;
    }
    const waitsForPod =
      storageClass?.volumeBindingMode === 'WaitForFirstConsumer' &&
      !claim.metadata.annotations?.[SELECTED_NODE];
    if (waitsForPod) {
      this.#record(
        claim,
        'Normal',
        'WaitForFirstConsumer',
        'waiting for first consumer to be created before binding',
      );
      return undefined;
    }
    const named = claim.spec.volumeName;
    const volume = named
      ? this.#plane.get('PersistentVolume', '', named)
      : findVolume(claim, this.#plane.list('PersistentVolume'));
    if (volume) {
      this.#bind(claim, volume, named !== undefined);
      return undefined;
    }
    return named ? undefined : this.#provision(claim, storageClass);
  }

  #classOf({ spec }: KubernetesObject): KubernetesObject | undefined {
    return spec.storageClassName === undefined
      ? this.#plane
          .list('StorageClass')
          .find(
            ({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true',
          )
      : this.#plane.get('StorageClass', '', spec.storageClassName);
  }

  #provision(
    claim: KubernetesObject,
    storageClass: KubernetesObject | undefined,
  ): number {
    const wanted = claim.spec.storageClassName ?? '';
    const again = this.#plane.pace(RESYNC_MILLISECONDS);
    if (wanted === '') {
      this.#record(
        claim,
        'Normal',
        'FailedBinding',
        'no persistent volumes available for this claim and no storage class is set',
      );
      return again;
    }
    if (!storageClass) {
      this.#record(
        claim,
        'Warning',
        'ProvisioningFailed',
        `storageclass.storage.k8s.io "${wanted}" not found`,
      );
      return again;
    }
    const { provisioner } = storageClass;
    if (provisioner.startsWith('kubernetes.io/')) {
      this.#record(
        claim,
        'Warning',
        'ProvisioningFailed',
        `no volume plugin matched name: ${provisioner}`,
      );
      return again;
    }
    // A provisioner without its CSIDriver is one that nobody runs.
    if (!this.#plane.get('CSIDriver', '', provisioner)) {
      this.#announceProvisioner(claim, provisioner);
      return again;
    }
    const uid = claim.metadata.uid!;
    const since = this.#provisioning.get(uid);
    const takes = this.#plane.pace(PROVISION_MILLISECONDS);
    if (since === undefined) {
      this.#announceProvisioner(claim, provisioner);
      this.#provisioning.set(uid, this.#plane.clock.now());
      return takes;
    }
    const left = since + takes - this.#plane.clock.now();
    if (left > 0) {
      return left;
    }
    this.#provisioning.delete(uid);
    this.#makeVolume(claim, storageClass);
    return 0;
  }

  #announceProvisioner(claim: KubernetesObject, provisioner: string): void {
    this.#plane.change(claim, ({ metadata }) => {
      metadata.annotations = {
        ...metadata.annotations,
        'volume.beta.kubernetes.io/storage-provisioner': provisioner,
        'volume.kubernetes.io/storage-provisioner': provisioner,
      };
    });
    this.#record(
      claim,
      'Normal',
      'ExternalProvisioning',
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
    );
  }

  #makeVolume(claim: KubernetesObject, storageClass: KubernetesObject): void {
    const { metadata, spec } = claim;
    const { provisioner } = storageClass;
    const name = `pvc-${metadata.uid}`;
    const source = { component: `${provisioner}_csi-provisioner-0` };
    this.#plane.events.record(
      claim,
      'Normal',
      'Provisioning',
      `External provisioner is provisioning volume for claim "${metadata.namespace}/${metadata.name}"`,
      source,
    );
    this.#plane.create(
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: {
          name,
          annotations: { 'pv.kubernetes.io/provisioned-by': provisioner },
        },
        spec: {
          capacity: { storage: spec.resources.requests.storage },
          csi: { driver: provisioner, volumeHandle: name },
          accessModes: spec.accessModes,
          claimRef: referenceTo(claim),
          persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
          storageClassName: storageClass.metadata.name,
          volumeMode: spec.volumeMode,
        },
      },
      { manager: 'csi-provisioner' },
    );
    this.#plane.events.record(
      claim,
      'Normal',
      'ProvisioningSucceeded',
      `Successfully provisioned volume ${name}`,
      source,
    );
  }

  #bind(
    claim: KubernetesObject,
    volume: KubernetesObject,
    chosenByUser: boolean,
  ): void {
    const reserved = volume.spec.claimRef !== undefined;
    this.#plane.change(volume, object => {
      object.spec.claimRef = referenceTo(claim);
      if (!reserved) {
        object.metadata.annotations = {
          ...object.metadata.annotations,
          'pv.kubernetes.io/bound-by-controller': 'yes',
        };
      }
    });
    this.#plane.changeStatus(volume, object => {
      object.status = {
        phase: 'Bound',
        lastPhaseTransitionTime: this.#plane.now(),
      };
    });
    this.#plane.change(claim, object => {
      object.spec.volumeName = volume.metadata.name;
      object.metadata.annotations = {
        ...object.metadata.annotations,
        'pv.kubernetes.io/bind-completed': 'yes',
        ...(!chosenByUser && { 'pv.kubernetes.io/bound-by-controller': 'yes' }),
      };
    });
    this.#plane.changeStatus(claim, object => {
      object.status = {
        phase: 'Bound',
        accessModes: volume.spec.accessModes,
        capacity: volume.spec.capacity,
      };
    });
  }

  /** A claim whose volume is gone is lost for good. */
  #checkBound(claim: KubernetesObject): void {
    if (this.#plane.get('PersistentVolume', '', claim.spec.volumeName)) {
      return;
    }
    this.#plane.changeStatus(claim, object => {
      object.status = { phase: 'Lost' };
    });
    this.#record(
      claim,
      'Warning',
      'ClaimLost',
      'Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    );
  }

  #record(
    claim: KubernetesObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    this.#plane.events.record(claim, type, reason, message, SOURCE);
  }
}

function referenceTo({ metadata }: KubernetesObject) {
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    kind: 'PersistentVolumeClaim',
    namespace,
    name,
    uid,
    apiVersion: 'v1',
    resourceVersion,
  };
}
