import {
  apiVersionOf,
  groupResource,
  ResourceType,
} from '../resources/resourceType';
import { Storage } from '../storage/storage';
import { StoredObject } from '../storage/storedObject';
import { evictPod } from '../writes/eviction';
import { ObjectRemover } from '../writes/objectRemover';
import { ObjectWriter } from '../writes/objectWriter';
import { Exchange } from './exchange';
import { objectFilter } from './objectFilter';
import { readPatch } from './patchRequest';
import { Targeted } from './readRequests';
import { documentOf, negotiate } from './representation';
import { applyScale, scaleOf } from './scale';
import { detailsOf, StatusError } from './statusError';
import {
  checkIdentity,
  deleteOptions,
  namespaceFor,
  parseBody,
  readObject,
  replacement,
  writeOptions,
} from './writeBody';

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
