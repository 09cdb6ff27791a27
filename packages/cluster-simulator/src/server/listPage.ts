import { ResourceType } from '../resources/resourceType';
import { Storage } from '../storage/storage';
import { StoredObject } from '../storage/storedObject';
import { ObjectFilter } from './objectFilter';
import { StatusError } from './statusError';

export interface ListPage {
  resourceVersion: number;
  items: StoredObject[];
  /** Absent on the last page. */
  continue?: string;
  remainingItemCount?: number;
}

interface ContinueToken {
  v: 'meta.k8s.io/v1';
  /** -1: go on at the newest revision, from a list that expired. */
  rv: number;
  /** Key of the last object that was sent. */
  start: string;
}

const INCONSISTENT = -1;

const EXPIRED_LIST =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.';

/**
 * One page of a list, by the rules for `resourceVersion`, `resourceVersionMatch`, `limit` and `continue`.
 * @throws {StatusError} 400, 410, 422, 504
 */
export function listPage(
  storage: Storage,
  type: ResourceType,
  filter: ObjectFilter,
  query: URLSearchParams,
): ListPage {
  const { revision, after, limit } = planOf(storage, type, query);
  const all = storage.table(type).at(revision);
  const items: StoredObject[] = [];
  let index = after === undefined ? 0 : firstAfter(all, after);
  let more = false;
  for (; index < all.length; index++) {
    if (filter.matches(all[index])) {
      if (limit > 0 && items.length === limit) {
        more = true;
        break;
      }
      items.push(all[index]);
    }
  }
  if (!more) {
    return { resourceVersion: revision, items };
  }
  const remaining = filter.selective
    ? undefined
    : all.slice(index).filter(object => filter.matches(object)).length;
  return {
    resourceVersion: revision,
    items,
    continue: encodeToken({
      v: 'meta.k8s.io/v1',
      rv: revision,
      start: items[items.length - 1].key,
    }),
    remainingItemCount: remaining,
  };
}

function planOf(
  storage: Storage,
  type: ResourceType,
  query: URLSearchParams,
): { revision: number; after?: string; limit: number } {
  const limit = Math.max(0, parseNumber(query.get('limit'), 'limit') ?? 0);
  const asked = parseResourceVersion(query);
  const match = query.get('resourceVersionMatch') ?? '';
  const token = query.get('continue');
  if (query.get('sendInitialEvents') !== null) {
    throw forbidden(
      'sendInitialEvents',
      'sendInitialEvents is forbidden for list',
    );
  }
  if (token) {
    if (match !== '') {
      throw forbidden(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden when continue is provided',
      );
    }
    if (asked !== undefined && asked !== 0) {
      throw StatusError.badRequest(
        'specifying resource version is not allowed when using continue',
      );
    }
    const { rv, start } = decodeToken(token);
    if (rv === INCONSISTENT) {
      return { revision: storage.revision, after: start, limit };
    }
    if (!isHeld(storage, type, rv)) {
      throw StatusError.expired(
        EXPIRED_LIST,
        encodeToken({ v: 'meta.k8s.io/v1', rv: INCONSISTENT, start }),
      );
    }
    return { revision: rv, after: start, limit };
  }
  if (match !== '' && asked === undefined) {
    throw forbidden(
      'resourceVersionMatch',
      'resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (match !== '' && match !== 'Exact' && match !== 'NotOlderThan') {
    throw invalid(
      'resourceVersionMatch',
      `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`,
    );
  }
  if (match === 'Exact' && asked === 0) {
    throw forbidden(
      'resourceVersionMatch',
      'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    );
  }
  if (asked === undefined) {
    return { revision: storage.revision, limit };
  }
  if (asked > storage.revision) {
    throw StatusError.tooLargeResourceVersion(asked, storage.revision);
  }
  // From the cache the whole list comes, whatever the limit.
  if (asked === 0) {
    return { revision: storage.revision, limit: 0 };
  }
  // Older clients mean Exact when they send a limit with a resource version.
  if (match === 'Exact' || (match === '' && limit > 0)) {
    if (!isHeld(storage, type, asked)) {
      throw StatusError.expired(
        'The resourceVersion for the provided list is too old.',
      );
    }
    return { revision: asked, limit };
  }
  return { revision: storage.revision, limit };
}

/** Whether the state at that revision can still be told. */
function isHeld(
  storage: Storage,
  type: ResourceType,
  revision: number,
): boolean {
  return (
    revision >= storage.compacted &&
    revision >= storage.table(type).floor &&
    revision <= storage.revision
  );
}

/** Undefined when it is not given. @throws {StatusError} 400 */
export function parseResourceVersion(
  query: URLSearchParams,
): number | undefined {
  return parseNumber(query.get('resourceVersion'), 'resourceVersion');
}

export function parseNumber(
  text: string | null,
  field: string,
): number | undefined {
  if (text === null || text === '') {
    return undefined;
  }
  if (!/^\d{1,19}$/.test(text)) {
    throw StatusError.badRequest(
      `${field}: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  return Number(text);
}

/** A refusal of list options. */
export function forbidden(field: string, problem: string): StatusError {
  return invalid(field, `Forbidden: ${problem}`);
}

function invalid(field: string, problem: string): StatusError {
  return StatusError.invalid('ListOptions.meta.k8s.io', '', field, problem);
}

function firstAfter(all: readonly StoredObject[], key: string): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (all[middle].key <= key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function encodeToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function decodeToken(text: string): ContinueToken {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Number.isInteger(token.rv) && typeof token.start === 'string') {
      return token;
    }
  } catch {
    // falls through
  }
  throw StatusError.badRequest(
    `continue key is not valid: invalid character in the token`,
  );
}
