import { ApiClient } from './apiClient';
import { ApiError } from './apiError';
import {
  DiscoveryDocument,
  FailingGroup,
  GroupsFound,
  listOf,
  parseDocument,
  ServedGroup,
} from './discoveryDocument';

/** Requests that are under way at a time. */
const AT_ONCE = 4;

/**
 * Goes on from an `APIVersions` or `APIGroupList` to what each version of each group serves.
 *
 * @throws ApiError when the server cannot be reached
 */
export async function discoverGroups(
  client: ApiClient,
  document: DiscoveryDocument,
  signal: AbortSignal,
): Promise<GroupsFound> {
  const named = namedGroups(document);
  const asked = named.flatMap(({ group, versions }) =>
    versions.map(version => ({ group, version })),
  );
  const failing: FailingGroup[] = [];
  const found = new Map<string, ServedGroup['versions'][number]>();
  const work = asked.values();
  const askOne = async () => {
    for (const { group, version } of work) {
      try {
        const resources = await resourcesOf(client, group, version, signal);
        found.set(`${group}/${version}`, { version, resources });
      } catch (error) {
        if (!(error instanceof ApiError) || isUnreachable(error)) {
          throw error;
        }
        if (error.reason !== 'absent') {
          failing.push({ group, version, message: error.message });
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOne));
  const groups = named.map(({ group, versions }) => ({
    group,
    versions: versions.flatMap(
      version => found.get(`${group}/${version}`) ?? [],
    ),
  }));
  return { groups, failing };
}

function namedGroups({
  versions,
  groups,
}: DiscoveryDocument): { group: string; versions: string[] }[] {
  const core = Array.isArray(versions)
    ? [{ group: '', versions: versions.map(String) }]
    : [];
  const others = listOf(groups).map(
    ({ name, versions: all, preferredVersion }) => {
      const served = listOf(all).map(each => String(each.version));
      const preferred = String(preferredVersion?.version);
      return {
        group: String(name),
        versions: served.includes(preferred)
          ? [preferred, ...served.filter(each => each !== preferred)]
          : served,
      };
    },
  );
  return [...core, ...others];
}

async function resourcesOf(
  client: ApiClient,
  group: string,
  version: string,
  signal: AbortSignal,
): Promise<ServedGroup['versions'][number]['resources']> {
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const what = `discover what ${path} serves`;
  const body = await client.get({ what, path, signal });
  const { resources } = parseDocument(body, what);
  return (
    listOf(resources)
      // `pods/status` and the like are parts of what is listed.
      .filter(({ name, kind }) => kind && !String(name).includes('/'))
      .map(({ name, kind, namespaced, verbs }) => ({
        kind: String(kind),
        plural: String(name),
        namespaced: namespaced === true,
        verbs: listOf(verbs).map(String),
      }))
  );
}

/** No answer at all: that is not about this group. */
function isUnreachable({ details, reason }: ApiError): boolean {
  return (
    reason === 'unauthorized' ||
    (details.status === undefined && reason !== 'malformed')
  );
}
