import { LabelSelector } from '../kinds/labelSelector';

export type Labels = Readonly<Record<string, string>>;

export function sameLabels(one: Labels, other: Labels): boolean {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every(key => one[key] === other[key])
  );
}

/** The selectors of one scope. */
class Scope<T> {
  readonly #everything = new Set<T>();
  /** By label key, then value: most labels are no key here, and cost one look. */
  readonly #labelled = new Map<string, Map<string, Set<T>>>();
  readonly #filedUnder = new Map<T, { key: string; values: string[] }>();

  get size(): number {
    return this.#everything.size + this.#filedUnder.size;
  }

  add(item: T, selector: LabelSelector): void {
    const label = this.#rarestOf(selector);
    if (!label) {
      this.#everything.add(item);
      return;
    }
    this.#filedUnder.set(item, label);
    let byValue = this.#labelled.get(label.key);
    if (!byValue) {
      byValue = new Map();
      this.#labelled.set(label.key, byValue);
    }
    for (const value of label.values) {
      const items = byValue.get(value);
      if (items) {
        items.add(item);
      } else {
        byValue.set(value, new Set([item]));
      }
    }
  }

  remove(item: T): void {
    this.#everything.delete(item);
    const label = this.#filedUnder.get(item);
    if (!label) {
      return;
    }
    this.#filedUnder.delete(item);
    const byValue = this.#labelled.get(label.key)!;
    for (const value of label.values) {
      const items = byValue.get(value);
      items?.delete(item);
      if (items?.size === 0) {
        byValue.delete(value);
      }
    }
    if (byValue.size === 0) {
      this.#labelled.delete(label.key);
    }
  }

  candidates(labels: Labels): readonly T[] {
    const found = [...this.#everything];
    for (const key of Object.keys(labels)) {
      const items = this.#labelled.get(key)?.get(labels[key]);
      if (items) {
        found.push(...items);
      }
    }
    return found;
  }

  /** Of the requirements that only certain values meet, the one that shares its place with the fewest. */
  #rarestOf(
    selector: LabelSelector,
  ): { key: string; values: string[] } | undefined {
    let best: { key: string; values: string[] } | undefined;
    let fewest = Infinity;
    for (const { key, operator, values: accepted } of selector) {
      if (operator === 'In') {
        const values = [...new Set(accepted)];
        const items = values.reduce(
          (sum, value) =>
            sum + (this.#labelled.get(key)?.get(value)?.size ?? 0),
          values.length - 1,
        );
        if (items < fewest) {
          fewest = items;
          best = { key, values };
        }
      }
    }
    return best;
  }
}

/**
 * Finds the selectors that may match a set of labels, without looking at the others: each is filed under one of its
 * equality requirements, the rest under its scope. Candidates still have to be matched in full.
 */
export class SelectorIndex<T> {
  readonly #scopes = new Map<string, Scope<T>>();
  readonly #places = new Map<T, { scope: string; selector: LabelSelector }>();

  get size(): number {
    return this.#places.size;
  }

  add(item: T, scope: string, selector: LabelSelector): void {
    let items = this.#scopes.get(scope);
    if (!items) {
      items = new Scope();
      this.#scopes.set(scope, items);
    }
    this.#places.set(item, { scope, selector });
    items.add(item, selector);
  }

  remove(item: T): void {
    const place = this.#places.get(item);
    const items = place && this.#scopes.get(place.scope);
    items?.remove(item);
    if (items?.size === 0) {
      this.#scopes.delete(place!.scope);
    }
    this.#places.delete(item);
  }

  /** Each candidate once: a label has one value, and a selector is filed under one label. */
  candidates(scope: string, labels: Labels): readonly T[] {
    return this.#scopes.get(scope)?.candidates(labels) ?? [];
  }
}
