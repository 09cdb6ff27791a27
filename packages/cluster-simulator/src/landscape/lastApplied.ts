import { KubernetesObject } from '../objects/kubernetesObject';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The object as `kubectl apply` sends it: with itself in an annotation. For a Secret that annotation holds the values,
 * in answers of metadata only too; whoever reads the simulator has to cope with that as with a real cluster.
 */
export function withLastApplied(object: KubernetesObject): KubernetesObject {
  const { annotations, ...metadata } = object.metadata;
  const applied = {
    ...object,
    metadata: { annotations: annotations ?? {}, ...metadata },
  };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      annotations: {
        ...annotations,
        [ANNOTATION]: `${JSON.stringify(applied)}\n`,
      },
    },
  };
}
