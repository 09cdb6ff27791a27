import { Clock } from '../clock';
import { KubernetesObject, timestamp } from '../objects/kubernetesObject';
import { groupResource, ResourceType } from '../resources/resourceType';
import { TypeRegistry } from '../resources/typeRegistry';
import { StatusError } from '../server/statusError';
import { Storage } from '../storage/storage';
import { StoredObject } from '../storage/storedObject';
import { endDefinition, terminating } from './definitionRemoval';

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: boolean;
}

export interface Removal {
  object: StoredObject;
  /** False: it waits for its grace period or its finalizers. */
  gone: boolean;
}

const DEFAULT_GRACE_SECONDS = 30;

/** The API server's rules for deleting: grace of pods, finalizers, preconditions. */
export class ObjectRemover {
  readonly #storage: Storage;
  readonly #types: TypeRegistry;
  readonly #clock: Clock;

  constructor(storage: Storage, types: TypeRegistry, clock: Clock) {
    this.#storage = storage;
    this.#types = types;
    this.#clock = clock;
  }

  /** @throws {StatusError} 404, 409 */
  remove(
    type: ResourceType,
    namespace: string,
    name: string,
    options: DeleteOptions = {},
  ): Removal {
    const stored = this.#storage.get(type, namespace, name);
    if (!stored) {
      throw StatusError.notFound(type, name);
    }
    checkPreconditions(type, stored, options);
    if (isDefinition(type)) {
      return this.#removeDefinition(type, stored, options);
    }
    const object = structuredClone(stored.object);
    const { metadata } = object;
    const grace = graceOf(type, object, options);
    addPropagationFinalizer(object, options.propagationPolicy);
    const waits =
      grace > 0 ||
      (metadata.finalizers ?? []).length > 0 ||
      (groupResource(type) === 'namespaces' &&
        object.spec?.finalizers?.length > 0);
    if (options.dryRun) {
      return { object: stored, gone: !waits };
    }
    if (!waits) {
      return { object: this.#storage.remove(stored), gone: true };
    }
    const sooner =
      metadata.deletionGracePeriodSeconds === undefined ||
      grace < metadata.deletionGracePeriodSeconds;
    if (metadata.deletionTimestamp && !sooner) {
      return { object: stored, gone: false };
    }
    metadata.deletionTimestamp = timestamp(this.#clock.now() + grace * 1000);
    metadata.deletionGracePeriodSeconds = grace;
    if (metadata.generation !== undefined) {
      metadata.generation += 1;
    }
    if (groupResource(type) === 'namespaces') {
      object.status = { ...object.status, phase: 'Terminating' };
    }
    return { object: this.#storage.put(type, object), gone: false };
  }

  /** The custom resources go first; one that waits for its finalizers keeps the definition. */
  #removeDefinition(
    type: ResourceType,
    stored: StoredObject,
    options: DeleteOptions,
  ): Removal {
    const { group, names } = stored.object.spec;
    const resources = this.#storage.table({ group, resource: names.plural });
    if (options.dryRun) {
      return { object: stored, gone: resources.size === 0 };
    }
    const { metadata } = stored.object;
    if (!metadata.deletionTimestamp) {
      this.#storage.put(
        type,
        terminating(stored.object, timestamp(this.#clock.now())),
      );
      for (const { type: kind, namespace, name } of [...resources.objects()]) {
        this.remove(kind, namespace, name, options);
      }
      endDefinition(this.#storage, this.#types, stored.name);
    }
    const left = this.#storage.get(type, '', stored.name);
    return { object: left ?? stored, gone: left === undefined };
  }
}

function isDefinition(type: ResourceType): boolean {
  return (
    groupResource(type) === 'customresourcedefinitions.apiextensions.k8s.io'
  );
}

function checkPreconditions(
  type: ResourceType,
  stored: StoredObject,
  { preconditions }: DeleteOptions,
): void {
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid !== undefined && uid !== stored.uid) {
    throw StatusError.conflict(
      type,
      stored.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${stored.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (
    resourceVersion !== undefined &&
    resourceVersion !== String(stored.revision)
  ) {
    throw StatusError.conflict(
      type,
      stored.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${stored.revision}). The object might have been modified`,
    );
  }
}

/** Only pods stop gracefully, and only those that run. */
function graceOf(
  type: ResourceType,
  { spec, status }: KubernetesObject,
  { gracePeriodSeconds }: DeleteOptions,
): number {
  if (groupResource(type) !== 'pods') {
    return 0;
  }
  if (
    !spec.nodeName ||
    status?.phase === 'Succeeded' ||
    status?.phase === 'Failed'
  ) {
    return 0;
  }
  return (
    gracePeriodSeconds ??
    spec.terminationGracePeriodSeconds ??
    DEFAULT_GRACE_SECONDS
  );
}

function addPropagationFinalizer(
  { metadata }: KubernetesObject,
  policy: DeleteOptions['propagationPolicy'],
): void {
  const finalizer = {
    Foreground: 'foregroundDeletion',
    Orphan: 'orphan',
    Background: undefined,
  }[policy ?? 'Background'];
  if (finalizer && !metadata.finalizers?.includes(finalizer)) {
    metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  }
}
