import { listKeysOf, SET_FIELDS } from './listKeys';
import { isRecord } from './mergePatch';

const DIRECTIVE = '$patch';
const RETAIN = '$retainKeys';
const DELETE_FROM = '$deleteFromPrimitiveList/';
const ORDER = '$setElementOrder/';

type Fields = Record<string, unknown>;

/**
 * Strategic merge patch: as a merge patch, but lists whose items have an identity merge item by item. Understands
 * `$patch: replace|delete`, `$retainKeys` and `$deleteFromPrimitiveList`; `$setElementOrder` only orders, and is
 * passed over.
 */
export function applyStrategicMergePatch(
  target: Fields,
  patch: Fields,
): Fields {
  if (patch[DIRECTIVE] === 'replace') {
    return without(patch, DIRECTIVE);
  }
  if (patch[DIRECTIVE] === 'delete') {
    return {};
  }
  const retained = patch[RETAIN] as string[] | undefined;
  const result: Fields = retained
    ? Object.fromEntries(
        Object.entries(target).filter(([field]) => retained.includes(field)),
      )
    : { ...target };
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith(DELETE_FROM)) {
      const list = field.slice(DELETE_FROM.length);
      const removed = value as unknown[];
      result[list] = ((result[list] as unknown[]) ?? []).filter(
        item => !removed.includes(item),
      );
    } else if (value === null) {
      delete result[field];
    } else if (Array.isArray(value)) {
      result[field] = mergeList(
        field,
        (result[field] as unknown[] | undefined) ?? [],
        value,
      );
    } else if (isRecord(value)) {
      const old = result[field];
      result[field] = applyStrategicMergePatch(isRecord(old) ? old : {}, value);
    } else if (field !== DIRECTIVE && field !== RETAIN) {
      result[field] = value;
    }
    if (field.startsWith(ORDER) || field === RETAIN) {
      delete result[field];
    }
  }
  return result;
}

function mergeList(field: string, old: unknown[], patch: unknown[]): unknown[] {
  if (SET_FIELDS.has(field)) {
    return [...new Set([...old, ...patch])];
  }
  // An item with a directive names only its key, so the kind of list is told by what is there.
  const key = listKeysOf(field, old.length > 0 ? old : patch)?.[0];
  const replaces = patch.some(
    item => isRecord(item) && item[DIRECTIVE] === 'replace',
  );
  if (!key || replaces) {
    return patch.filter(item => !(isRecord(item) && DIRECTIVE in item));
  }
  let result = old as Fields[];
  for (const item of patch as Fields[]) {
    const same = (other: Fields) => other[key] === item[key];
    if (item[DIRECTIVE] === 'delete') {
      result = result.filter(other => !same(other));
    } else if (result.some(same)) {
      result = result.map(other =>
        same(other) ? applyStrategicMergePatch(other, item) : other,
      );
    } else {
      result = [...result, applyStrategicMergePatch({}, item)];
    }
  }
  return result;
}

function without(fields: Fields, field: string): Fields {
  const { [field]: _, ...rest } = fields;
  return rest;
}
