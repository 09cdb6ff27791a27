import { LabelSelector, matchesLabels } from '../kinds/labelSelector';
import { GraphKind } from './graphKind';
import { GraphNode } from './graphNode';
import { Labels } from './selectorIndex';

const SEPARATOR = '\u0000';

/**
 * Observed nodes by label, for selectors that arrive after what they select. A kind is indexed from its first
 * selector on: most kinds are never selected.
 */
export class LabelIndex {
  readonly #kinds = new Set<GraphKind>();
  readonly #pairs = new Map<string, Map<string, Set<GraphNode>>>();
  readonly #labelsOf: (node: GraphNode) => Labels;

  constructor(labelsOf: (node: GraphNode) => Labels) {
    this.#labelsOf = labelsOf;
  }

  add(node: GraphNode): void {
    if (this.#kinds.has(node.kind)) {
      this.#file(node);
    }
  }

  remove(node: GraphNode): void {
    if (!this.#kinds.has(node.kind)) {
      return;
    }
    for (const [key, value] of Object.entries(this.#labelsOf(node))) {
      const pair = pairOf(node.kind, key, value);
      const namespaces = this.#pairs.get(pair);
      const nodes = namespaces?.get(node.namespace);
      nodes?.delete(node);
      if (nodes?.size === 0) {
        namespaces?.delete(node.namespace);
        if (namespaces?.size === 0) {
          this.#pairs.delete(pair);
        }
      }
    }
  }

  /** Observed nodes of a kind whose labels match, in one namespace or in those that `inside` accepts. */
  *find(
    kind: GraphKind,
    selector: LabelSelector,
    where: string | ((namespace: string) => boolean),
  ): Iterable<GraphNode> {
    this.#index(kind);
    for (const namespaces of this.#narrowest(kind, selector, where)) {
      for (const [namespace, nodes] of restrict(namespaces, where)) {
        if (typeof where === 'string' || where(namespace)) {
          for (const node of nodes) {
            if (matchesLabels(selector, this.#labelsOf(node))) {
              yield node;
            }
          }
        }
      }
    }
  }

  #narrowest(
    kind: GraphKind,
    selector: LabelSelector,
    where: string | ((namespace: string) => boolean),
  ): Map<string, Set<GraphNode>>[] {
    let best = [kind.observed];
    let fewest = Infinity;
    for (const { key, operator, values } of selector) {
      if (operator === 'In') {
        const maps = [...new Set(values)].flatMap(
          value => this.#pairs.get(pairOf(kind, key, value)) ?? [],
        );
        let count = 0;
        for (const map of maps) {
          for (const [, nodes] of restrict(map, where)) {
            count += nodes.size;
          }
        }
        if (count < fewest) {
          fewest = count;
          best = maps;
        }
      }
    }
    return best;
  }

  #index(kind: GraphKind): void {
    if (!this.#kinds.has(kind)) {
      this.#kinds.add(kind);
      for (const node of kind.observedNodes()) {
        this.#file(node);
      }
    }
  }

  #file(node: GraphNode): void {
    for (const [key, value] of Object.entries(this.#labelsOf(node))) {
      const pair = pairOf(node.kind, key, value);
      let namespaces = this.#pairs.get(pair);
      if (!namespaces) {
        namespaces = new Map();
        this.#pairs.set(pair, namespaces);
      }
      const nodes = namespaces.get(node.namespace);
      if (nodes) {
        nodes.add(node);
      } else {
        namespaces.set(node.namespace, new Set([node]));
      }
    }
  }
}

function restrict(
  namespaces: Map<string, Set<GraphNode>>,
  where: string | ((namespace: string) => boolean),
): Iterable<[string, Set<GraphNode>]> {
  if (typeof where !== 'string') {
    return namespaces;
  }
  const nodes = namespaces.get(where);
  return nodes ? [[where, nodes]] : [];
}

function pairOf(kind: GraphKind, key: string, value: string): string {
  return kind.text + SEPARATOR + key + SEPARATOR + value;
}
