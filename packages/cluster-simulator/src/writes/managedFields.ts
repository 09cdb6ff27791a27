import {
  FieldsTree,
  KubernetesObject,
  ManagedFieldsEntry,
  timestamp,
} from '../objects/kubernetesObject';
import { changedFields, intersect, subtract, union } from './fieldsTree';

/** Who writes. */
export interface Writer {
  /** As `managedFields` names it: `kubectl-client-side-apply`, `kube-controller-manager`. */
  manager: string;
  /** Set for writes through `/status` or `/scale`. */
  subresource?: 'status' | 'scale';
}

/**
 * `metadata.managedFields` after a write: the writer owns what it changed, nobody owns what is gone. Key names of
 * Secrets and ConfigMaps can be read from it, and when an object last changed.
 */
export function managedFieldsAfter(
  old: KubernetesObject | undefined,
  now: KubernetesObject,
  writer: Writer,
  milliseconds: number,
): ManagedFieldsEntry[] | undefined {
  const all = changedFields(undefined, ownable(now), '') ?? {};
  const changed = old
    ? changedFields(ownable(old), ownable(now), '') ?? {}
    : all;
  const entries: ManagedFieldsEntry[] = [];
  let mine: FieldsTree = {};
  let wroteBefore: string | undefined;
  for (const entry of old?.metadata.managedFields ?? []) {
    const isMine =
      entry.manager === writer.manager &&
      entry.subresource === writer.subresource &&
      entry.operation === 'Update';
    const kept = intersect(entry.fieldsV1 ?? {}, all);
    if (isMine) {
      mine = kept ?? {};
      wroteBefore = entry.time;
    } else {
      const left = kept && subtract(kept, changed);
      if (left) {
        entries.push({ ...entry, fieldsV1: left });
      }
    }
  }
  const owned = intersect(union(mine, changed), all);
  if (owned) {
    const wrote = Object.keys(changed).length > 0 || removedAny(old, all);
    entries.push({
      manager: writer.manager,
      operation: 'Update',
      apiVersion: now.apiVersion,
      time: wrote || !wroteBefore ? timestamp(milliseconds) : wroteBefore,
      fieldsType: 'FieldsV1',
      fieldsV1: owned,
      subresource: writer.subresource,
    });
  }
  return entries.length > 0 ? entries : undefined;
}

function removedAny(
  old: KubernetesObject | undefined,
  all: FieldsTree,
): boolean {
  const before = old && changedFields(undefined, ownable(old), '');
  return before !== undefined && subtract(before, all) !== undefined;
}

/** Without what the API server itself sets. */
function ownable(object: KubernetesObject): Record<string, unknown> {
  const { apiVersion: _, kind: __, metadata, ...body } = object;
  const { generateName, labels, annotations, finalizers, ownerReferences } =
    metadata;
  const owned = {
    generateName,
    labels,
    annotations,
    finalizers,
    ownerReferences,
  };
  const present = Object.entries(owned).filter(
    ([, value]) => value !== undefined,
  );
  return present.length > 0
    ? { ...body, metadata: Object.fromEntries(present) }
    : body;
}
