import { LabelSelector } from '../kinds/labelSelector';

export type Labels = Readonly<Record<string, string>>;

export function sameLabels(one: Labels, other: Labels): boolean {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every(key => one[key] === other[key])
  );
}

const SEPARATOR = '\u0000';

/**
 * Finds the selectors that may match a set of labels, without looking at the others: each is filed under one of its
 * equality requirements, the rest under its scope. Candidates still have to be matched in full.
 */
export class SelectorIndex<T> {
  readonly #buckets = new Map<string, Set<T>>();
  readonly #filedUnder = new Map<T, string[]>();

  get size(): number {
    return this.#filedUnder.size;
  }

  add(item: T, scope: string, selector: LabelSelector): void {
    const buckets = this.#smallestOf(scope, selector);
    this.#filedUnder.set(item, buckets);
    for (const bucket of buckets) {
      const items = this.#buckets.get(bucket);
      if (items) {
        items.add(item);
      } else {
        this.#buckets.set(bucket, new Set([item]));
      }
    }
  }

  remove(item: T): void {
    for (const bucket of this.#filedUnder.get(item) ?? []) {
      const items = this.#buckets.get(bucket);
      items?.delete(item);
      if (items?.size === 0) {
        this.#buckets.delete(bucket);
      }
    }
    this.#filedUnder.delete(item);
  }

  /** Each candidate once: a label has one value, and a selector is filed under one label. */
  *candidates(scope: string, labels: Labels): Iterable<T> {
    if (this.#filedUnder.size === 0) {
      return;
    }
    yield* this.#buckets.get(scope) ?? [];
    for (const [key, value] of Object.entries(labels)) {
      yield* this.#buckets.get(bucketOf(scope, key, value)) ?? [];
    }
  }

  #smallestOf(scope: string, selector: LabelSelector): string[] {
    let best = [scope];
    let fewest = Infinity;
    for (const { key, operator, values } of selector) {
      if (operator === 'In') {
        const buckets = [...new Set(values)].map(value =>
          bucketOf(scope, key, value),
        );
        const items = buckets.reduce(
          (sum, bucket) => sum + (this.#buckets.get(bucket)?.size ?? 0),
          buckets.length - 1,
        );
        if (items < fewest) {
          fewest = items;
          best = buckets;
        }
      }
    }
    return best;
  }
}

function bucketOf(scope: string, key: string, value: string): string {
  return scope + SEPARATOR + key + SEPARATOR + value;
}
