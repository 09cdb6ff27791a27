import {
  KindId,
  kindText,
  matchesLabels,
  NodeFilter,
} from '@kubernetes-topology/engine';

/** Whether a filter lets through none, some or all of a set of nodes. */
export type Sight = 'none' | 'some' | 'all';

/** What the nodes of a set have in common; what is left out may be anything. */
export interface CommonTraits {
  cluster?: string;
  kind?: KindId;
  namespace?: string;
  key?: string;
  labels?: Readonly<Record<string, string>>;
}

/**
 * How much of a set of nodes a filter lets through, as far as the set's common traits tell. `some` is the answer
 * when they do not; with all traits given the answer is `none` or `all`.
 */
export function filterSight(
  filter: NodeFilter | undefined,
  traits: CommonTraits,
): Sight {
  if (filter === undefined) {
    return 'all';
  }
  if ('not' in filter) {
    const sight = filterSight(filter.not, traits);
    if (sight === 'some') {
      return 'some';
    }
    return sight === 'all' ? 'none' : 'all';
  }
  if ('anyOf' in filter) {
    return strongest(filter.anyOf, traits, 'all', 'none');
  }
  if ('allOf' in filter) {
    return strongest(filter.allOf, traits, 'none', 'all');
  }
  if ('label' in filter) {
    if (traits.labels === undefined) {
      return 'some';
    }
    return matchesLabels([filter.label], traits.labels) ? 'all' : 'none';
  }
  const value =
    filter.key === 'kind'
      ? traits.kind && kindText(traits.kind)
      : traits[filter.key];
  if (value === undefined) {
    return 'some';
  }
  return filter.values.includes(value) ? 'all' : 'none';
}

/** `decisive` as soon as one part says so, `otherwise` when all parts say that, else `some`. */
function strongest(
  parts: NodeFilter[],
  traits: CommonTraits,
  decisive: Sight,
  otherwise: Sight,
): Sight {
  const sights = parts.map(part => filterSight(part, traits));
  if (sights.includes(decisive)) {
    return decisive;
  }
  return sights.includes('some') ? 'some' : otherwise;
}

/** Whether a filter lets one node through; where it asks for labels that are not known, it does not. */
export function filterAllows(
  filter: NodeFilter | undefined,
  node: Required<Omit<CommonTraits, 'labels'>> & Pick<CommonTraits, 'labels'>,
): boolean {
  return filterSight(filter, node) === 'all';
}
