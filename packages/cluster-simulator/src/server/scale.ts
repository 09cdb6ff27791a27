import { KubernetesObject } from '../objects/kubernetesObject';

/** The `/scale` of a workload: how many replicas it has and should have. */
export function scaleOf({
  metadata,
  spec,
  status,
}: KubernetesObject): KubernetesObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const labels = Object.entries(
    spec.selector?.matchLabels ?? spec.selector ?? {},
  );
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: {
      replicas: status?.replicas ?? 0,
      selector: labels.map(([key, value]) => `${key}=${value}`).join(','),
    },
  };
}

export function applyScale(
  object: KubernetesObject,
  scale: KubernetesObject,
): KubernetesObject {
  return {
    ...object,
    spec: { ...object.spec, replicas: scale.spec?.replicas ?? 0 },
  };
}
