import { KubernetesObject, OwnerReference } from '../objects/kubernetesObject';
import { StoredObject } from '../storage/storedObject';
import { Change } from '../storage/table';
import { Controller } from './controller';
import { ControlPlane } from './controlPlane';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Deletes what was owned by something that is gone. Keys are uids of owners. */
export class GarbageCollector implements Controller {
  readonly name = 'garbage-collector';
  readonly #plane: ControlPlane;
  readonly #live = new Map<string, StoredObject>();
  /** Uids of dependents by the uid of an owner. */
  readonly #dependents = new Map<string, Set<string>>();

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor({ before, after, deleted }: Change): Iterable<string> {
    this.#index(before, after, deleted);
    const { metadata } = after.object;
    const waits = metadata.finalizers?.some(finalizer =>
      [FOREGROUND, ORPHAN].includes(finalizer),
    );
    const keys =
      deleted || (metadata.deletionTimestamp && waits) ? [after.uid] : [];
    // An owner that is deleted in the foreground waits for each of its dependents.
    const owners = deleted
      ? (metadata.ownerReferences ?? []).map(({ uid }) => uid)
      : [];
    return [...keys, ...owners];
  }

  reconcile(uid: string): void {
    const owner = this.#live.get(uid)?.object;
    const dependents = [...(this.#dependents.get(uid) ?? [])].flatMap(
      dependent => this.#live.get(dependent) ?? [],
    );
    if (!owner) {
      dependents.forEach(dependent => this.#collect(dependent.object));
      return;
    }
    const { finalizers = [], deletionTimestamp } = owner.metadata;
    if (!deletionTimestamp) {
      return;
    }
    if (finalizers.includes(ORPHAN)) {
      dependents.forEach(dependent => this.#orphan(dependent.object, uid));
      this.#finish(owner, ORPHAN);
    } else if (finalizers.includes(FOREGROUND)) {
      const blocking = dependents.filter(({ object }) =>
        object.metadata.ownerReferences?.some(
          reference => reference.uid === uid && reference.blockOwnerDeletion,
        ),
      );
      if (blocking.length === 0) {
        this.#finish(owner, FOREGROUND);
      }
      for (const { object } of dependents) {
        if (!object.metadata.deletionTimestamp) {
          this.#plane.delete(object, { propagationPolicy: 'Foreground' });
        }
      }
    }
  }

  #index(
    before: StoredObject | undefined,
    after: StoredObject,
    deleted: boolean,
  ): void {
    const owners = (stored: StoredObject | undefined): OwnerReference[] =>
      stored?.object.metadata.ownerReferences ?? [];
    for (const { uid } of owners(before)) {
      this.#dependents.get(uid)?.delete(after.uid);
      if (this.#dependents.get(uid)?.size === 0) {
        this.#dependents.delete(uid);
      }
    }
    if (deleted) {
      this.#live.delete(after.uid);
      return;
    }
    this.#live.set(after.uid, after);
    for (const { uid } of owners(after)) {
      const dependents = this.#dependents.get(uid) ?? new Set();
      this.#dependents.set(uid, dependents.add(after.uid));
    }
  }

  /** Deletes the object, or cuts off its gone owner when another lives. */
  #collect(object: KubernetesObject): void {
    const owners = object.metadata.ownerReferences ?? [];
    const living = owners.filter(({ uid }) => this.#live.has(uid));
    if (living.length > 0) {
      this.#plane.change(object, ({ metadata }) => {
        metadata.ownerReferences = living;
      });
    } else if (!object.metadata.deletionTimestamp) {
      this.#plane.delete(object);
    }
  }

  #orphan(object: KubernetesObject, uid: string): void {
    this.#plane.change(object, ({ metadata }) => {
      metadata.ownerReferences = metadata.ownerReferences?.filter(
        owner => owner.uid !== uid,
      );
    });
  }

  #finish(owner: KubernetesObject, finalizer: string): void {
    this.#plane.change(owner, ({ metadata }) => {
      metadata.finalizers = metadata.finalizers?.filter(
        other => other !== finalizer,
      );
    });
  }
}
