import { kindText } from '../kinds/identity';
import { KubernetesObject } from '../kinds/kindDefinition';

/** `List` itself, or that of a kind. */
const LIST = /^(?:([A-Z]\w*))?List$/;

/** Lists in lists that are read; deeper ones are no objects. */
const DEEPEST = 8;

/**
 * The objects of a list of any kind, of the lists in it, or the object itself; items of a typed list (`SecretList`) get
 * its kind.
 */
export function itemsOf(root: KubernetesObject, depth = 0): KubernetesObject[] {
  if (!Array.isArray(root.items) || depth > DEEPEST) {
    return [root];
  }
  const kind = LIST.exec(String(root.kind))?.[1];
  return root.items
    .filter((item: unknown) => item !== null && typeof item === 'object')
    .flatMap((item: KubernetesObject) => {
      if (kind && item.kind === undefined) {
        return [{ apiVersion: root.apiVersion, kind, ...item }];
      }
      return isList(item) ? itemsOf(item, depth + 1) : [item];
    });
}

/** An object of one's own with a field `items` is none. */
function isList({ kind, items }: KubernetesObject): boolean {
  return (
    Array.isArray(items) && (kind === undefined || LIST.test(String(kind)))
  );
}

/** `kindText` of the kind that a typed list holds, also where it is empty. */
export function heldBy(root: KubernetesObject): string | undefined {
  const kind = LIST.exec(String(root.kind))?.[1];
  return kind && Array.isArray(root.items)
    ? kindTextOf({ apiVersion: root.apiVersion, kind })
    : undefined;
}

export function kindTextOf({ apiVersion, kind }: KubernetesObject): string {
  return kindText({ group: groupOf(apiVersion), kind: String(kind) });
}

export function groupOf(apiVersion: unknown): string {
  const [group, version] = String(apiVersion ?? '').split('/');
  return version === undefined ? '' : group;
}

export function versionOf(apiVersion: unknown): string {
  const [group, version] = String(apiVersion ?? '').split('/');
  return version ?? group;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Its metadata, and the names of its keys as `managedFields` would tell them: `kubectl` leaves these out unless asked. */
export function withoutValues({
  apiVersion,
  kind,
  metadata,
  data,
  binaryData,
  stringData,
}: KubernetesObject): KubernetesObject {
  const keys = {
    manager: 'dump',
    operation: 'Update',
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:data': { ...keyNames(data), ...keyNames(stringData) },
      'f:binaryData': keyNames(binaryData),
    },
  };
  // Where they are, they also tell when the data was written.
  const former = metadata?.managedFields;
  const managedFields = [...(Array.isArray(former) ? former : []), keys];
  const { [LAST_APPLIED]: _, ...annotations } = metadata?.annotations ?? {};
  return {
    apiVersion,
    kind,
    metadata: { ...metadata, annotations, managedFields },
  };
}

function keyNames(values: unknown): { [field: string]: object } {
  return values !== null && typeof values === 'object'
    ? Object.fromEntries(Object.keys(values).map(name => [`f:${name}`, {}]))
    : {};
}
