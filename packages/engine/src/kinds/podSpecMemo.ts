import { KubernetesObject } from './kindDefinition';

/** The volume of the service account's token, with a random name in every pod; what it brings is not drawn. */
export function isTokenVolume(name: unknown): boolean {
  return String(name).startsWith('kube-api-access-');
}

/** Pods of one owner stand side by side in a list, often mixed with those of one other. */
const KEPT = 2;

interface Kept<Answer> {
  namespace: string;
  spec: KubernetesObject;
  answer: Answer;
}

/**
 * Remembers what was read from the last pod specs. The pods of one owner have specs that differ in nothing that they
 * refer to: comparing costs a fraction of reading, and equal answers are one object in memory. Only a memory: the
 * answer is always the one that reading gives.
 */
export class SpecMemo<Answer> {
  readonly #kept = new Map<string, Kept<Answer>[]>();

  of(
    owner: string,
    namespace: string,
    spec: KubernetesObject,
    read: () => Answer,
  ): Answer {
    const kept = this.#kept.get(owner) ?? [];
    for (const former of kept) {
      if (former.namespace === namespace && sameReferences(former.spec, spec)) {
        return former.answer;
      }
    }
    const answer = read();
    if (!namesItsPod(spec)) {
      this.#kept.set(owner, [
        { namespace, spec, answer },
        ...kept.slice(0, KEPT - 1),
      ]);
    }
    return answer;
  }
}

/** A generic ephemeral volume's claim has the name of its pod. */
function namesItsPod({ volumes }: KubernetesObject): boolean {
  return (
    Array.isArray(volumes) &&
    volumes.some(volume => isObject(volume?.ephemeral))
  );
}

/** Whether both refer to the same objects in the same way; everything else may differ. */
export function sameReferences(
  one: KubernetesObject,
  other: KubernetesObject,
): boolean {
  return (
    sameItems(one.containers, other.containers, sameUses) &&
    sameItems(one.initContainers, other.initContainers, sameUses) &&
    sameItems(one.ephemeralContainers, other.ephemeralContainers, sameUses) &&
    sameItems(one.volumes, other.volumes, sameVolume) &&
    sameJson(one.imagePullSecrets, other.imagePullSecrets)
  );
}

function sameUses(one: any, other: any): boolean {
  return (
    one.name === other.name &&
    sameItems(one.env, other.env, sameVariable) &&
    sameJson(one.envFrom, other.envFrom) &&
    sameItems(one.volumeMounts, other.volumeMounts, sameMount)
  );
}

function sameVariable(one: any, other: any): boolean {
  return sameJson(one.valueFrom, other.valueFrom);
}

function sameMount(one: any, other: any): boolean {
  return (
    (one.name === other.name &&
      one.subPath === other.subPath &&
      one.subPathExpr === other.subPathExpr) ||
    (isTokenVolume(one.name) && isTokenVolume(other.name))
  );
}

function sameVolume(one: any, other: any): boolean {
  return (
    sameJson(one, other) ||
    (isTokenVolume(one.name) && isTokenVolume(other.name))
  );
}

/** Of anything but two lists of objects only whether both are absent. */
function sameItems(
  one: unknown,
  other: unknown,
  same: (one: any, other: any) => boolean,
): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) {
    return one === other;
  }
  if (one.length !== other.length) {
    return false;
  }
  for (let nth = 0; nth < one.length; nth++) {
    if (!isObject(one[nth]) || !isObject(other[nth])) {
      return false;
    }
    if (!same(one[nth], other[nth])) {
      return false;
    }
  }
  return true;
}

function isObject(value: unknown): value is { [field: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

/** Whether two parsed JSON values are equal. */
function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) {
    return true;
  }
  if (!isObject(one) || !isObject(other)) {
    return false;
  }
  if (Array.isArray(one) !== Array.isArray(other)) {
    return false;
  }
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every(name => name in other && sameJson(one[name], other[name]))
  );
}
