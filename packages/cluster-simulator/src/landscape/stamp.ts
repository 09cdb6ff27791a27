import {
  KubernetesObject,
  ManagedFieldsEntry,
  ObjectMetadata,
  OwnerReference,
  timestamp,
} from '../objects/kubernetesObject';
import { RandomNames } from '../writes/randomNames';
import { hasGeneration } from '../writes/validation';
import { managedFieldsAfter, Writer } from '../writes/managedFields';
import { TypeRegistry } from '../resources/typeRegistry';

/** Gives generated objects what the API server gives real ones: uid, times, generation, managedFields. */
export class Stamp {
  readonly names: RandomNames;
  readonly time: string;
  readonly #created: number;
  readonly #types = TypeRegistry.create();

  constructor(names: RandomNames, created: number) {
    this.names = names;
    this.#created = created;
    this.time = timestamp(created);
  }

  object(
    apiVersion: string,
    kind: string,
    metadata: Omit<ObjectMetadata, 'uid'>,
    rest: Record<string, unknown> = {},
  ): KubernetesObject {
    const object: KubernetesObject = { apiVersion, kind, metadata, ...rest };
    return this.identified(object, this.#managed(object));
  }

  /** With managedFields that the caller has at hand already. */
  identified(
    object: KubernetesObject,
    managedFields: ManagedFieldsEntry[],
  ): KubernetesObject {
    const { name, namespace, generateName, labels, annotations, ...metadata } =
      object.metadata;
    const counted = hasGeneration(this.#types.ofObject(object));
    return {
      ...object,
      metadata: {
        name,
        generateName,
        namespace,
        uid: this.names.uid(),
        ...(counted && { generation: 1 }),
        creationTimestamp: this.time,
        labels,
        annotations,
        ...metadata,
        managedFields,
      },
    };
  }

  /** Who wrote the fields of an object: its spec and metadata one, its status another. */
  managedBy(
    object: KubernetesObject,
    writer: Writer,
    statusWriter: string,
  ): ManagedFieldsEntry[] {
    const { status, ...desired } = object;
    const entries = (of: KubernetesObject, by: Writer) =>
      managedFieldsAfter(undefined, of, by, this.#created) ?? [];
    return [
      ...entries(desired as KubernetesObject, writer),
      ...(status === undefined
        ? []
        : entries(
            {
              apiVersion: object.apiVersion,
              kind: object.kind,
              metadata: { name: object.metadata.name },
              status,
            },
            { manager: statusWriter, subresource: 'status' },
          )),
    ];
  }

  #managed(object: KubernetesObject): ManagedFieldsEntry[] {
    return this.managedBy(
      object,
      { manager: 'kubectl-client-side-apply' },
      'kube-controller-manager',
    );
  }
}

/** The reference by which an object says that this one made it. */
export function ownerReference({
  apiVersion,
  kind,
  metadata,
}: KubernetesObject): OwnerReference {
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid!,
    controller: true,
    blockOwnerDeletion: true,
  };
}
