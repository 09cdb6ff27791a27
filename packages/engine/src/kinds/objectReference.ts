import { KindId } from './identity';
import { sameKind } from './kindIds';
import { Reference } from './observation';

/** What a field names as it stands in a manifest: `{ group?, kind?, name, namespace? }` in one of its spellings. */
export interface NamedObject {
  group?: string;
  apiGroup?: string;
  apiVersion?: string;
  kind?: string;
  name?: string;
  namespace?: string;
}

/**
 * The object that a field names; `undefined` when it has no name.
 *
 * @param otherwise what an absent group, kind or namespace stands for
 */
export function namedObject(
  field: NamedObject | undefined | null,
  otherwise: KindId & { namespace: string },
): Reference['other'] | undefined {
  if (!field || typeof field.name !== 'string' || field.name === '') {
    return undefined;
  }
  const { apiVersion } = field;
  const group =
    apiVersion === undefined
      ? field.group ?? field.apiGroup ?? otherwise.group
      : groupOf(apiVersion);
  return {
    kind: { group, kind: field.kind || otherwise.kind },
    namespace: field.namespace || otherwise.namespace,
    name: field.name,
  };
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** A list of references by what they refer to: each object once. */
export function byObject<T extends { other: Reference['other'] }>(
  entries: readonly T[],
): T[][] {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const { kind, namespace, name } = entry.other;
    const key = `${kind.group}/${kind.kind}/${namespace}/${name}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()];
}

/** The relation for a kind that has one of its own, else the one for any object. */
export function relationTo(
  owner: string,
  kind: KindId,
  own: readonly KindId[],
): string {
  return own.some(one => sameKind(one, kind))
    ? `${owner}-${kind.kind.toLowerCase()}`
    : `${owner}-object`;
}
