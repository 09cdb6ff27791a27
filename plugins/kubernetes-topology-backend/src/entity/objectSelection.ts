import { Entity } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import {
  LabelSelector,
  LabelSelectorError,
  ObjectSelection,
  parseLabelSelector,
} from '@kubernetes-topology/engine';
import {
  ANNOTATION_KUBERNETES_CLUSTER,
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
  ANNOTATION_KUBERNETES_NAMESPACE,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';

/**
 * Which objects an entity's annotations call its own, by the Kubernetes plugin's rules (`backstage.md` 4.4): the
 * label selector, else the label `backstage.io/kubernetes-id`; within the namespace where one is given. Unlike
 * there, the cluster annotation always narrows, and the entity's name alone selects nothing.
 *
 * `undefined` when the entity has neither annotation; throws InputError for a faulty selector.
 */
export function objectSelection(entity: Entity): ObjectSelection | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const labels = labelsOf(annotations);
  if (!labels) {
    return undefined;
  }
  const namespace = annotations[ANNOTATION_KUBERNETES_NAMESPACE];
  const cluster = annotations[ANNOTATION_KUBERNETES_CLUSTER];
  return {
    labels,
    ...(namespace && { namespace }),
    ...(cluster && { clusters: [cluster] }),
  };
}

function labelsOf(
  annotations: Record<string, string>,
): LabelSelector | undefined {
  // Nothing but spaces would match every object of the cluster.
  const selector = annotations[ANNOTATION_KUBERNETES_LABEL_SELECTOR]?.trim();
  if (selector) {
    return readSelector(selector);
  }
  const id = annotations[ANNOTATION_KUBERNETES_ID];
  return id
    ? [{ key: ANNOTATION_KUBERNETES_ID, operator: 'In', values: [id] }]
    : undefined;
}

function readSelector(text: string): LabelSelector {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    if (error instanceof LabelSelectorError) {
      throw new InputError(
        `The annotation ${ANNOTATION_KUBERNETES_LABEL_SELECTOR} is faulty. ${error.message}`,
      );
    }
    throw error;
  }
}
