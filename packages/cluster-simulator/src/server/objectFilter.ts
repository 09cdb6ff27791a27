import { ResourceType } from '../resources/resourceType';
import { parseFieldSelector } from '../selectors/fieldSelector';
import { parseLabelSelector } from '../selectors/labelSelector';
import { StoredObject } from '../storage/storedObject';
import { ResourceTarget } from './requestInfo';
import { StatusError } from './statusError';

/** Which objects a list or watch is about. */
export interface ObjectFilter {
  matches(object: StoredObject): boolean;
  /** Then a list does not tell how many items remain. */
  readonly selective: boolean;
}

/** @throws {StatusError} 400 for a selector that cannot be read */
export function objectFilter(
  target: ResourceTarget,
  type: ResourceType,
  query: URLSearchParams,
): ObjectFilter {
  const labelText = query.get('labelSelector') ?? '';
  const fieldText = query.get('fieldSelector') ?? '';
  const tests: ((object: StoredObject) => boolean)[] = [];
  const { namespace, name } = target;
  if (namespace !== '') {
    tests.push(object => object.namespace === namespace);
  }
  if (name !== '') {
    tests.push(object => object.name === name);
  }
  if (labelText !== '') {
    const labels = orBadRequest(() => parseLabelSelector(labelText));
    tests.push(object => labels(object.labels));
  }
  if (fieldText !== '') {
    tests.push(
      orBadRequest(
        () => parseFieldSelector(fieldText, type),
        problem =>
          `Unable to find "${type.group}/${type.version}, Resource=${type.resource}" that match label selector "${labelText}", field selector "${fieldText}": ${problem}`,
      ),
    );
  }
  return {
    matches: object => tests.every(test => test(object)),
    selective: labelText !== '' || fieldText !== '',
  };
}

function orBadRequest<T>(
  parse: () => T,
  message: (problem: string) => string = problem => problem,
): T {
  try {
    return parse();
  } catch (error) {
    throw StatusError.badRequest(message((error as Error).message));
  }
}
