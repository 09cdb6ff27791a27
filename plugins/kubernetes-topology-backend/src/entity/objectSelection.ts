import { Entity } from '@backstage/catalog-model';
import { LabelSelector, ObjectSelection } from '@kubernetes-topology/engine';
import {
  ANNOTATION_KUBERNETES_CLUSTER,
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
  ANNOTATION_KUBERNETES_NAMESPACE,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { parseLabelSelector } from './labelSelectorText';

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
  const selector = annotations[ANNOTATION_KUBERNETES_LABEL_SELECTOR];
  if (selector) {
    return parseLabelSelector(selector);
  }
  const id = annotations[ANNOTATION_KUBERNETES_ID];
  return id
    ? [{ key: ANNOTATION_KUBERNETES_ID, operator: 'In', values: [id] }]
    : undefined;
}
