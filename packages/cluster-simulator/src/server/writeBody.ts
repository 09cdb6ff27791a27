import { KubernetesObject } from '../objects/kubernetesObject';
import { apiVersionOf, ResourceType } from '../resources/resourceType';
import { DeleteOptions } from '../writes/objectRemover';
import { WriteOptions } from '../writes/objectWriter';
import { Exchange } from './exchange';
import { Targeted } from './readRequests';
import { StatusError } from './statusError';

/* What a writing request says in its body and query. */

export function writeOptions(
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

export function deleteOptions(
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

export async function readObject(
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

export function namespaceFor(
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

export function parseBody(body: string): KubernetesObject {
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

export function replacement(object: KubernetesObject, { target }: Targeted) {
  return (): KubernetesObject => ({
    ...object,
    metadata: {
      ...object.metadata,
      namespace: object.metadata.namespace ?? (target.namespace || undefined),
    },
  });
}

export function checkIdentity(
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
