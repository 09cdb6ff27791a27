import { FilterPredicate } from '@backstage/filter-predicates';
import {
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';

/**
 * Entities that may have Kubernetes objects: those with the Kubernetes plugin's annotations, and kinds whose
 * objects are the union of their parts.
 */
export const entityWithObjectsFilter: FilterPredicate = {
  $any: [
    {
      [`metadata.annotations.${ANNOTATION_KUBERNETES_ID}`]: { $exists: true },
    },
    {
      [`metadata.annotations.${ANNOTATION_KUBERNETES_LABEL_SELECTOR}`]: {
        $exists: true,
      },
    },
    { kind: { $in: ['System', 'Domain', 'Group', 'Resource', 'API'] } },
  ],
};
