import { FieldsTree } from '../objects/kubernetesObject';
import { listKeysOf, SET_FIELDS } from './listKeys';
import { isRecord } from './mergePatch';

/** Fields that are maps with keys of the user's choice: the map itself is owned too, as `.`. */
const MAPS = new Set([
  'allocatable',
  'annotations',
  'binaryData',
  'capacity',
  'data',
  'labels',
  'limits',
  'matchLabels',
  'nodeSelector',
  'parameters',
  'requests',
]);
/** Selectors and the like, which are owned whole although they are objects. */
const ATOMIC = new Set([
  'claimRef',
  'configMapKeyRef',
  'fieldRef',
  'involvedObject',
  'nodeAffinity',
  'resourceFieldRef',
  'secretKeyRef',
  'selector',
  'targetRef',
]);

/** The part of `fieldsV1` for the fields in which two values differ; all of them when there was no old value. */
export function changedFields(
  old: unknown,
  now: unknown,
  field: string,
): FieldsTree | undefined {
  if (deepEqual(old, now)) {
    return undefined;
  }
  if (Array.isArray(now)) {
    return changedItems(Array.isArray(old) ? old : [], now, field);
  }
  if (!isRecord(now) || ATOMIC.has(field)) {
    return {};
  }
  const before = isRecord(old) ? old : undefined;
  const tree: FieldsTree = {};
  if (MAPS.has(field) && !before) {
    tree['.'] = {};
  }
  for (const [name, value] of Object.entries(now)) {
    const below =
      value === undefined
        ? undefined
        : changedFields(before?.[name], value, name);
    if (below) {
      tree[`f:${name}`] = below;
    }
  }
  return Object.keys(tree).length > 0 || Object.keys(now).length === 0
    ? tree
    : undefined;
}

function changedItems(
  old: unknown[],
  now: unknown[],
  field: string,
): FieldsTree | undefined {
  const tree: FieldsTree = old.length === 0 ? { '.': {} } : {};
  if (SET_FIELDS.has(field)) {
    for (const value of now.filter(item => !old.includes(item))) {
      tree[`v:${JSON.stringify(value)}`] = {};
    }
    return tree;
  }
  const keys = listKeysOf(field, now);
  if (!keys) {
    return {};
  }
  const named = (items: unknown[]) =>
    new Map(
      items.map(item => [
        itemName(item as Record<string, unknown>, keys),
        item,
      ]),
    );
  const before = named(old);
  for (const [name, item] of named(now)) {
    const previous = before.get(name);
    const below = changedFields(previous, item, '');
    if (below) {
      tree[name] = previous ? below : { '.': {}, ...below };
    }
  }
  return Object.keys(tree).length > 0 ? tree : undefined;
}

function itemName(item: Record<string, unknown>, keys: readonly string[]) {
  const identity = Object.fromEntries(
    [...keys].sort().map(key => [key, item[key]]),
  );
  return `k:${JSON.stringify(identity)}`;
}

export function union(a: FieldsTree, b: FieldsTree): FieldsTree {
  const result = { ...a };
  for (const [path, below] of Object.entries(b)) {
    result[path] = result[path] ? union(result[path], below) : below;
  }
  return result;
}

/** What is in `a` and, in its leaves, not in `b`; undefined when nothing is left. */
export function subtract(a: FieldsTree, b: FieldsTree): FieldsTree | undefined {
  const result: FieldsTree = {};
  for (const [path, below] of Object.entries(a)) {
    const other = b[path];
    const left = other ? subtractLeafOr(below, other) : below;
    if (left) {
      result[path] = left;
    }
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

function subtractLeafOr(a: FieldsTree, b: FieldsTree): FieldsTree | undefined {
  const leaf = Object.keys(a).length === 0 || Object.keys(b).length === 0;
  return leaf ? undefined : subtract(a, b);
}

/** What is in both. */
export function intersect(
  a: FieldsTree,
  b: FieldsTree,
): FieldsTree | undefined {
  const result: FieldsTree = {};
  for (const [path, below] of Object.entries(a)) {
    const other = b[path];
    if (other) {
      const leaf =
        Object.keys(below).length === 0 || Object.keys(other).length === 0;
      const both = leaf ? other : intersect(below, other);
      if (both) {
        result[path] = both;
      }
    }
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length &&
      a.every((item, index) => deepEqual(item, b[index]))
    );
  }
  if (isRecord(a) && isRecord(b)) {
    const present = (value: Record<string, unknown>) =>
      Object.keys(value).filter(key => value[key] !== undefined);
    const keys = present(a);
    return (
      keys.length === present(b).length &&
      keys.every(key => deepEqual(a[key], b[key]))
    );
  }
  return false;
}
