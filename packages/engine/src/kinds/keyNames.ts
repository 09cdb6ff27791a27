import { KubernetesObject } from './kindDefinition';
import { parseTime } from './metadata';

/** Where Secrets and ConfigMaps keep what they hold; `stringData` only as a manager may have claimed it. */
const DATA_FIELDS = ['f:data', 'f:binaryData', 'f:stringData'] as const;

/** What `metadata.managedFields` tells about data without showing a value. */
export interface DataKeys {
  /** Sorted; `undefined` when no entry tells (not: no keys). */
  keys?: string[];
  /** When data was last written, milliseconds since the epoch. */
  changedAt?: number;
  /** The field manager that wrote it then: `kubectl-edit`. */
  changedBy?: string;
}

/**
 * The names of the keys, from `metadata.managedFields` alone (`relationships.md` section 4.16). The object's `data` is
 * never looked at, not even when it is there.
 */
export function dataKeys(object: KubernetesObject): DataKeys {
  const entries: any[] = object.metadata?.managedFields ?? [];
  const keys = new Set<string>();
  let changedAt: number | undefined;
  let changedBy: string | undefined;
  for (const entry of entries) {
    const fields = DATA_FIELDS.flatMap(field => entry.fieldsV1?.[field] ?? []);
    fields
      .flatMap(field => Object.keys(field))
      .filter(name => name.startsWith('f:'))
      .forEach(name => keys.add(name.slice('f:'.length)));
    const time = parseTime(entry.time);
    if (fields.length > 0 && time !== undefined && time > (changedAt ?? 0)) {
      changedAt = time;
      changedBy = entry.manager && String(entry.manager);
    }
  }
  return {
    ...(entries.length > 0 ? { keys: [...keys].sort() } : {}),
    ...(changedAt === undefined ? {} : { changedAt, changedBy }),
  };
}

/**
 * As facts: the key names for edges that ask for keys (`missingKeys`), and when data was written, for pods that read it
 * before (`staleConfiguration.ts`); none where they are not known.
 */
export function keyFacts({
  keys,
  changedAt,
}: DataKeys): { keys: string[]; changedAt?: number } | undefined {
  return keys && { keys, ...(changedAt !== undefined && { changedAt }) };
}
