import { KindId, kindText } from '../kinds/identity';
import { NAMESPACE } from '../kinds/kindIds';
import { matchesLabels } from '../kinds/labelSelector';
import { EdgeSet } from './edgeSet';
import { Edge, GraphNode } from './graphNode';
import { LabelIndex } from './labelIndex';
import { SelectorLink } from './link';
import { NodeSet } from './nodeSet';
import { Labels, SelectorIndex } from './selectorIndex';

const SEPARATOR = '\u0000';
const EVERYWHERE = '*';
/** Set by the API server on every Namespace since Kubernetes 1.22, and cannot be changed. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Edges by label selectors: finds the matching objects of a selector, and the matching selectors of an object. */
export class SelectorLinker {
  readonly #nodes: NodeSet;
  readonly #edges: EdgeSet;
  readonly #labels = new LabelIndex();
  /** By the selected kind and namespace. */
  readonly #selectors = new SelectorIndex<SelectorLink>();
  /** Those that select namespaces by label, by that selector. */
  readonly #namespaceSelectors = new SelectorIndex<SelectorLink>();

  constructor(nodes: NodeSet, edges: EdgeSet) {
    this.#nodes = nodes;
    this.#edges = edges;
  }

  connect(link: SelectorLink): void {
    const { definer, namespaces } = link;
    const where = namespaces === 'own' ? definer.namespace : EVERYWHERE;
    this.#selectors.add(link, scopeOf(link.kind, where), link.selector);
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
    this.#selectors.remove(link);
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
      this.#labels.remove(node);
    }
    node.labels = after;
    this.#labels.add(node);
    if (before) {
      for (const [edge, link] of selections(node)) {
        if (!matchesLabels(link.selector, after)) {
          this.#edges.unsupport(edge, link);
        }
      }
    }
    for (const where of [node.namespace, EVERYWHERE]) {
      const scope = scopeOf(node.kind.id, where);
      for (const link of this.#selectors.candidates(scope, after)) {
        if (
          matchesLabels(link.selector, after) &&
          this.#reaches(link, node.namespace)
        ) {
          this.#link(link, node);
        }
      }
    }
  }

  /** The node is not observed any more: it has no labels. */
  deselect(node: GraphNode): void {
    this.#labels.remove(node);
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
    for (const node of this.#labels.find(kind, link.selector, where)) {
      this.#link(link, node);
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

function scopeOf(kind: KindId, where: string): string {
  return kindText(kind) + SEPARATOR + where;
}
