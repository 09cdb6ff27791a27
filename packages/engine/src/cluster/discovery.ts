import { ServedKind } from '../kinds/kindCatalog';
import { KindId, kindText } from '../kinds/identity';
import { ApiClient } from './apiClient';
import { ApiError } from './apiError';
import { isAggregated, kindsOfGroups } from './aggregatedDiscovery';
import {
  FailingGroup,
  GroupsFound,
  parseDocument,
  ServedGroup,
} from './discoveryDocument';
import { discoverGroups } from './legacyDiscovery';

/** Every group but the core: discovery may be forbidden as a whole. */
const ANY_GROUP = '*';

/** What an API server says that it serves. */
export interface Discovery {
  /** One per group and kind: the version that the server prefers of those that it serves the kind in. */
  served: readonly ServedKind[];
  failing: readonly FailingGroup[];
}

const ACCEPT = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/**
 * All kinds of all groups: two requests where the server offers aggregated discovery (since 1.26), else one for each
 * version of each group. What fails for one group says nothing of the others.
 *
 * @throws ApiError when the server does not answer, or is not ready to
 */
export async function discoverKinds(
  client: ApiClient,
  signal: AbortSignal,
): Promise<Discovery> {
  const answers = await Promise.all(
    (['/api', '/apis'] as const).map(path =>
      discoverRoot(client, path, signal),
    ),
  );
  return {
    served: onePerKind(answers.flatMap(({ groups }) => groups)),
    failing: answers.flatMap(({ failing }) => failing),
  };
}

async function discoverRoot(
  client: ApiClient,
  path: '/api' | '/apis',
  signal: AbortSignal,
): Promise<GroupsFound> {
  const what = `discover what ${path} serves`;
  try {
    const body = await client.get({ what, path, accept: ACCEPT, signal });
    const document = parseDocument(body, what);
    return isAggregated(document)
      ? kindsOfGroups(document)
      : await discoverGroups(client, document, signal);
  } catch (error) {
    const mayNotAsk =
      error instanceof ApiError &&
      ['forbidden', 'absent'].includes(error.reason);
    if (!mayNotAsk) {
      throw error;
    }
    const group = path === '/api' ? '' : ANY_GROUP;
    return { groups: [], failing: [{ group, message: error.message }] };
  }
}

/** Whether the server could not say if it serves the kind: its list will tell. */
export function isInDoubt({ failing }: Discovery, { group }: KindId): boolean {
  return failing.some(
    each => each.group === group || (each.group === ANY_GROUP && group !== ''),
  );
}

function onePerKind(groups: readonly ServedGroup[]): ServedKind[] {
  const kinds = new Map<string, ServedKind & { versions: string[] }>();
  for (const { group, versions } of groups) {
    for (const { version, resources } of versions) {
      for (const { kind, ...resource } of resources) {
        const id = { group, kind };
        const known = kinds.get(kindText(id));
        if (!known) {
          const served = { id, version, versions: [version], ...resource };
          kinds.set(kindText(id), served);
        } else if (known.plural === resource.plural) {
          known.versions.push(version);
        }
      }
    }
  }
  return [...kinds.values()];
}
