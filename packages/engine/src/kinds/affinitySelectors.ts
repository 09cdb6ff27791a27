import { KubernetesObject } from './kindDefinition';
import { POD } from './kindIds';
import {
  LabelSelector,
  matchesLabels,
  selectorFromObject,
} from './labelSelector';
import { SelectorReference } from './observation';
import { PodSpecOwner } from './placementReferences';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/**
 * The pods that a template's required affinity wants near, and those that its required anti-affinity wants away (R111,
 * R112). One set of edges from the template's owner, not one from each of its pods: those would be the square of
 * their number. Anti-affinity to the template's own pods, which spreads them, is not drawn for the same reason.
 */
export function affinitySelectors(
  owner: PodSpecOwner,
  template: KubernetesObject | undefined,
): SelectorReference[] {
  const affinity = template?.spec?.affinity;
  if (!affinity) {
    return [];
  }
  const labels: Record<string, string> = template?.metadata?.labels ?? {};
  const near = requiredTerms(affinity.podAffinity);
  const away = requiredTerms(affinity.podAntiAffinity).filter(
    term => !selectsOwn(term, labels),
  );
  return [
    ...near.flatMap(term =>
      termSelectors(`${owner}-pod-affinity`, term, labels),
    ),
    ...away.flatMap(term =>
      termSelectors(`${owner}-pod-antiaffinity`, term, labels),
    ),
  ];
}

function requiredTerms(affinity: any): any[] {
  return affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

/** A `null` selector selects nothing (`relationships.md` section 4.2). */
function selectorOf(
  term: any,
  labels: Readonly<Record<string, string>>,
): LabelSelector | undefined {
  const selector = selectorFromObject(term.labelSelector);
  if (!selector) {
    return undefined;
  }
  const sameAsOwn: string[] = term.matchLabelKeys ?? [];
  const otherThanOwn: string[] = term.mismatchLabelKeys ?? [];
  return [
    ...selector,
    ...sameAsOwn
      .filter(key => labels[key] !== undefined)
      .map(key => ({ key, operator: 'In' as const, values: [labels[key]] })),
    ...otherThanOwn
      .filter(key => labels[key] !== undefined)
      .map(key => ({ key, operator: 'NotIn' as const, values: [labels[key]] })),
  ];
}

function selectsOwn(
  term: any,
  labels: Readonly<Record<string, string>>,
): boolean {
  const selector = selectorOf(term, labels);
  const elsewhere = term.namespaces?.length > 0 || term.namespaceSelector;
  return (
    !elsewhere && selector !== undefined && matchesLabels(selector, labels)
  );
}

/** `namespaces` and `namespaceSelector` are united; without both it is the own namespace. */
function termSelectors(
  relation: string,
  term: any,
  labels: Readonly<Record<string, string>>,
): SelectorReference[] {
  const selector = selectorOf(term, labels);
  if (!selector) {
    return [];
  }
  const names: string[] = term.namespaces ?? [];
  const selected = selectorFromObject(term.namespaceSelector);
  const places: SelectorReference['namespaces'][] = [
    ...(names.length > 0
      ? [[{ key: NAMESPACE_NAME, operator: 'In' as const, values: names }]]
      : []),
    ...(selected ? [selected.length === 0 ? ('all' as const) : selected] : []),
  ];
  return (places.length > 0 ? places : ['own' as const]).map(namespaces => ({
    relation,
    end: 'source',
    kind: POD,
    namespaces,
    selector,
    details: { topologyKey: String(term.topologyKey) },
  }));
}
