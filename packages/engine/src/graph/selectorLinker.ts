import { kindText } from '../kinds/identity';
import { NAMESPACE } from '../kinds/kindIds';
import { matchesLabels } from '../kinds/labelSelector';
import { EdgeSet } from './edgeSet';
import { Edge, GraphNode } from './graphNode';
import { LabelIndex } from './labelIndex';
import { SelectorLink } from './link';
import { NodeSet } from './nodeSet';
import { Labels, sameLabels, SelectorIndex } from './selectorIndex';

const SEPARATOR = '\u0000';
const EVERYWHERE = '*';
/** Set by the API server on every Namespace since Kubernetes 1.22, and cannot be changed. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

const NO_LABELS: Labels = Object.freeze({});

/** Objects by one sort of labels, and the selectors that look at these. */
interface Aspect {
  index: LabelIndex;
  /** By the selected kind and namespace. */
  selectors: SelectorIndex<SelectorLink>;
}

/** Edges by label selectors: finds the matching objects of a selector, and the matching selectors of an object. */
export class SelectorLinker {
  readonly #nodes: NodeSet;
  readonly #edges: EdgeSet;
  readonly #byLabels: Aspect = {
    index: new LabelIndex(node => node.labels),
    selectors: new SelectorIndex<SelectorLink>(),
  };
  /** Of objects that make pods: the labels of these. Few, so they are not fields of every node. */
  readonly #podLabels = new Map<GraphNode, Labels>();
  readonly #byPodLabels: Aspect = {
    index: new LabelIndex(node => this.#podLabels.get(node) ?? NO_LABELS),
    selectors: new SelectorIndex<SelectorLink>(),
  };
  /** Kinds that a selector was ever for: most objects are of none. */
  readonly #selected = new Set<string>();
  /** Those that select namespaces by label, by that selector. */
  readonly #namespaceSelectors = new SelectorIndex<SelectorLink>();

  constructor(nodes: NodeSet, edges: EdgeSet) {
    this.#nodes = nodes;
    this.#edges = edges;
  }

  connect(link: SelectorLink): void {
    const { definer, namespaces } = link;
    const where = namespaces === 'own' ? definer.namespace : EVERYWHERE;
    const { selectors } = this.#aspectOf(link);
    const kind = kindText(link.kind);
    this.#selected.add(kind);
    selectors.add(link, scopeOf(kind, where), link.selector);
    if (typeof namespaces !== 'string') {
      this.#namespaceSelectors.add(link, '', namespaces);
    }
    this.#select(
      link,
      namespaces === 'own'
        ? definer.namespace
        : namespace => this.#reaches(link, namespace),
    );
  }

  disconnect(link: SelectorLink): void {
    this.#aspectOf(link).selectors.remove(link);
    this.#namespaceSelectors.remove(link);
    this.#unselect(link, () => true);
  }

  /**
   * The node's labels changed, or it was not observed before.
   *
   * @param before the labels by which it is indexed; `undefined` when it was not observed
   */
  relabel(node: GraphNode, before: Labels | undefined, after: Labels): void {
    if (before) {
      this.#byLabels.index.remove(node);
    }
    node.labels = after;
    this.#byLabels.index.add(node);
    this.#reselect(node, undefined, before !== undefined, after);
  }

  /** The labels that the node gives to its pods, `undefined` when it makes none. */
  relabelPods(node: GraphNode, after: Labels | undefined): void {
    const before = this.#podLabels.get(node);
    if (before === after || (before && after && sameLabels(before, after))) {
      return;
    }
    if (before) {
      this.#byPodLabels.index.remove(node);
    }
    if (after) {
      this.#podLabels.set(node, after);
      this.#byPodLabels.index.add(node);
    } else {
      this.#podLabels.delete(node);
    }
    this.#reselect(node, 'podLabels', before !== undefined, after);
  }

  /** The node is not observed any more: it has no labels. */
  deselect(node: GraphNode): void {
    this.#byLabels.index.remove(node);
    this.relabelPods(node, undefined);
    for (const [edge, link] of selections(node)) {
      this.#edges.unsupport(edge, link);
    }
  }

  /** A Namespace came, went or was relabelled; `undefined` when it is not observed. */
  relabelNamespace(
    name: string,
    before: Labels | undefined,
    after: Labels | undefined,
  ): void {
    const affected = new Set<SelectorLink>();
    for (const labels of [before, after]) {
      const seen = labels ?? { [NAME_LABEL]: name };
      for (const link of this.#namespaceSelectors.candidates('', seen)) {
        affected.add(link);
      }
    }
    for (const link of affected) {
      const reached = namespaceMatches(link, name, before);
      const reaches = namespaceMatches(link, name, after);
      if (reaches && !reached) {
        this.#select(link, name);
      } else if (reached && !reaches) {
        this.#unselect(link, node => node.namespace === name);
      }
    }
  }

  #aspectOf({ by }: Pick<SelectorLink, 'by'>): Aspect {
    return by === 'podLabels' ? this.#byPodLabels : this.#byLabels;
  }

  /** Which selectors match the node by its labels of one aspect, now that these are others. */
  #reselect(
    node: GraphNode,
    by: SelectorLink['by'],
    wasSelectable: boolean,
    labels: Labels | undefined,
  ): void {
    if (wasSelectable) {
      for (const [edge, link] of selections(node)) {
        if (
          link.by === by &&
          !(labels && matchesLabels(link.selector, labels))
        ) {
          this.#edges.unsupport(edge, link);
        }
      }
    }
    if (!labels) {
      return;
    }
    if (!this.#selected.has(node.kind.text)) {
      return;
    }
    const { selectors } = this.#aspectOf({ by });
    for (const where of [node.namespace, EVERYWHERE]) {
      const scope = scopeOf(node.kind.text, where);
      for (const link of selectors.candidates(scope, labels)) {
        if (
          matchesLabels(link.selector, labels) &&
          this.#reaches(link, node.namespace)
        ) {
          this.#link(link, node);
        }
      }
    }
  }

  #reaches(link: SelectorLink, namespace: string): boolean {
    if (link.namespaces === 'own') {
      return namespace === link.definer.namespace;
    }
    if (link.namespaces === 'all') {
      return true;
    }
    const node =
      namespace === '' ? undefined : this.#nodes.find(NAMESPACE, '', namespace);
    return namespaceMatches(
      link,
      namespace,
      node?.presence === 'observed' ? node.labels : undefined,
    );
  }

  #select(
    link: SelectorLink,
    where: string | ((namespace: string) => boolean),
  ): void {
    const kind = this.#nodes.kind(link.kind);
    const { index } = this.#aspectOf(link);
    for (const node of index.find(kind, link.selector, where)) {
      if (link.by !== 'podLabels' || this.#podLabels.has(node)) {
        this.#link(link, node);
      }
    }
  }

  #unselect(link: SelectorLink, from: (node: GraphNode) => boolean): void {
    const { definer, end } = link;
    for (const edge of [...(end === 'source' ? definer.out : definer.in)]) {
      if (
        edge.hasSupport(link) &&
        from(end === 'source' ? edge.target : edge.source)
      ) {
        this.#edges.unsupport(edge, link);
      }
    }
  }

  #link(link: SelectorLink, selected: GraphNode): void {
    if (link.end === 'source') {
      this.#edges.support(link.definer, link.relation, selected, link);
    } else {
      this.#edges.support(selected, link.relation, link.definer, link);
    }
  }
}

/**
 * A Namespace that may not be read still has its name as a label; what depends on any other label is not known, and
 * an edge that is not known is not drawn.
 */
function namespaceMatches(
  link: SelectorLink,
  name: string,
  labels: Labels | undefined,
): boolean {
  const selector = link.namespaces;
  if (typeof selector === 'string' || name === '') {
    return false;
  }
  if (labels) {
    return matchesLabels(selector, labels);
  }
  return (
    selector.every(requirement => requirement.key === NAME_LABEL) &&
    matchesLabels(selector, { [NAME_LABEL]: name })
  );
}

/** The edges of a node that are there because a selector matches it. */
function selections(node: GraphNode): [Edge, SelectorLink][] {
  return [...node.in, ...node.out].flatMap(edge =>
    edge
      .supports()
      .flatMap((link): [Edge, SelectorLink][] =>
        link.type === 'selector' && link.definer !== node ? [[edge, link]] : [],
      ),
  );
}

function scopeOf(kind: string, where: string): string {
  return kind + SEPARATOR + where;
}
