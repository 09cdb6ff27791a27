import { groupOf } from '../cluster/staticObjects';
import { KubernetesObject } from '../kinds/kindDefinition';
import { isMap } from '../kinds/wellFormed';
import { podsOfObjects } from './podsOfObjects';
import { namespaceLabels, ReachabilityInput } from './reachabilityInput';

/** What decides reachability among the objects of a dump or of manifests. */
export function inputOfObjects(
  objects: readonly KubernetesObject[],
): ReachabilityInput {
  const known = objects.filter(
    object => isMap(object) && isMap(object.metadata),
  );
  return {
    pods: podsOfObjects(known),
    namespaces: new Map(
      known
        .filter(
          ({ apiVersion, kind }) =>
            kind === 'Namespace' && groupOf(apiVersion) === '',
        )
        .map(({ metadata }) => [
          String(metadata.name),
          namespaceLabels(
            String(metadata.name),
            isMap(metadata.labels) ? metadata.labels : {},
          ),
        ]),
    ),
    policies: known.filter(isNetworkPolicy),
  };
}

/** Also of the group that it had before Kubernetes 1.16. */
export function isNetworkPolicy({
  apiVersion,
  kind,
}: KubernetesObject): boolean {
  return (
    kind === 'NetworkPolicy' &&
    ['networking.k8s.io', 'extensions'].includes(groupOf(apiVersion))
  );
}
