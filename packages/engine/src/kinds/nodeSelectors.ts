import { KubernetesObject } from './kindDefinition';
import {
  LabelRequirement,
  LabelSelector,
  selectorFromMap,
} from './labelSelector';

const LABEL_OPERATORS = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

/**
 * A `v1.NodeSelector` as label selectors, of which one has to match. A term that asks for more than labels (`Gt`, `Lt`,
 * fields) is left out, and an empty term matches nothing.
 */
export function nodeSelectorTerms(
  nodeSelector: KubernetesObject | undefined,
): LabelSelector[] {
  const terms: any[] = nodeSelector?.nodeSelectorTerms ?? [];
  return terms.flatMap(term => {
    const expressions: any[] = term.matchExpressions ?? [];
    const byLabels =
      expressions.length > 0 &&
      !(term.matchFields?.length > 0) &&
      expressions.every(({ operator }) => LABEL_OPERATORS.has(operator));
    return byLabels
      ? [
          expressions.map(
            (expression): LabelRequirement => ({
              key: String(expression.key),
              operator: expression.operator,
              values: (expression.values ?? []).map(String),
            }),
          ),
        ]
      : [];
  });
}

/** The nodes that a pod spec may run on by their labels (R108): selectors of which one has to match. */
export function nodesOfSpec(
  spec: KubernetesObject | undefined,
): LabelSelector[] {
  const map = selectorFromMap(spec?.nodeSelector ?? {});
  const required =
    spec?.affinity?.nodeAffinity
      ?.requiredDuringSchedulingIgnoredDuringExecution;
  return required
    ? nodeSelectorTerms(required).map(term => [...map, ...term])
    : [map];
}

/**
 * The nodes that a spec names one by one. A host name is a label, which need not be the node's name: then its absence
 * proves nothing. Nor does that of one of several.
 */
export function pinnedNodes(
  spec: KubernetesObject | undefined,
): { name: string; required: boolean }[] {
  const found = new Map<string, boolean>();
  const host = spec?.nodeSelector?.['kubernetes.io/hostname'];
  if (host) {
    found.set(String(host), false);
  }
  const terms: any[] =
    spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      ?.nodeSelectorTerms ?? [];
  for (const { matchFields = [], matchExpressions = [] } of terms) {
    for (const { key, operator, values = [] } of [
      ...matchFields,
      ...matchExpressions,
    ]) {
      const byName = key === 'metadata.name';
      if ((byName || key === 'kubernetes.io/hostname') && operator === 'In') {
        for (const value of values) {
          found.set(
            String(value),
            byName && values.length === 1 && terms.length === 1,
          );
        }
      }
    }
  }
  return [...found].map(([name, required]) => ({ name, required }));
}
