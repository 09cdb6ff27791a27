import {
  LabelRequirement,
  LabelSelector,
  matchesLabels,
} from '../kinds/labelSelector';
import { BitSet } from './bitSet';
import { PodClass } from './podClasses';
import { namespaceLabels } from './reachabilityInput';

/**
 * Finds the classes that selectors match. Pods of the host's network are never found: most plugins cannot tell their traffic
 * from their node's, so that selectors do not match them (Kubernetes' documentation of network policies).
 */
export class SelectorIndex {
  readonly #size: number;
  readonly #namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly #inNamespace = new Map<string, BitSet>();
  readonly #withKey = new Map<string, BitSet>();
  readonly #withValue = new Map<string, Map<string, BitSet>>();
  readonly #byNamespaceSelector = new Map<string, BitSet>();

  /** `size`: of the sets, where other peers come behind the classes. */
  constructor(
    classes: readonly PodClass[],
    namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>,
    size: number,
  ) {
    this.#size = size;
    this.#namespaces = namespaces;
    classes.forEach(({ namespace, labels, hostNetwork }, index) => {
      if (hostNetwork) {
        return;
      }
      this.#set(this.#inNamespace, namespace).add(index);
      for (const [key, value] of Object.entries(labels)) {
        this.#set(this.#withKey, key).add(index);
        let values = this.#withValue.get(key);
        if (!values) {
          values = new Map();
          this.#withValue.set(key, values);
        }
        this.#set(values, value).add(index);
      }
    });
  }

  inNamespace(namespace: string, pods: LabelSelector): BitSet {
    const found = this.#inNamespace.get(namespace);
    return found ? this.#narrow(found.copy(), pods) : BitSet.empty(this.#size);
  }

  inNamespaces(namespaces: LabelSelector, pods: LabelSelector): BitSet {
    const key = JSON.stringify(namespaces);
    let within = this.#byNamespaceSelector.get(key);
    if (!within) {
      within = BitSet.empty(this.#size);
      for (const [name, set] of this.#inNamespace) {
        const labels = this.#namespaces.get(name) ?? namespaceLabels(name);
        if (matchesLabels(namespaces, labels)) {
          within.or(set);
        }
      }
      this.#byNamespaceSelector.set(key, within);
    }
    return this.#narrow(within.copy(), pods);
  }

  #narrow(set: BitSet, selector: LabelSelector): BitSet {
    for (const { key, operator, values } of selector) {
      switch (operator) {
        case 'In':
          set.and(this.#withOneOf(key, values));
          break;
        case 'NotIn':
          set.andNot(this.#withOneOf(key, values));
          break;
        case 'Exists':
          set.and(this.#withKey.get(key) ?? BitSet.empty(this.#size));
          break;
        default:
          set.andNot(this.#withKey.get(key) ?? BitSet.empty(this.#size));
      }
    }
    return set;
  }

  #withOneOf(key: string, values: LabelRequirement['values']): BitSet {
    const known = this.#withValue.get(key);
    const sets = values.flatMap(value => known?.get(value) ?? []);
    return sets.length === 1
      ? sets[0]
      : sets.reduce((all, set) => all.or(set), BitSet.empty(this.#size));
  }

  #set(sets: Map<string, BitSet>, key: string): BitSet {
    let found = sets.get(key);
    if (!found) {
      found = BitSet.empty(this.#size);
      sets.set(key, found);
    }
    return found;
  }
}
