import { KubernetesObject } from '../objects/kubernetesObject';
import { apiVersionOf, ResourceType } from '../resources/resourceType';

const METADATA_START = Buffer.byteLength('{');

/**
 * One version of one object, held as the bytes that lists send: without kind and apiVersion, `metadata` first. The
 * other representations (with kind, metadata only) are cut from the same bytes, so nothing is held or written twice.
 */
export class StoredObject {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly #metadataEnd: number;
  #parsed: WeakRef<KubernetesObject> | undefined;

  /** `object.metadata.resourceVersion` must say `revision`. */
  constructor(type: ResourceType, object: KubernetesObject, revision: number) {
    const { apiVersion: _, kind: __, metadata, ...body } = object;
    const head = `{"metadata":${JSON.stringify(metadata)}`;
    const tail = JSON.stringify(body);
    this.type = type;
    this.namespace = metadata.namespace ?? '';
    this.name = metadata.name;
    this.uid = metadata.uid ?? '';
    this.labels = metadata.labels ?? {};
    this.revision = revision;
    this.bytes = Buffer.from(
      tail === '{}' ? `${head}}` : `${head},${tail.slice(1)}`,
    );
    this.#metadataEnd = Buffer.byteLength(head);
  }

  /** Orders a kind's objects as etcd does. */
  get key(): string {
    return `${this.namespace}/${this.name}`;
  }

  /** Read only: it is frozen. Parsed when asked for, and held only as long as memory allows. */
  get object(): KubernetesObject {
    const held = this.#parsed?.deref();
    if (held) {
      return held;
    }
    const object = freeze({
      apiVersion: apiVersionOf(this.type),
      kind: this.type.kind,
      ...JSON.parse(this.bytes.toString()),
    });
    this.#parsed = new WeakRef(object);
    return object;
  }

  /** `metadata` and nothing else, as the inside of a JSON object: `"metadata":{…}`. */
  get metadataBytes(): Buffer {
    return this.bytes.subarray(METADATA_START, this.#metadataEnd);
  }

  /** All but kind and apiVersion, as the inside of a JSON object. */
  get bodyBytes(): Buffer {
    return this.bytes.subarray(METADATA_START, this.bytes.length - 1);
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
