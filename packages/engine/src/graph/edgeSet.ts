import { Relation } from '../kinds/relation';
import { Changes } from './changes';
import { canonicalJson, fingerprint } from './fingerprint';
import { Edge, GraphNode } from './graphNode';
import { Link } from './link';

/** Adds and takes back the reasons for edges; finds an edge at the end that has fewer of them. */
export class EdgeSet {
  readonly #changes: Changes;
  #size = 0;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  /** Those without support are counted until they are detached. */
  get size(): number {
    return this.#size;
  }

  find(
    source: GraphNode,
    relation: Relation,
    target: GraphNode,
  ): Edge | undefined {
    const edges =
      source.out.length <= target.in.length ? source.out : target.in;
    for (const edge of edges) {
      if (
        edge.source === source &&
        edge.target === target &&
        edge.relation === relation
      ) {
        return edge;
      }
    }
    return undefined;
  }

  /** Idempotent. An object never has an edge to itself. */
  support(
    source: GraphNode,
    relation: Relation,
    target: GraphNode,
    link: Link,
  ): void {
    if (source === target) {
      return;
    }
    const edge =
      this.find(source, relation, target) ??
      this.attach(new Edge(source, relation, target));
    if (edge.hasSupport(link)) {
      return;
    }
    if (!edge.live) {
      this.#changes.relinked.add(edge);
    }
    edge.addSupport(link);
    this.#changes.edges.add(edge);
    this.#touchGhosts(edge);
  }

  unsupport(edge: Edge, link: Link): void {
    edge.removeSupport(link);
    if (!edge.live) {
      this.#changes.relinked.add(edge);
    }
    this.#changes.edges.add(edge);
    this.#touchGhosts(edge);
  }

  attach(edge: Edge): Edge {
    edge.outAt = edge.source.out.push(edge) - 1;
    edge.inAt = edge.target.in.push(edge) - 1;
    this.#size++;
    return edge;
  }

  detach(edge: Edge): void {
    if (edge.outAt >= 0) {
      const lastOut = edge.source.out.pop()!;
      if (lastOut !== edge) {
        edge.source.out[edge.outAt] = lastOut;
        lastOut.outAt = edge.outAt;
      }
      const lastIn = edge.target.in.pop()!;
      if (lastIn !== edge) {
        edge.target.in[edge.inAt] = lastIn;
        lastIn.inAt = edge.inAt;
      }
      edge.outAt = -1;
      edge.inAt = -1;
      this.#size--;
    }
  }

  /** What is said of a ghost depends on who points at it; a ghost to which nobody points goes. */
  #touchGhosts(edge: Edge): void {
    this.#touchGhost(edge.source);
    this.#touchGhost(edge.target);
  }

  #touchGhost(node: GraphNode): void {
    if (node.presence === 'ghost') {
      this.#changes.nodes.add(node);
      this.#changes.unjudged.add(node);
    }
  }
}

/** Canonical JSON by object: the pods of an owner share what they say of their edges (`podSpecMemo.ts`). */
export type DetailTexts = Map<object, string>;

/** Never 0, which stands for "not in the database". */
export function edgePrint(
  { required, details }: Pick<Link, 'required' | 'details'>,
  texts: DetailTexts = new Map(),
): number {
  const base = required ? 1 : 2;
  if (!details || Object.keys(details).length === 0) {
    return base;
  }
  let text = texts.get(details);
  if (text === undefined) {
    text = canonicalJson(details);
    texts.set(details, text);
  }
  return fingerprint(String(base), text) + 3;
}
