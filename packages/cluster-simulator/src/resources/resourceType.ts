import { KubernetesObject } from '../objects/kubernetesObject';

/** A kind as one API version serves it: what discovery tells of it. */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, as in the path: `pods`. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly subresources: readonly Subresource[];
  /** Another kind's objects, shown in other words. */
  readonly viewOf?: View;
  /** A custom resource: its list items carry kind and apiVersion, it knows no strategic merge patch. */
  readonly custom: boolean;
}

export interface View {
  readonly group: string;
  readonly resource: string;
  /** An object of that kind in the words of this one; without apiVersion and kind. */
  show(object: KubernetesObject): object;
}

export type Subresource = 'status' | 'scale' | 'eviction';

export const ALL_VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
] as const;

/** `v1` or `apps/v1`. */
export function apiVersionOf(type: { group: string; version: string }): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** `pods` or `deployments.apps`: the name of a kind across its versions, and of its table in the storage. */
export function groupResource(type: {
  group: string;
  resource: string;
}): string {
  return type.group === '' ? type.resource : `${type.resource}.${type.group}`;
}

/** Orders versions as discovery prefers them: v2, v1, v1beta2, v1beta1, v1alpha1, and then whatever else by name. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) {
      return right[index] - left[index];
    }
  }
  return a < b ? -1 : Number(a > b);
}

function rankOf(version: string): number[] {
  const [, major, stage, minor] =
    /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === undefined) {
    return [0, 0, 0];
  }
  const stability = { alpha: 1, beta: 2 }[stage] ?? 3;
  return [stability, Number(major), Number(minor ?? 0)];
}

/** Group and version out of `v1` or `apps/v1`. */
export function parseApiVersion(apiVersion: string): {
  group: string;
  version: string;
} {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : {
        group: apiVersion.slice(0, slash),
        version: apiVersion.slice(slash + 1),
      };
}
