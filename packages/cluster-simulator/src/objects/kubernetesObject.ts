/** What every Kubernetes object carries. Times are RFC 3339 with seconds, as the API server writes them. */
export interface ObjectMetadata {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Update' | 'Apply';
  apiVersion: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: FieldsTree;
  subresource?: string;
}

/** The `fieldsV1` set: `f:name`, `k:{"key":"value"}` or `v:value`, each with what lies below it. */
export interface FieldsTree {
  [path: string]: FieldsTree;
}

/** An object of any kind. What is below `metadata` differs by kind, so it is untyped here. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMetadata;
  [field: string]: any;
}

/** Time as objects carry it: whole seconds. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Time as events of the scheduler and leases carry it: microseconds. */
export function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
