import { KubernetesObject } from '../objects/kubernetesObject';
import { deepEqual } from '../writes/fieldsTree';
import { nameHash } from '../writes/randomNames';
import { ControlPlane, ownedBy } from './controlPlane';

/** The revision hash of a StatefulSet's or DaemonSet's template; its ControllerRevision is made when there is none. */
export function ensureRevision(
  plane: ControlPlane,
  owner: KubernetesObject,
): string {
  const { metadata, spec } = owner;
  const revisions = plane.controlledBy('ControllerRevision', owner);
  const existing = revisions.find(({ data }) =>
    deepEqual(
      { ...data?.spec?.template, $patch: undefined },
      { ...spec.template, $patch: undefined },
    ),
  );
  if (existing) {
    return existing.metadata.name.slice(metadata.name.length + 1);
  }
  const hash = nameHash(spec.template);
  plane.create({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      labels: {
        ...spec.template.metadata?.labels,
        'controller-revision-hash': hash,
      },
      ownerReferences: ownedBy(owner),
    },
    data: { spec: { template: { $patch: 'replace', ...spec.template } } },
    revision: 1 + Math.max(0, ...revisions.map(({ revision }) => revision)),
  });
  return hash;
}

/** The revision hash that a pod was made from, however its controller writes it. */
export function revisionOfPod({ metadata }: KubernetesObject): string {
  const label = metadata.labels?.['controller-revision-hash'] ?? '';
  return label.slice(label.lastIndexOf('-') + 1);
}
