import { KubernetesObject } from '../objects/kubernetesObject';
import { StatusError } from '../server/statusError';
import { ControlPlane, ownedBy } from './controlPlane';

type Fields = Record<string, any>;

/**
 * Creates a pod from a workload's template, as its controller does.
 * @param given what differs from the template: name or generateName, labels, parts of the spec
 * @throws {StatusError} 403 when the service account is missing; as any creation
 */
export function createPod(
  plane: ControlPlane,
  owner: KubernetesObject,
  template: Fields,
  given: {
    name?: string;
    generateName?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    spec?: Fields;
  },
): KubernetesObject {
  const namespace = owner.metadata.namespace!;
  const account = template.spec.serviceAccountName ?? 'default';
  if (!plane.get('ServiceAccount', namespace, account)) {
    throw new StatusError(
      403,
      'Forbidden',
      `pods "${
        given.name ?? given.generateName
      }" is forbidden: error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
    );
  }
  const { name, generateName } = given;
  return plane.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: name ?? '',
      generateName,
      namespace,
      labels: { ...template.metadata?.labels, ...given.labels },
      annotations: definedOrNone({
        ...template.metadata?.annotations,
        ...given.annotations,
      }),
      ownerReferences: ownedBy(owner),
    },
    spec: { ...template.spec, ...given.spec },
  });
}

function definedOrNone(map: Record<string, string>) {
  return Object.keys(map).length > 0 ? map : undefined;
}

/** Counts for its controller: neither finished nor on its way out. */
export function isActive({ metadata, status }: KubernetesObject): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    status?.phase !== 'Succeeded' &&
    status?.phase !== 'Failed'
  );
}

/** Which of too many pods go first: those that do the least, then the youngest. */
export function leastUsefulFirst(
  a: KubernetesObject,
  b: KubernetesObject,
): number {
  const use = ({ spec, status }: KubernetesObject) =>
    (spec.nodeName ? 1 : 0) +
    (status.phase === 'Running' ? 2 : 0) +
    (readySince(status) ? 4 : 0);
  return (
    use(a) - use(b) ||
    (b.metadata.creationTimestamp ?? '').localeCompare(
      a.metadata.creationTimestamp ?? '',
    )
  );
}

/** When the pod became ready; undefined when it is not. */
export function readySince(status: Fields | undefined): number | undefined {
  const ready = status?.conditions?.find(
    (condition: Fields) => condition.type === 'Ready',
  );
  return ready?.status === 'True'
    ? Date.parse(ready.lastTransitionTime)
    : undefined;
}
