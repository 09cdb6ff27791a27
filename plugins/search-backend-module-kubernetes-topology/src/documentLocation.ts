import { TopologyDocument } from '@kubernetes-topology/plugin-kubernetes-topology-common';

/** Where a hit leads: the object in its entity's Topology tab; the catalog where no entity is known. */
export function documentLocation({
  key,
  entityRef,
}: Pick<TopologyDocument, 'key' | 'entityRef'>): string {
  const ref = entityRef && /^([^:/]+):([^:/]+)\/([^:/]+)$/.exec(entityRef);
  if (!ref) {
    return '/catalog';
  }
  const [, kind, namespace, name] = ref.map(encodeURIComponent);
  return `/catalog/${namespace}/${kind}/${name}/topology?${new URLSearchParams({
    node: key,
  })}`;
}
