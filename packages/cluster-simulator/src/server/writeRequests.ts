import { KubernetesObject } from '../objects/kubernetesObject';
import {
  apiVersionOf,
  groupResource,
  ResourceType,
} from '../resources/resourceType';
import { Storage } from '../storage/storage';
import { StoredObject } from '../storage/storedObject';
import { evictPod } from '../writes/eviction';
import { DeleteOptions, ObjectRemover } from '../writes/objectRemover';
import { ObjectWriter, WriteOptions } from '../writes/objectWriter';
import { Exchange } from './exchange';
import { objectFilter } from './objectFilter';
import { readPatch } from './patchRequest';
import { Targeted } from './readRequests';
import { documentOf, negotiate } from './representation';
import { applyScale, scaleOf } from './scale';
import { detailsOf, StatusError } from './statusError';

const NEWLINE = Buffer.from('\n');

/** Answers the verbs that change objects. */
export class WriteRequests {
  readonly #storage: Storage;
  readonly #writer: ObjectWriter;
  readonly #remover: ObjectRemover;

  constructor(storage: Storage, writer: ObjectWriter, remover: ObjectRemover) {
    this.#storage = storage;
    this.#writer = writer;
    this.#remover = remover;
  }

  async answer(
    type: ResourceType,
    info: Targeted,
    exchange: Exchange,
  ): Promise<void> {
    const { target } = info;
    if (target.subresource === 'eviction' && info.verb === 'create') {
      await this.#evict(info, type, exchange);
      return;
    }
    if (
      target.subresource !== '' &&
      target.subresource !== 'status' &&
      target.subresource !== 'scale'
    ) {
      throw StatusError.methodNotAllowed();
    }
    switch (info.verb) {
      case 'create':
        await this.#create(type, info, exchange);
        break;
      case 'update':
      case 'patch':
        await this.#change(type, info, exchange);
        break;
      case 'delete':
        await this.#delete(type, info, exchange);
        break;
      default:
        await this.#deleteCollection(type, info, exchange);
    }
  }

  /** GET of `/scale`. @throws {StatusError} 404 */
  async answerScale(
    type: ResourceType,
    { target }: Targeted,
    exchange: Exchange,
  ): Promise<void> {
    const stored = this.#storage.get(type, target.namespace, target.name);
    if (!stored) {
      throw StatusError.notFound(type, target.name);
    }
    await exchange.sendJson(200, scaleOf(stored.object));
  }

  async #create(
    type: ResourceType,
    info: Targeted,
    exchange: Exchange,
  ): Promise<void> {
    if (info.target.name !== '') {
      throw StatusError.methodNotAllowed();
    }
    const object = await readObject(exchange, type);
    object.metadata.namespace = namespaceFor(object, info);
    const stored = this.#writer.create(
      type,
      object,
      writeOptions(info, exchange),
    );
    await send(exchange, 201, type, stored);
  }

  async #change(
    type: ResourceType,
    info: Targeted,
    exchange: Exchange,
  ): Promise<void> {
    const { namespace, name, subresource } = info.target;
    const options = writeOptions(info, exchange);
    const body = await exchange.body();
    const change =
      info.verb === 'patch'
        ? readPatch(exchange.request.headers['content-type'], body, type)
        : replacement(parseBody(body), info);
    const stored = this.#writer.change(
      type,
      namespace,
      name,
      options,
      object => {
        if (subresource === 'scale') {
          return applyScale(object, change(scaleOf(object)));
        }
        // A write without a resource version means whatever is there now.
        const { resourceVersion: _, ...metadata } = object.metadata;
        const changed = change({ ...object, metadata });
        checkIdentity(changed, info);
        return changed;
      },
    );
    if (subresource === 'scale') {
      await exchange.sendJson(200, scaleOf(stored.object));
    } else {
      await send(exchange, 200, type, stored);
    }
  }

  async #delete(
    type: ResourceType,
    info: Targeted,
    exchange: Exchange,
  ): Promise<void> {
    const { namespace, name } = info.target;
    const options = deleteOptions(await exchange.json(), info.query);
    const { object, gone } = this.#remover.remove(
      type,
      namespace,
      name,
      options,
    );
    if (gone && groupResource(type) !== 'pods') {
      await exchange.sendJson(200, {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { ...detailsOf(type, name), uid: object.uid },
      });
    } else {
      await send(exchange, 200, type, object);
    }
  }

  async #deleteCollection(
    type: ResourceType,
    info: Targeted,
    exchange: Exchange,
  ): Promise<void> {
    const options = deleteOptions(await exchange.json(), info.query);
    const filter = objectFilter(info.target, type, info.query);
    const doomed = [...this.#storage.table(type).objects()].filter(object =>
      filter.matches(object),
    );
    for (const { namespace, name } of doomed) {
      this.#remover.remove(type, namespace, name, options);
    }
    await exchange.sendJson(200, {
      kind: `${type.kind}List`,
      apiVersion: apiVersionOf(type),
      metadata: { resourceVersion: String(this.#storage.revision) },
      items: doomed.map(({ object }) => object),
    });
  }

  async #evict(
    { target, query }: Targeted,
    type: ResourceType,
    exchange: Exchange,
  ): Promise<void> {
    const { deleteOptions: asked = {} } = await exchange.json();
    const options = deleteOptions(asked, query);
    evictPod(
      { storage: this.#storage, writer: this.#writer, remover: this.#remover },
      type,
      target.namespace,
      target.name,
      options,
    );
    await exchange.sendJson(201, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      code: 201,
    });
  }
}

async function send(
  exchange: Exchange,
  code: number,
  type: ResourceType,
  stored: StoredObject,
): Promise<void> {
  const representation = negotiate(exchange.request.headers.accept, 'object');
  await exchange.sendBytes(code, [
    documentOf(stored, type, representation),
    NEWLINE,
  ]);
}

function writeOptions(
  { query, target }: Targeted,
  { request }: Exchange,
): WriteOptions {
  const agent = request.headers['user-agent'] ?? 'unknown';
  return {
    manager: query.get('fieldManager') ?? agent.split('/')[0].slice(0, 128),
    subresource:
      target.subresource === 'status' || target.subresource === 'scale'
        ? target.subresource
        : undefined,
    dryRun: query.getAll('dryRun').includes('All'),
  };
}

function deleteOptions(
  body: Record<string, any>,
  query: URLSearchParams,
): DeleteOptions {
  const grace = query.get('gracePeriodSeconds');
  return {
    gracePeriodSeconds:
      body.gracePeriodSeconds ?? (grace === null ? undefined : Number(grace)),
    propagationPolicy:
      body.propagationPolicy ?? query.get('propagationPolicy') ?? undefined,
    preconditions: body.preconditions,
    dryRun: [...(body.dryRun ?? []), ...query.getAll('dryRun')].includes('All'),
  };
}

async function readObject(
  exchange: Exchange,
  type: ResourceType,
): Promise<KubernetesObject> {
  const object = await exchange.json();
  object.apiVersion ??= apiVersionOf(type);
  object.kind ??= type.kind;
  object.metadata ??= {};
  if (object.apiVersion !== apiVersionOf(type) || object.kind !== type.kind) {
    throw StatusError.badRequest(
      `${object.kind} in version "${
        object.apiVersion
      }" cannot be handled as a ${type.kind}: the API version in the data (${
        object.apiVersion
      }) does not match the expected API version (${apiVersionOf(type)})`,
    );
  }
  return object as KubernetesObject;
}

function namespaceFor(
  { metadata }: KubernetesObject,
  { target }: Targeted,
): string | undefined {
  if (
    metadata.namespace &&
    target.namespace &&
    metadata.namespace !== target.namespace
  ) {
    throw StatusError.badRequest(
      `the namespace of the provided object does not match the namespace sent on the request`,
    );
  }
  return target.namespace || undefined;
}

function parseBody(body: string): KubernetesObject {
  try {
    const object = JSON.parse(body);
    if (typeof object?.metadata === 'object') {
      return object;
    }
  } catch {
    // falls through
  }
  throw StatusError.badRequest(
    'the object provided is unrecognized (must be of type JSON)',
  );
}

function replacement(object: KubernetesObject, { target }: Targeted) {
  return (): KubernetesObject => ({
    ...object,
    metadata: {
      ...object.metadata,
      namespace: object.metadata.namespace ?? (target.namespace || undefined),
    },
  });
}

function checkIdentity(
  { metadata }: KubernetesObject,
  { target }: Targeted,
): void {
  if (metadata.name !== target.name) {
    throw StatusError.badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${target.name})`,
    );
  }
  if ((metadata.namespace ?? '') !== target.namespace) {
    throw StatusError.badRequest(
      `the namespace of the object (${metadata.namespace}) does not match the namespace on the URL (${target.namespace})`,
    );
  }
}
