import { apiVersionOf, ResourceType } from '../resources/resourceType';
import { StoredObject } from '../storage/storedObject';
import { StatusError } from './statusError';

/** How objects are answered: whole, or as PartialObjectMetadata. */
export type Representation = 'full' | 'metadata';

const PARTIAL = 'PartialObjectMetadata';

/**
 * Chooses by the Accept header: the first acceptable of its clauses wins.
 * @throws {StatusError} 406
 */
export function negotiate(
  accept: string | undefined,
  target: 'object' | 'list',
): Representation {
  for (const clause of (accept ?? '*/*').split(',')) {
    const [media, ...parameters] = clause.split(';').map(part => part.trim());
    if (['application/json', 'application/*', '*/*'].includes(media)) {
      const wanted = new Map(
        parameters.map(parameter => parameter.split('=') as [string, string]),
      );
      const as = wanted.get('as');
      if (as === undefined && !wanted.has('g')) {
        return 'full';
      }
      const list = as === `${PARTIAL}List`;
      if (wanted.get('g') === 'meta.k8s.io' && (list || as === PARTIAL)) {
        if (list !== (target === 'list')) {
          throw StatusError.notAcceptable();
        }
        return 'metadata';
      }
    }
  }
  throw StatusError.notAcceptable();
}

/** The opening of an object's JSON, up to where its fields follow. */
export function opening(
  type: ResourceType,
  representation: Representation,
): Buffer {
  return Buffer.from(
    representation === 'metadata'
      ? `{"kind":"${PARTIAL}","apiVersion":"meta.k8s.io/v1",`
      : `{"kind":"${type.kind}","apiVersion":"${apiVersionOf(type)}",`,
  );
}

const CLOSING = Buffer.from('}');

/** One object as get and watch send it. */
export function documentOf(
  stored: StoredObject,
  type: ResourceType,
  representation: Representation,
): Buffer {
  return Buffer.concat([
    opening(type, representation),
    insideOf(stored, type, representation),
    CLOSING,
  ]);
}

/** All but kind and apiVersion, as the inside of a JSON object. */
function insideOf(
  stored: StoredObject,
  { viewOf }: ResourceType,
  representation: Representation,
): Buffer {
  if (representation === 'metadata') {
    return stored.metadataBytes;
  }
  return viewOf
    ? Buffer.from(JSON.stringify(viewOf.show(stored.object)).slice(1, -1))
    : stored.bodyBytes;
}

/** One object as lists send it: built-in kinds without kind and apiVersion. */
export function listItem(
  stored: StoredObject,
  type: ResourceType,
  representation: Representation,
): Buffer {
  if (representation === 'full' && !type.custom) {
    return type.viewOf
      ? Buffer.from(JSON.stringify(type.viewOf.show(stored.object)))
      : stored.bytes;
  }
  return documentOf(stored, type, representation);
}

export function listKind(
  type: ResourceType,
  representation: Representation,
): { kind: string; apiVersion: string } {
  return representation === 'metadata'
    ? { kind: `${PARTIAL}List`, apiVersion: 'meta.k8s.io/v1' }
    : { kind: `${type.kind}List`, apiVersion: apiVersionOf(type) };
}
