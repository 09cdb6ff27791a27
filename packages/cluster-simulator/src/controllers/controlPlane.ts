import { Clock } from '../clock';
import { KubernetesObject, timestamp } from '../objects/kubernetesObject';
import { ResourceType } from '../resources/resourceType';
import { TypeRegistry } from '../resources/typeRegistry';
import { Storage } from '../storage/storage';
import { DeleteOptions, ObjectRemover } from '../writes/objectRemover';
import { ObjectWriter, WriteOptions } from '../writes/objectWriter';
import { RandomNames } from '../writes/randomNames';
import { EventRecorder } from './eventRecorder';

const MANAGER: WriteOptions = {
  manager: 'kube-controller-manager',
  internal: true,
};

/** What controllers see of the cluster and do to it. Objects that are read are frozen. */
export class ControlPlane {
  readonly clock: Clock;
  readonly events: EventRecorder;
  readonly #storage: Storage;
  readonly #types: TypeRegistry;
  readonly #writer: ObjectWriter;
  readonly #remover: ObjectRemover;
  readonly #speed: number;

  constructor(parts: {
    clock: Clock;
    storage: Storage;
    types: TypeRegistry;
    writer: ObjectWriter;
    remover: ObjectRemover;
    speed: number;
  }) {
    this.clock = parts.clock;
    this.#storage = parts.storage;
    this.#types = parts.types;
    this.#writer = parts.writer;
    this.#remover = parts.remover;
    this.#speed = parts.speed;
    this.events = new EventRecorder(this);
  }

  get names(): RandomNames {
    return this.#writer.names;
  }

  get storage(): Storage {
    return this.#storage;
  }

  /** How long something takes here that takes so many milliseconds at speed 1. */
  pace(milliseconds: number): number {
    return milliseconds / this.#speed;
  }

  /** The time as objects carry it. */
  now(): string {
    return timestamp(this.clock.now());
  }

  get(
    kind: string,
    namespace: string,
    name: string,
  ): KubernetesObject | undefined {
    return this.#storage.get(this.type(kind), namespace, name)?.object;
  }

  /** @param namespace all of them when left out */
  list(kind: string, namespace?: string): KubernetesObject[] {
    const found: KubernetesObject[] = [];
    for (const stored of this.#storage.table(this.type(kind)).objects()) {
      if (namespace === undefined || stored.namespace === namespace) {
        found.push(stored.object);
      }
    }
    return found;
  }

  /** Objects of a kind that a controller made. */
  controlledBy(kind: string, owner: KubernetesObject): KubernetesObject[] {
    return this.list(kind, owner.metadata.namespace).filter(
      ({ metadata }) => controllerOf(metadata)?.uid === owner.metadata.uid,
    );
  }

  /** @throws {StatusError} as the API server */
  create(
    object: KubernetesObject,
    options: Partial<WriteOptions> = {},
  ): KubernetesObject {
    return this.#writer.create(this.#types.ofObject(object), object, {
      ...MANAGER,
      ...options,
    }).object;
  }

  /** Changes a copy of what is there now and writes it; nothing when the object is gone. */
  change(
    { kind, apiVersion, metadata }: KubernetesObject,
    change: (object: KubernetesObject) => void,
    options: Partial<WriteOptions> = {},
  ): void {
    const type = this.#types.ofObject({ kind, apiVersion, metadata });
    const { namespace = '', name, uid } = metadata;
    if (this.#storage.get(type, namespace, name)?.uid === uid) {
      this.#writer.change(
        type,
        namespace,
        name,
        { ...MANAGER, ...options },
        change,
      );
    }
  }

  changeStatus(
    object: KubernetesObject,
    change: (object: KubernetesObject) => void,
    manager: string = MANAGER.manager,
  ): void {
    this.change(object, change, { manager, subresource: 'status' });
  }

  /** Deletes that very object; nothing when it is gone or another has its name. */
  delete(object: KubernetesObject, options: DeleteOptions = {}): void {
    const type = this.#types.ofObject(object);
    const { namespace = '', name, uid } = object.metadata;
    if (this.#storage.get(type, namespace, name)?.uid === uid) {
      this.#remover.remove(type, namespace, name, options);
    }
  }

  type(kind: string): ResourceType {
    const type = this.#types.named(kind);
    if (!type) {
      throw new Error(`no kind is named ${kind}`);
    }
    return type;
  }
}

export function controllerOf({
  ownerReferences,
}: KubernetesObject['metadata']) {
  return ownerReferences?.find(owner => owner.controller);
}

/** The reference by which a controller marks what it made. */
export function ownedBy({ apiVersion, kind, metadata }: KubernetesObject) {
  return [
    {
      apiVersion,
      kind,
      name: metadata.name,
      uid: metadata.uid!,
      controller: true,
      blockOwnerDeletion: true,
    },
  ];
}
