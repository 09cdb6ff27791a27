import { KubernetesObject } from './kindDefinition';

/** One requirement on a label, in the words of `metav1.LabelSelectorRequirement`. */
export interface LabelRequirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values: string[];
}

/** All requirements must hold; an empty list matches everything. A selector that matches nothing is not recorded. */
export type LabelSelector = LabelRequirement[];

/** Whether the labels meet every requirement. `NotIn` also holds where the label is absent, as in Kubernetes. */
export function matchesLabels(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = Object.prototype.hasOwnProperty.call(labels, key)
      ? labels[key]
      : undefined;
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      default:
        return value === undefined;
    }
  });
}

/** The selector of a Service or ReplicationController: equality only (`relationships.md` section 4.3). */
export function selectorFromMap(
  labels: Readonly<Record<string, unknown>>,
): LabelSelector {
  return Object.entries(labels).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [String(value)],
  }));
}

/** A `metav1.LabelSelector`; `{}` matches everything. `undefined` for an absent one, whose meaning differs by field. */
export function selectorFromObject(
  selector: KubernetesObject | undefined | null,
): LabelSelector | undefined {
  if (!selector) {
    return undefined;
  }
  const expressions: any[] = selector.matchExpressions ?? [];
  return [
    ...selectorFromMap(selector.matchLabels ?? {}),
    ...expressions.map(expression => ({
      key: String(expression.key),
      operator: expression.operator as LabelRequirement['operator'],
      values: (expression.values ?? []).map(String),
    })),
  ];
}

/** The selector as `kubectl -l` takes it. */
export function selectorText(selector: LabelSelector): string {
  return selector
    .map(({ key, operator, values }) => {
      switch (operator) {
        case 'In':
          return values.length === 1
            ? `${key}=${values[0]}`
            : `${key} in (${values.join(',')})`;
        case 'NotIn':
          return values.length === 1
            ? `${key}!=${values[0]}`
            : `${key} notin (${values.join(',')})`;
        case 'Exists':
          return key;
        default:
          return `!${key}`;
      }
    })
    .join(',');
}
