import { Clock } from '../clock';
import { KubernetesObject, timestamp } from '../objects/kubernetesObject';
import {
  apiVersionOf,
  groupResource,
  ResourceType,
} from '../resources/resourceType';
import { TypeRegistry } from '../resources/typeRegistry';
import { StatusError } from '../server/statusError';
import { Storage } from '../storage/storage';
import { StoredObject } from '../storage/storedObject';
import { defaultCreated, defaultWritten } from './defaults/objectDefaults';
import { deepEqual } from './fieldsTree';
import { managedFieldsAfter, Writer } from './managedFields';
import { RandomNames } from './randomNames';
import { hasGeneration, validateCreate, validateUpdate } from './validation';

export interface WriteOptions extends Writer {
  /** All checks, no write; the answer is what would be. */
  dryRun?: boolean;
  /** A privileged writer (scheduler, restore) may change what clients may not. */
  internal?: boolean;
}

/** The API server's rules for creating and changing objects: who may set what, what is filled in, what is counted. */
export class ObjectWriter {
  readonly names: RandomNames;
  readonly #storage: Storage;
  readonly #types: TypeRegistry;
  readonly #clock: Clock;

  constructor(
    storage: Storage,
    types: TypeRegistry,
    clock: Clock,
    names: RandomNames,
  ) {
    this.#storage = storage;
    this.#types = types;
    this.#clock = clock;
    this.names = names;
  }

  /** The time as objects carry it. */
  now(): string {
    return timestamp(this.#clock.now());
  }

  /** @throws {StatusError} 400, 403, 404, 409, 422 */
  create(
    type: ResourceType,
    given: KubernetesObject,
    options: WriteOptions,
  ): StoredObject {
    const object = structuredClone(given);
    const { metadata } = object;
    if (!metadata.name && metadata.generateName) {
      metadata.name = metadata.generateName + this.names.suffix();
    }
    validateCreate(type, object, this.#storage);
    if (this.#storage.get(type, metadata.namespace ?? '', metadata.name)) {
      throw StatusError.alreadyExists(type, metadata.name);
    }
    metadata.uid = this.names.uid();
    metadata.creationTimestamp = timestamp(this.#clock.now());
    delete metadata.resourceVersion;
    delete metadata.deletionTimestamp;
    delete metadata.deletionGracePeriodSeconds;
    delete metadata.managedFields;
    if (hasGeneration(type)) {
      metadata.generation = 1;
    }
    // A kubelet registers its node with the status that it has.
    if (type.subresources.includes('status') && type.kind !== 'Node') {
      delete object.status;
    }
    defaultCreated(type, object, this.names);
    metadata.managedFields = managedFieldsAfter(
      undefined,
      // What the server itself fills into the status is nobody's.
      { ...object, status: undefined },
      options,
      this.#clock.now(),
    );
    return this.#put(type, object, options);
  }

  /**
   * Replaces an object: through the main resource all but its status, through `/status` only its status. Without a
   * change nothing is written and the resource version stays.
   * @throws {StatusError} 404, 409, 422
   */
  update(
    type: ResourceType,
    given: KubernetesObject,
    options: WriteOptions,
  ): StoredObject {
    const stored = this.#existing(type, given);
    const old = stored.object;
    const { uid, resourceVersion } = given.metadata;
    if (uid !== undefined && uid !== stored.uid) {
      throw StatusError.conflict(
        type,
        stored.name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${stored.uid}`,
      );
    }
    if (
      resourceVersion !== undefined &&
      resourceVersion !== '' &&
      resourceVersion !== String(stored.revision)
    ) {
      throw StatusError.conflict(type, stored.name);
    }
    const object = structuredClone(
      options.subresource === 'status'
        ? { ...old, status: given.status }
        : withStatusOf(type, given, old),
    );
    object.apiVersion = apiVersionOf(type);
    object.kind = type.kind;
    this.#keepSystemMetadata(object, old);
    if (options.subresource !== 'status') {
      defaultWritten(type, object);
      if (!options.internal) {
        validateUpdate(type, old, object);
      }
    }
    if (deepEqual(unversioned(old), unversioned(object))) {
      return stored;
    }
    if (
      hasGeneration(type) &&
      options.subresource !== 'status' &&
      !deepEqual(desired(old), desired(object))
    ) {
      object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    }
    object.metadata.managedFields = managedFieldsAfter(
      old,
      object,
      options,
      this.#clock.now(),
    );
    return this.#put(type, object, options);
  }

  /** Reads, changes a copy, writes. @throws as `update`, and what `change` throws */
  change(
    type: ResourceType,
    namespace: string,
    name: string,
    options: WriteOptions,
    change: (object: KubernetesObject) => KubernetesObject | void,
  ): StoredObject {
    const stored = this.#storage.get(type, namespace, name);
    if (!stored) {
      throw StatusError.notFound(type, name);
    }
    const copy = structuredClone(stored.object);
    return this.update(type, change(copy) ?? copy, options);
  }

  #existing(type: ResourceType, { metadata }: KubernetesObject): StoredObject {
    const stored = this.#storage.get(
      type,
      metadata.namespace ?? '',
      metadata.name,
    );
    if (!stored) {
      throw StatusError.notFound(type, metadata.name);
    }
    return stored;
  }

  #keepSystemMetadata(object: KubernetesObject, old: KubernetesObject): void {
    const { labels, annotations, finalizers, ownerReferences } =
      object.metadata;
    object.metadata = {
      ...old.metadata,
      labels,
      annotations,
      finalizers: finalizers?.length ? finalizers : undefined,
      ownerReferences: ownerReferences?.length ? ownerReferences : undefined,
    };
  }

  #put(
    type: ResourceType,
    object: KubernetesObject,
    { dryRun }: WriteOptions,
  ): StoredObject {
    if (dryRun) {
      return new StoredObject(type, object, this.#storage.revision);
    }
    if (
      groupResource(type) === 'customresourcedefinitions.apiextensions.k8s.io'
    ) {
      this.#types.define(object);
    }
    const stored = this.#storage.put(type, object);
    return isFinished(object) ? this.#storage.remove(stored) : stored;
  }
}

/** An object that was only waiting for its finalizers, or a namespace for its own, goes with the last of them. */
function isFinished({ kind, metadata, spec }: KubernetesObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined &&
    !metadata.finalizers?.length &&
    (metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
    !(kind === 'Namespace' && spec?.finalizers?.length)
  );
}

function withStatusOf(
  type: ResourceType,
  given: KubernetesObject,
  old: KubernetesObject,
): KubernetesObject {
  if (!type.subresources.includes('status')) {
    return given;
  }
  const { status: _, ...rest } = given;
  return (
    old.status === undefined ? rest : { ...rest, status: old.status }
  ) as KubernetesObject;
}

/** What counts as a change. */
function unversioned(object: KubernetesObject): unknown {
  const { resourceVersion, managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** What a new generation is counted for. */
function desired(object: KubernetesObject): unknown {
  const { apiVersion, kind, metadata, status, ...rest } = object;
  return rest;
}
