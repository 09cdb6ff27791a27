import { KubernetesObject } from '../objects/kubernetesObject';
import { ResourceType } from '../resources/resourceType';
import { applyJsonPatch, JsonPatchError } from '../writes/jsonPatch';
import { applyMergePatch, isRecord } from '../writes/mergePatch';
import { applyStrategicMergePatch } from '../writes/strategicMergePatch';
import { StatusError } from './statusError';

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

export type Patch = (object: KubernetesObject) => KubernetesObject;

/** @throws {StatusError} 400, 415, 422 */
export function readPatch(
  contentType: string | undefined,
  body: string,
  type: ResourceType,
): Patch {
  const media = (contentType ?? '').split(';')[0].trim();
  const supported = type.custom
    ? [JSON_PATCH, MERGE]
    : [JSON_PATCH, MERGE, STRATEGIC];
  if (!supported.includes(media)) {
    throw StatusError.unsupportedMediaType(supported);
  }
  const patch = parse(body);
  if (media === JSON_PATCH) {
    if (!Array.isArray(patch)) {
      throw StatusError.badRequest('a JSON patch must be an array');
    }
    return object => {
      try {
        return applyJsonPatch(object, patch) as KubernetesObject;
      } catch (error) {
        if (error instanceof JsonPatchError) {
          throw new StatusError(
            422,
            'Invalid',
            `the server rejected our request due to an error in our request: ${error.message}`,
            {},
          );
        }
        throw error;
      }
    };
  }
  if (!isRecord(patch)) {
    throw StatusError.badRequest('a merge patch must be an object');
  }
  return media === MERGE
    ? object => applyMergePatch(object, patch) as KubernetesObject
    : object => applyStrategicMergePatch(object, patch) as KubernetesObject;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw StatusError.badRequest(
      `error decoding patch: ${(error as Error).message}`,
    );
  }
}
