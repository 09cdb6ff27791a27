import {
  ALL_VERBS,
  ResourceType,
  Subresource,
} from '../resources/resourceType';
import { TypeRegistry } from '../resources/typeRegistry';
import { SUBRESOURCE_KINDS, SUBRESOURCE_VERBS } from './discovery';

const KIND = 'APIGroupDiscoveryList';
const GROUP = 'apidiscovery.k8s.io';
const VERSIONS = ['v2', 'v2beta1'] as const;

/** `v2` as `application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList` asks for it; the first clause that can be had wins. */
export type DiscoveryVersion = (typeof VERSIONS)[number];

/** Undefined when the caller prefers, or only knows, discovery of one group version at a time. */
export function askedVersion(
  accept: string | undefined,
): DiscoveryVersion | undefined {
  for (const clause of (accept ?? '').split(',')) {
    const [media, ...parameters] = clause.split(';').map(part => part.trim());
    if (media === 'application/json') {
      const given = new Map(
        parameters.map(parameter => parameter.split('=') as [string, string]),
      );
      const version = VERSIONS.find(known => known === given.get('v'));
      if (given.get('as') === KIND && given.get('g') === GROUP && version) {
        return version;
      }
      if (!given.has('as')) {
        return undefined;
      }
    }
  }
  return undefined;
}

export function contentTypeOf(version: DiscoveryVersion): string {
  return `application/json;g=${GROUP};v=${version};as=${KIND}`;
}

/**
 * Everything below `/api` or `/apis` in one document.
 * @param groups group → versions, the preferred one first
 * @param isStale the server of that group version does not answer: its kinds are not known
 */
export function discoverAll(
  types: TypeRegistry,
  groups: ReadonlyMap<string, readonly string[]>,
  root: 'api' | 'apis',
  version: DiscoveryVersion,
  isStale: (group: string, version: string) => boolean,
): object {
  const items = [...groups]
    .filter(([name]) => (name === '') === (root === 'api'))
    .map(([name, versions]) => ({
      metadata: { ...(name !== '' && { name }), creationTimestamp: null },
      versions: versions.map(served => ({
        version: served,
        resources: isStale(name, served)
          ? undefined
          : resourcesOf(types, name, served),
        freshness: isStale(name, served) ? 'Stale' : 'Current',
      })),
    }));
  return { kind: KIND, apiVersion: `${GROUP}/${version}`, metadata: {}, items };
}

function resourcesOf(types: TypeRegistry, group: string, version: string) {
  return types
    .all()
    .filter(type => type.group === group && type.version === version)
    .map(type => ({
      resource: type.resource,
      responseKind: kindOf(type),
      scope: type.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: type.singular,
      verbs: [...ALL_VERBS],
      shortNames: type.shortNames.length > 0 ? type.shortNames : undefined,
      subresources:
        type.subresources.length > 0
          ? type.subresources.map(name => subresourceOf(type, name))
          : undefined,
    }));
}

function subresourceOf(type: ResourceType, subresource: Subresource) {
  return {
    subresource,
    responseKind: SUBRESOURCE_KINDS[subresource] ?? kindOf(type),
    verbs: SUBRESOURCE_VERBS[subresource] ?? ['get'],
  };
}

function kindOf({ group, version, kind }: ResourceType) {
  return { group, version, kind };
}
