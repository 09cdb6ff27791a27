import {
  ALL_VERBS,
  apiVersionOf,
  ResourceType,
  Subresource,
} from '../resources/resourceType';
import { TypeRegistry } from '../resources/typeRegistry';

const VERSION = {
  major: '1',
  minor: '31',
  gitVersion: 'v1.31.0+simulator',
  gitCommit: '9edcffcde5595e8a5b1a35f88c421764e575afce',
  gitTreeState: 'clean',
  buildDate: '2024-08-13T07:28:49Z',
  goVersion: 'go1.22.5',
  compiler: 'gc',
  platform: 'linux/amd64',
};

export const SUBRESOURCE_VERBS: Record<Subresource, string[]> = {
  status: ['get', 'patch', 'update'],
  scale: ['get', 'patch', 'update'],
  eviction: ['create'],
};

export const SUBRESOURCE_KINDS: Partial<
  Record<Subresource, { group: string; version: string; kind: string }>
> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
};

const REVIEWS = ['SelfSubjectAccessReview', 'SelfSubjectRulesReview'].map(
  kind => ({
    name: `${kind.toLowerCase()}s`,
    singularName: kind.toLowerCase(),
    namespaced: false,
    kind,
    verbs: ['create'],
  }),
);

/** What the server says of itself. */
export interface DiscoveryOptions {
  minorVersion: number;
  /** Whether `/api` and `/apis` tell everything at once to who asks for it. */
  aggregated: boolean;
}

/** The answer to `/version`. */
export function versionOf(minor: number): object {
  return {
    ...VERSION,
    minor: String(minor),
    gitVersion: `v1.${minor}.0+simulator`,
  };
}

/** The answer to a discovery path (`/api`, `/apis`, `/apis/apps`, `/apis/apps/v1`), undefined for another path. */
export function discover(
  types: TypeRegistry,
  groups: ReadonlyMap<string, readonly string[]>,
  path: string,
  host: string,
): object | undefined {
  const [root, ...rest] = path.split('/').filter(part => part !== '');
  if (root === 'api' && rest.length === 0) {
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [
        { clientCIDR: '0.0.0.0/0', serverAddress: host },
      ],
    };
  }
  if (root === 'api' && rest.length === 1) {
    return groups.get('')?.includes(rest[0])
      ? resourceList(types, '', rest[0])
      : undefined;
  }
  if (root !== 'apis') {
    return undefined;
  }
  const [group, version] = rest;
  if (rest.length === 0) {
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [...groups]
        .filter(([name]) => name !== '')
        .map(([name, versions]) => groupEntry(name, versions)),
    };
  }
  const served = group === '' ? undefined : groups.get(group);
  if (!served) {
    return undefined;
  }
  if (rest.length === 1) {
    return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group, served) };
  }
  return rest.length === 2 && served.includes(version)
    ? resourceList(types, group, version)
    : undefined;
}

function groupEntry(name: string, served: readonly string[]) {
  const versions = served.map(version => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

function resourceList(types: TypeRegistry, group: string, version: string) {
  const resources = types
    .all()
    .filter(type => type.group === group && type.version === version)
    .flatMap(type => [resourceEntry(type), ...subresourceEntries(type)]);
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: group === 'authorization.k8s.io' ? REVIEWS : resources,
  };
}

function resourceEntry(type: ResourceType) {
  return {
    name: type.resource,
    singularName: type.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: [...ALL_VERBS],
    shortNames: type.shortNames.length > 0 ? type.shortNames : undefined,
  };
}

function subresourceEntries(type: ResourceType) {
  return type.subresources.map(subresource => ({
    name: `${type.resource}/${subresource}`,
    singularName: '',
    namespaced: type.namespaced,
    ...(SUBRESOURCE_KINDS[subresource] ?? { kind: type.kind }),
    verbs: SUBRESOURCE_VERBS[subresource] ?? ['get'],
  }));
}
