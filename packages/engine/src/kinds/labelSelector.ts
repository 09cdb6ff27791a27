/** One requirement on a label, in the words of `metav1.LabelSelectorRequirement`. */
export interface LabelRequirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values: string[];
}

/** All requirements must hold; an empty list matches everything. A selector that matches nothing is not recorded. */
export type LabelSelector = LabelRequirement[];
