import { KindDefinition } from '../kinds/kindDefinition';
import { ApiClient } from './apiClient';
import { ApiError } from './apiError';
import { groupVersionPath } from './listWatch';

/**
 * The kinds that the API server says it does not serve. A group that cannot be asked (its APIService is broken, or
 * discovery is forbidden) counts as served: the list itself will tell.
 *
 * @throws ApiError when the server cannot be reached
 */
export async function findAbsentKinds(
  client: ApiClient,
  kinds: readonly KindDefinition[],
  signal: AbortSignal,
): Promise<Set<KindDefinition>> {
  const byPath = new Map<string, KindDefinition[]>();
  for (const kind of kinds) {
    const path = groupVersionPath(kind.id, kind.version);
    byPath.set(path, [...(byPath.get(path) ?? []), kind]);
  }
  const absent = new Set<KindDefinition>();
  for (const [path, asked] of byPath) {
    const served = await servedResources(client, path, signal);
    for (const kind of asked) {
      if (served && !served.has(kind.plural)) {
        absent.add(kind);
      }
    }
  }
  return absent;
}

/** The plurals of a group version; `undefined` when the server does not say. */
async function servedResources(
  client: ApiClient,
  path: string,
  signal: AbortSignal,
): Promise<Set<string> | undefined> {
  try {
    const body = await client.get({ what: `discover ${path}`, path, signal });
    const { resources } = JSON.parse(body.toString());
    return Array.isArray(resources)
      ? new Set(resources.map(resource => String(resource?.name)))
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    if (error instanceof ApiError && error.details.status !== undefined) {
      return error.reason === 'absent' ? new Set() : undefined;
    }
    throw error;
  }
}
