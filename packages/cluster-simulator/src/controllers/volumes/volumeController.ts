import { KubernetesObject } from '../../objects/kubernetesObject';
import { Change } from '../../storage/table';
import { Controller, keyOf, kindOf, splitKey } from '../controller';
import { ControlPlane } from '../controlPlane';
import { isActive } from '../podFactory';
import { claimNames } from '../scheduler/podClaims';
import { ClaimBinder } from './claimBinder';

const CLAIM_FINALIZER = 'kubernetes.io/pvc-protection';
const VOLUME_FINALIZER = 'kubernetes.io/pv-protection';

/** Claims and their volumes: binding, protection while in use, release. Keys with an empty namespace are volumes. */
export class VolumeController implements Controller {
  readonly name = 'persistentvolume';
  readonly #plane: ControlPlane;
  readonly #binder: ClaimBinder;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
    this.#binder = new ClaimBinder(plane);
  }

  *keysFor(change: Change): Iterable<string> {
    const { after } = change;
    switch (kindOf(change)) {
      case 'persistentvolumeclaims':
        yield after.key;
        if (after.object.spec.volumeName) {
          yield `/${after.object.spec.volumeName}`;
        }
        break;
      case 'persistentvolumes':
        yield after.key;
        yield* this.#claimsTouchedBy(after.object);
        break;
      case 'storageclasses.storage.k8s.io':
      case 'csidrivers.storage.k8s.io':
        yield* this.#plane
          .list('PersistentVolumeClaim')
          .filter(({ status }) => status?.phase === 'Pending')
          .map(keyOf);
        break;
      case 'pods':
        for (const name of claimNames(after.object)) {
          yield `${after.namespace}/${name}`;
        }
        break;
      default:
    }
  }

  reconcile(key: string): number | void {
    const [namespace, name] = splitKey(key);
    if (namespace === '') {
      this.#reconcileVolume(name);
      return undefined;
    }
    const claim = this.#plane.get('PersistentVolumeClaim', namespace, name);
    if (!claim) {
      return undefined;
    }
    if (claim.metadata.deletionTimestamp) {
      this.#unprotectClaim(claim);
      return undefined;
    }
    return this.#binder.reconcile(claim);
  }

  /** Its own claim, and every claim that it might satisfy now. */
  #claimsTouchedBy({ spec }: KubernetesObject): string[] {
    const own = spec.claimRef
      ? [`${spec.claimRef.namespace}/${spec.claimRef.name}`]
      : [];
    const pending = this.#plane
      .list('PersistentVolumeClaim')
      .filter(({ status }) => status?.phase === 'Pending')
      .map(keyOf);
    return [...own, ...pending];
  }

  #unprotectClaim(claim: KubernetesObject): void {
    const used = this.#plane
      .list('Pod', claim.metadata.namespace)
      .some(
        pod =>
          claimNames(pod).includes(claim.metadata.name) &&
          (isActive(pod) || pod.metadata.deletionTimestamp !== undefined),
      );
    if (!used) {
      this.#plane.change(claim, ({ metadata }) => {
        metadata.finalizers = metadata.finalizers?.filter(
          finalizer => finalizer !== CLAIM_FINALIZER,
        );
      });
    }
  }

  #reconcileVolume(name: string): void {
    const volume = this.#plane.get('PersistentVolume', '', name);
    if (!volume) {
      return;
    }
    const reference = volume.spec.claimRef;
    const claim =
      reference &&
      this.#plane.get(
        'PersistentVolumeClaim',
        reference.namespace,
        reference.name,
      );
    const isClaimed =
      claim !== undefined &&
      (reference.uid === undefined || claim.metadata.uid === reference.uid);
    if (!reference) {
      this.#setPhase(volume, 'Available');
    } else if (reference.uid && !isClaimed) {
      this.#release(volume);
      return;
    }
    if (volume.metadata.deletionTimestamp && !isClaimed) {
      this.#unprotectVolume(volume);
    }
  }

  /** A volume whose claim is gone: kept for a person to look at, or deleted with it. */
  #release(volume: KubernetesObject): void {
    this.#setPhase(volume, 'Released');
    if (volume.spec.persistentVolumeReclaimPolicy === 'Delete') {
      this.#plane.delete(volume);
    }
    if (
      this.#plane.get('PersistentVolume', '', volume.metadata.name)?.metadata
        .deletionTimestamp
    ) {
      this.#unprotectVolume(volume);
    }
  }

  #unprotectVolume(volume: KubernetesObject): void {
    this.#plane.change(volume, ({ metadata }) => {
      metadata.finalizers = metadata.finalizers?.filter(
        finalizer => finalizer !== VOLUME_FINALIZER,
      );
    });
  }

  #setPhase(volume: KubernetesObject, phase: string): void {
    if (volume.status?.phase !== phase) {
      this.#plane.changeStatus(volume, object => {
        object.status = {
          phase,
          lastPhaseTransitionTime: this.#plane.now(),
        };
      });
    }
  }
}
