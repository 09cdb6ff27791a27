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
  /** A custom resource: its list items carry kind and apiVersion, it knows no strategic merge patch. */
  readonly custom: boolean;
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
