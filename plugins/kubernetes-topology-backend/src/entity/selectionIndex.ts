import {
  LabelRequirement,
  matchesLabels,
  ObjectSelection,
  StoredNode,
} from '@kubernetes-topology/engine';

/** What of a node decides whether a selection means it. */
export type Selectable = Pick<StoredNode, 'labels' | 'namespace' | 'cluster'>;

interface Candidate<T> {
  /** In the order of adding. */
  place: number;
  selection: ObjectSelection;
  value: T;
}

/** Many selections, to be asked which of them mean an object: the entity's tab the other way round. */
export class SelectionIndex<T> {
  /** By `key=value` of a selector's first equality: most objects meet few candidates. */
  readonly #byLabel = new Map<string, Candidate<T>[]>();
  /** Selectors without an equality. */
  readonly #others: Candidate<T>[] = [];
  #size = 0;

  add(selection: ObjectSelection, value: T): void {
    const candidate = { place: this.#size++, selection, value };
    const equality = selection.labels.find(isEquality);
    if (!equality) {
      this.#others.push(candidate);
      return;
    }
    const label = labelText(equality.key, equality.values[0]);
    const candidates = this.#byLabel.get(label);
    if (candidates) {
      candidates.push(candidate);
    } else {
      this.#byLabel.set(label, [candidate]);
    }
  }

  /** The values of all selections that mean the node: those by an equality first, then in the order of adding. */
  matching(node: Selectable): T[] {
    const byLabel = Object.entries(node.labels)
      .flatMap(([key, value]) => this.#byLabel.get(labelText(key, value)) ?? [])
      .sort((one, other) => one.place - other.place);
    return [...byLabel, ...this.#others]
      .filter(({ selection }) => selects(selection, node))
      .map(({ value }) => value);
  }
}

export function selects(
  { labels, namespace, clusters }: ObjectSelection,
  node: Selectable,
): boolean {
  return (
    (namespace === undefined || namespace === node.namespace) &&
    (clusters === undefined || clusters.includes(node.cluster)) &&
    matchesLabels(labels, node.labels)
  );
}

function isEquality({ operator, values }: LabelRequirement): boolean {
  return operator === 'In' && values.length === 1;
}

function labelText(key: string, value: string): string {
  return `${key}=${value}`;
}
