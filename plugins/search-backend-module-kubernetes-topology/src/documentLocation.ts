import { TopologyDocument } from '@kubernetes-topology/plugin-kubernetes-topology-common';

/**
 * Where a hit leads: the object in the Topology tab that shows it; where none is known, the object in the explorer.
 * No two objects share a location: Backstage's embedded search engine keeps one document of each.
 */
export function documentLocation({
  key,
  cluster,
  namespace,
  shownIn,
}: Pick<
  TopologyDocument,
  'key' | 'cluster' | 'namespace' | 'shownIn'
>): string {
  const ref = shownIn && /^([^:/]+):([^:/]+)\/([^:/]+)$/.exec(shownIn);
  if (!ref) {
    return `/kubernetes-topology?${new URLSearchParams({
      cluster,
      namespace,
      node: key,
    })}`;
  }
  const [, kind, entityNamespace, name] = ref.map(encodeURIComponent);
  return `/catalog/${entityNamespace}/${kind}/${name}/topology?${new URLSearchParams(
    { node: key },
  )}`;
}
