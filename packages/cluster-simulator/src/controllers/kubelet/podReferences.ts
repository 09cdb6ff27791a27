import { KubernetesObject } from '../../objects/kubernetesObject';
import { claimNames } from '../scheduler/podClaims';

type Fields = Record<string, any>;
type Read = (
  kind: string,
  namespace: string,
  name: string,
) => KubernetesObject | undefined;

/** Why a container's environment cannot be made, in the kubelet's words; undefined when it can. */
export function environmentProblem(
  container: Fields,
  namespace: string,
  read: Read,
): string | undefined {
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    const problem =
      missingObject('ConfigMap', configMapRef, namespace, read) ??
      missingObject('Secret', secretRef, namespace, read);
    if (problem) {
      return problem;
    }
  }
  for (const { valueFrom } of container.env ?? []) {
    const problem =
      missingKey('ConfigMap', valueFrom?.configMapKeyRef, namespace, read) ??
      missingKey('Secret', valueFrom?.secretKeyRef, namespace, read);
    if (problem) {
      return problem;
    }
  }
  return undefined;
}

/** Why a volume cannot be mounted, as the event FailedMount says it; undefined when all can. */
export function mountProblem(
  pod: KubernetesObject,
  read: Read,
): string | undefined {
  const { metadata, spec } = pod;
  const namespace = metadata.namespace!;
  for (const volume of spec.volumes ?? []) {
    const sources = volume.projected?.sources ?? [volume];
    for (const { secret, configMap } of sources) {
      const problem =
        missingItems('secret', secret, namespace, read) ??
        missingItems('configmap', configMap, namespace, read);
      if (problem) {
        return `MountVolume.SetUp failed for volume "${volume.name}" : ${problem}`;
      }
    }
  }
  for (const name of claimNames(pod)) {
    const claim = read('PersistentVolumeClaim', namespace, name);
    if (claim?.status?.phase !== 'Bound') {
      const volume = spec.volumes.find(
        (candidate: Fields) =>
          candidate.persistentVolumeClaim?.claimName === name ||
          candidate.ephemeral,
      );
      const why = claim
        ? 'PVC is not bound'
        : `failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`;
      return `Unable to attach or mount volumes: unmounted volumes=[${volume.name}], unattached volumes=[], failed to process volumes=[${volume.name}]: error processing PVC ${namespace}/${name}: ${why}`;
    }
  }
  return undefined;
}

function missingObject(
  kind: 'ConfigMap' | 'Secret',
  reference: Fields | undefined,
  namespace: string,
  read: Read,
): string | undefined {
  return reference &&
    !reference.optional &&
    !read(kind, namespace, reference.name)
    ? `${kind.toLowerCase()} "${reference.name}" not found`
    : undefined;
}

function missingKey(
  kind: 'ConfigMap' | 'Secret',
  reference: Fields | undefined,
  namespace: string,
  read: Read,
): string | undefined {
  if (!reference || reference.optional) {
    return undefined;
  }
  const object = read(kind, namespace, reference.name);
  if (!object) {
    return `${kind.toLowerCase()} "${reference.name}" not found`;
  }
  return hasKey(object, reference.key)
    ? undefined
    : `couldn't find key ${reference.key} in ${kind} ${namespace}/${reference.name}`;
}

function missingItems(
  kind: 'configmap' | 'secret',
  source: Fields | undefined,
  namespace: string,
  read: Read,
): string | undefined {
  if (!source || source.optional) {
    return undefined;
  }
  // A secret volume says `secretName`, a projected source `name`.
  const name = source.secretName ?? source.name;
  const object = read(
    kind === 'secret' ? 'Secret' : 'ConfigMap',
    namespace,
    name,
  );
  if (!object) {
    return `${kind} "${name}" not found`;
  }
  const missing = (source.items ?? []).find(
    ({ key }: Fields) => !hasKey(object, key),
  );
  return missing
    ? `references non-existent ${
        kind === 'secret' ? 'secret' : 'config'
      } key: ${missing.key}`
    : undefined;
}

function hasKey(object: KubernetesObject, key: string): boolean {
  return (
    Object.hasOwn(object.data ?? {}, key) ||
    Object.hasOwn(object.binaryData ?? {}, key)
  );
}
