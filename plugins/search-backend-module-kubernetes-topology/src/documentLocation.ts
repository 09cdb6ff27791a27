import { TopologyDocument } from '@kubernetes-topology/plugin-kubernetes-topology-common';

/**
 * Where a hit leads: the object in the Topology tab that shows it; where none is known, the portal's start page, which
 * is the catalog's index in a default portal.
 */
export function documentLocation({
  key,
  shownIn,
}: Pick<TopologyDocument, 'key' | 'shownIn'>): string {
  const ref = shownIn && /^([^:/]+):([^:/]+)\/([^:/]+)$/.exec(shownIn);
  if (!ref) {
    return '/';
  }
  const [, kind, namespace, name] = ref.map(encodeURIComponent);
  return `/catalog/${namespace}/${kind}/${name}/topology?${new URLSearchParams({
    node: key,
  })}`;
}
