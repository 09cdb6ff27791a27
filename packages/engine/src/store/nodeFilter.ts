import { LabelRequirement } from '../kinds/labelSelector';

/**
 * What a caller may see: a condition on a node's place, kind and labels. It becomes part of every hop of every query, so a
 * traversal never passes through a node that it denies.
 */
export type NodeFilter =
  | { anyOf: NodeFilter[] }
  | { allOf: NodeFilter[] }
  | { not: NodeFilter }
  /** What has no labels, such as an object that is only referred to, meets `NotIn` and `DoesNotExist`. */
  | { label: LabelRequirement }
  | {
      key: 'cluster' | 'namespace' | 'kind' | 'key';
      /** `kind` values read as `kindText` writes them, e.g. `Deployment.apps`. */
      values: string[];
    };
