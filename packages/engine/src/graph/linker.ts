import { KindId } from '../kinds/identity';
import { Relation } from '../kinds/relation';
import { EdgeSet } from './edgeSet';
import { Edge, GraphNode } from './graphNode';
import { Link, OwnerLink, ReferenceLink } from './link';
import { NodeSet } from './nodeSet';
import { SelectorLinker } from './selectorLinker';

/** Turns what objects say about edges into edges, whichever end arrives first. */
export class Linker {
  readonly #nodes: NodeSet;
  readonly #edges: EdgeSet;
  readonly #selectors: SelectorLinker;
  readonly #ownerRelation: (owner: KindId, owned: KindId) => Relation;
  /** Owner references by uid, until an object of that uid is observed. */
  readonly #orphans = new Map<string, Set<OwnerLink>>();

  constructor(options: {
    nodes: NodeSet;
    edges: EdgeSet;
    selectors: SelectorLinker;
    ownerRelation: (owner: KindId, owned: KindId) => Relation;
  }) {
    this.#nodes = options.nodes;
    this.#edges = options.edges;
    this.#selectors = options.selectors;
    this.#ownerRelation = options.ownerRelation;
  }

  /** Replaces what the node says; a link that is the same object as before is not touched. */
  relink(node: GraphNode, links: Link[]): void {
    const before = node.links ?? [];
    node.links = links;
    for (const link of before) {
      if (!links.includes(link)) {
        this.#disconnect(link, node);
      }
    }
    for (const link of links) {
      if (!before.includes(link)) {
        this.#connect(link, node);
      }
    }
  }

  /** The node's uid is known now: what it owns finds it. */
  adopt(owner: GraphNode): void {
    const links =
      owner.uid === undefined ? undefined : this.#orphans.get(owner.uid);
    if (links) {
      this.#orphans.delete(owner.uid!);
      for (const link of links) {
        this.#connectOwner(link, owner);
      }
    }
  }

  /** The object of this uid is gone or was recreated: what it owned waits for its uid again. */
  disown(owner: GraphNode): void {
    for (const edge of [...owner.out]) {
      for (const link of edge.supports()) {
        if (link.type === 'owner') {
          this.#edges.unsupport(edge, link);
          this.#wait(link);
        }
      }
    }
  }

  /** Takes back everything that is only true while the node is there. References to it stay. */
  unlink(node: GraphNode): void {
    this.disown(node);
    this.relink(node, []);
    this.#selectors.deselect(node);
  }

  #connect(link: Link, definer: GraphNode): void {
    switch (link.type) {
      case 'reference':
        this.#connectReference(link, definer);
        break;
      case 'selector':
        this.#selectors.connect(link);
        break;
      case 'owner': {
        const owner = this.#nodes.withUid(link.uid);
        if (owner) {
          this.#connectOwner(link, owner);
        } else {
          this.#wait(link);
        }
        break;
      }
      default:
        link satisfies never;
    }
  }

  #connectReference(link: ReferenceLink, definer: GraphNode): void {
    if (link.end === 'source') {
      this.#edges.support(definer, link.relation, link.other, link);
    } else {
      this.#edges.support(link.other, link.relation, definer, link);
    }
  }

  #connectOwner(link: OwnerLink, owner: GraphNode): void {
    const relation = this.#ownerRelation(owner.kind.id, link.definer.kind.id);
    this.#edges.support(owner, relation, link.definer, link);
  }

  #wait(link: OwnerLink): void {
    const waiting = this.#orphans.get(link.uid);
    if (waiting) {
      waiting.add(link);
    } else {
      this.#orphans.set(link.uid, new Set([link]));
    }
  }

  #disconnect(link: Link, definer: GraphNode): void {
    if (link.type === 'selector') {
      this.#selectors.disconnect(link);
      return;
    }
    if (link.type === 'owner') {
      const waiting = this.#orphans.get(link.uid);
      waiting?.delete(link);
      if (waiting?.size === 0) {
        this.#orphans.delete(link.uid);
      }
    }
    const edge = supported(definer.in, link) ?? supported(definer.out, link);
    if (edge) {
      this.#edges.unsupport(edge, link);
    }
  }
}

function supported(edges: readonly Edge[], link: Link): Edge | undefined {
  return edges.find(edge => edge.hasSupport(link));
}
