import { ApiError } from './apiError';
import { parseJson } from './parseJson';

/** A group as discovery tells it, its versions in the server's order of preference. */
export interface ServedGroup {
  /** `''` is the core group. */
  group: string;
  versions: {
    version: string;
    resources: {
      kind: string;
      plural: string;
      namespaced: boolean;
      verbs: readonly string[];
    }[];
  }[];
}

/** A group, or a version of it, that the server cannot tell the kinds of: an aggregated API that is down. */
export interface FailingGroup {
  group: string;
  version?: string;
  message: string;
}

export interface GroupsFound {
  groups: ServedGroup[];
  failing: FailingGroup[];
}

export type DiscoveryDocument = { readonly [field: string]: any };

/** @throws ApiError when the body is no JSON object */
export function parseDocument(body: Buffer, what: string): DiscoveryDocument {
  let document: unknown;
  try {
    document = parseJson(body.toString());
  } catch {
    document = undefined;
  }
  if (document === null || typeof document !== 'object') {
    throw new ApiError(
      'malformed',
      `Could not ${what}: the answer is no JSON object. Check that the cluster's address is a Kubernetes API server.`,
    );
  }
  return document;
}

export function listOf(value: unknown): any[] {
  return Array.isArray(value)
    ? value.filter(each => each !== null && each !== undefined)
    : [];
}
