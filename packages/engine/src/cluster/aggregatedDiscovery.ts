import {
  DiscoveryDocument,
  FailingGroup,
  GroupsFound,
  listOf,
} from './discoveryDocument';

export function isAggregated(document: DiscoveryDocument): boolean {
  return document.kind === 'APIGroupDiscoveryList';
}

/**
 * Reads an `APIGroupDiscoveryList` (`apidiscovery.k8s.io` v2 and v2beta1). A version that is not fresh comes from an
 * aggregated API that does not answer at present: what it last said still counts.
 */
export function kindsOfGroups(document: DiscoveryDocument): GroupsFound {
  const failing: FailingGroup[] = [];
  const groups = listOf(document.items).map(({ metadata, versions }) => {
    const group = String(metadata?.name ?? '');
    return {
      group,
      versions: listOf(versions).map(({ version, freshness, resources }) => {
        if (freshness === 'Stale') {
          const message = `The API server behind ${group}/${version} does not answer. Check its APIService, ${version}.${group}.`;
          failing.push({ group, version, message });
        }
        return {
          version: String(version),
          resources: listOf(resources).flatMap(resource => {
            const kind = resource.responseKind?.kind;
            return typeof kind === 'string' && kind !== ''
              ? [
                  {
                    kind,
                    plural: String(resource.resource),
                    namespaced: resource.scope === 'Namespaced',
                    verbs: listOf(resource.verbs).map(String),
                  },
                ]
              : [];
          }),
        };
      }),
    };
  });
  return { groups, failing };
}
