import { KubernetesObject } from '../objects/kubernetesObject';
import { groupResource } from '../resources/resourceType';
import { StoredObject } from '../storage/storedObject';
import { Change } from '../storage/table';

/** One loop of the control plane: told which keys to look at, it makes the world agree with what is wanted. */
export interface Controller {
  readonly name: string;
  /** Keys to look at because of a change; at start each object counts as one that was created. */
  keysFor(change: Change): Iterable<string>;
  /** The answer, if any: look again after so many milliseconds. */
  reconcile(key: string): number | void;
  stop?(): void;
}

/** `pods`, `deployments.apps`. */
export function kindOf(change: Change): string {
  return groupResource(change.after.type);
}

/** Namespace and name out of a key. */
export function splitKey(key: string): [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}

export function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** The key of the object's controller if that is of the kind. */
export function controllerKey(
  { namespace, object }: StoredObject,
  kind: string,
): string[] {
  const owner = object.metadata.ownerReferences?.find(
    reference => reference.controller && reference.kind === kind,
  );
  return owner ? [`${namespace}/${owner.name}`] : [];
}
