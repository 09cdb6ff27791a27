import { KubernetesObject } from '../../kinds/kindDefinition';
import { NOW } from './scenario';

/** A fault is this old unless a scenario says otherwise: every grace period but those of hours has passed. */
export const FAULT = 20;
/** What was there before the fault is a day old. */
export const OLD = 24 * 60;

/** Objects and lists of objects, as builders give them; `world` makes one list of them. */
export type Objects = KubernetesObject | readonly Objects[];

/** RFC 3339, so many minutes before `NOW`. */
export function ago(minutes: number): string {
  return new Date(NOW - minutes * 60_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Milliseconds since the epoch, so many minutes before `NOW`: for `before` and `now` of a scenario. */
export function at(minutes: number): number {
  return NOW - minutes * 60_000;
}

/** `shop/cart` or, for cluster-scoped objects, `node-1`. */
export function placeOf(reference: string): {
  namespace: string | undefined;
  name: string;
} {
  const slash = reference.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: reference }
    : {
        namespace: reference.slice(0, slash),
        name: reference.slice(slash + 1),
      };
}

/** The uid that a builder gives an object, so that others can refer to it. */
export function uidOf(kind: string, reference: string): string {
  const { namespace = '', name } = placeOf(reference);
  return `uid-${kind.toLowerCase()}-${namespace}-${name}`;
}

export interface ObjectParts {
  spec?: object;
  status?: object;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** Minutes before `NOW`; default: a day. */
  age?: number;
  /** Minutes before `NOW` at which its spec (or data) was written last, and by whom; default: its age, kubectl. */
  changed?: number;
  manager?: string;
  owner?: KubernetesObject;
  /** More metadata: `deletionTimestamp`, `finalizers`, `generation`, `uid`. */
  metadata?: object;
  /** More fields beside metadata, spec and status: `data`, `webhooks`, `subsets`. */
  fields?: object;
}

/** Any object as an API server stores it. */
export function object(
  apiVersion: string,
  kind: string,
  reference: string,
  parts: ObjectParts = {},
): KubernetesObject {
  const { namespace, name } = placeOf(reference);
  const {
    age = OLD,
    changed = age,
    manager = 'kubectl-client-side-apply',
  } = parts;
  const { spec, status, labels, annotations, owner, fields = {} } = parts;
  const written = Object.keys({ ...(spec && { spec }), ...fields });
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      uid: uidOf(kind, reference),
      resourceVersion: String(100_000 - Math.round(changed)),
      creationTimestamp: ago(age),
      ...(spec && { generation: changed < age ? 2 : 1 }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(owner && { ownerReferences: [ownerReference(owner)] }),
      managedFields: [
        {
          manager,
          operation: 'Update',
          apiVersion,
          time: ago(changed),
          fieldsType: 'FieldsV1',
          fieldsV1: Object.fromEntries(
            written.map(field => [
              `f:${field}`,
              field === 'data' || field === 'binaryData'
                ? keysOf((fields as Record<string, object>)[field])
                : {},
            ]),
          ),
        },
      ],
      ...parts.metadata,
    },
    ...(spec && { spec }),
    ...(status && { status }),
    ...fields,
  };
}

function keysOf(data: object): object {
  return Object.fromEntries(Object.keys(data).map(name => [`f:${name}`, {}]));
}

export function ownerReference({
  apiVersion,
  kind,
  metadata,
}: KubernetesObject): KubernetesObject {
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** A condition; the time in minutes before `NOW`. */
export function condition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason?: string,
  message?: string,
  since: number = FAULT,
): KubernetesObject {
  return {
    type,
    status,
    lastTransitionTime: ago(since),
    lastUpdateTime: ago(since),
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  };
}

export interface EventParts {
  /** Default: `Warning`. */
  type?: 'Normal' | 'Warning';
  count?: number;
  /** Minutes before `NOW`: first and last time. */
  first?: number;
  last?: number;
  /** `kubelet`, `default-scheduler`, `replicaset-controller`… */
  component?: string;
}

let events = 0;

/** An event about an object. */
export function event(
  about: KubernetesObject,
  reason: string,
  message: string,
  parts: EventParts = {},
): KubernetesObject {
  const { type = 'Warning', count = 10, first = FAULT, last = 1 } = parts;
  const { component = 'kubelet' } = parts;
  const { kind, apiVersion, metadata } = about;
  const { name, uid } = metadata;
  const namespace = metadata.namespace ?? 'default';
  events += 1;
  const own = `${name}.${events.toString(16).padStart(16, '0')}`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: own,
      namespace,
      uid: `uid-event-${events}`,
      creationTimestamp: ago(first),
    },
    involvedObject: {
      apiVersion,
      kind,
      name,
      // Events about nodes carry the node's name for its uid.
      uid: kind === 'Node' ? name : uid,
      ...(metadata.namespace && { namespace }),
    },
    reason,
    message,
    type,
    count,
    firstTimestamp: ago(first),
    lastTimestamp: ago(last),
    source: { component },
    reportingComponent: component,
  };
}

/** The object with other fields; `metadata`, `spec` and `status` are merged, one level deep. */
export function withParts(
  one: KubernetesObject,
  parts: { metadata?: object; spec?: object; status?: object },
): KubernetesObject {
  return {
    ...one,
    ...(parts.metadata && { metadata: { ...one.metadata, ...parts.metadata } }),
    ...(parts.spec && { spec: { ...one.spec, ...parts.spec } }),
    ...(parts.status && { status: { ...one.status, ...parts.status } }),
  };
}

export function flat(objects: Objects): KubernetesObject[] {
  return Array.isArray(objects)
    ? objects.flatMap(one => flat(one))
    : [objects as KubernetesObject];
}
