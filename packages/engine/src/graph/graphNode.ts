import { NodeKey } from '../kinds/identity';
import { Json } from '../kinds/observation';
import { Relation } from '../kinds/relation';
import { StatusLevel, Verdict } from '../kinds/status';
import { NodeId } from './delta';
import { GraphKind } from './graphKind';
import { Link, mergedLinks } from './link';

/**
 * `observed`: the cluster has it. `ghost`: something refers to it, but it was not observed.
 * `restored`: the database has it from before a restart, and no fresh list has confirmed it yet.
 */
export type Presence = 'observed' | 'ghost' | 'restored';

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});
export const NO_FACTS: Readonly<Record<string, Json>> = Object.freeze({});
const NOT_JUDGED: Verdict = Object.freeze({
  level: 'unknown' as const,
  reason: '',
  evidence: [],
});

/** What stays in memory of a node: no object, only what linking and judging need. Numbers are fingerprints. */
export class GraphNode {
  readonly id: NodeId;
  readonly key: NodeKey;
  readonly kind: GraphKind;
  readonly namespace: string;
  /** As users say it: for a container, the key has its pod's name too. */
  name: string;
  presence: Presence;
  uid: string | undefined = undefined;
  createdAt: number | undefined = undefined;
  labels: Readonly<Record<string, string>> = NO_LABELS;
  facts: Readonly<Record<string, Json>> = NO_FACTS;
  /** The object whose part this is: a container's pod. */
  partOf: GraphNode | undefined = undefined;
  parts: GraphNode[] | undefined = undefined;
  /** What this object says about its edges. */
  links: Link[] | undefined = undefined;
  readonly out: Edge[] = [];
  readonly in: Edge[] = [];

  /** By the object's own fields. */
  declared: Verdict = NOT_JUDGED;
  /** With what events say. */
  own: Verdict = NOT_JUDGED;
  /** With the neighbours in view: what is written. */
  verdict: Verdict = NOT_JUDGED;
  /** Levels after each round of judging in context, where they differ from the own one (`contextJudge.ts`). */
  levels: StatusLevel[] | undefined = undefined;
  /** When the own verdict has to be looked at again. */
  ownDue = Infinity;
  /** When the own or the final one has to be; kept by the `DueQueue`. */
  due = Infinity;

  contentPrint = NaN;
  /** Of the verdict as it was observed, and of what its sequels have made of it. */
  declaredPrint = NaN;
  currentPrint = NaN;
  ownPrint = NaN;
  verdictPrint = NaN;
  /** Whether the database has a row, and what it shows. */
  published = false;
  publishedContent = NaN;
  publishedVerdict = NaN;
  /** The list of its kind in which it was last seen, to sweep what a fresh list lacks. */
  generation = 0;

  constructor(
    identity: {
      id: NodeId;
      key: NodeKey;
      kind: GraphKind;
      namespace: string;
      name: string;
    },
    presence: Presence,
  ) {
    this.id = identity.id;
    this.key = identity.key;
    this.kind = identity.kind;
    this.namespace = identity.namespace;
    this.name = identity.name;
    this.presence = presence;
  }

  /** Forgets what only an observed object has; the name and who points at it stay. */
  becomeGhost(): void {
    this.presence = 'ghost';
    this.uid = undefined;
    this.createdAt = undefined;
    this.labels = NO_LABELS;
    this.facts = NO_FACTS;
    this.partOf = undefined;
    this.parts = undefined;
    this.links = undefined;
    this.levels = undefined;
    this.declared = NOT_JUDGED;
    this.own = NOT_JUDGED;
    this.ownPrint = NaN;
    this.declaredPrint = NaN;
  }

  hasLiveEdges(): boolean {
    return this.in.some(isLive) || this.out.some(isLive);
  }
}

function isLive(edge: Edge): boolean {
  return edge.live;
}

/**
 * An edge, held by the links that imply it: a pod that mounts a Secret twice has one edge with two supports. Without
 * any it is not part of the graph; it stays in memory until the delta that removes it was built, or, after a
 * restart, until the lists of its ends' kinds have shown that nothing implies it any more.
 */
export class Edge {
  readonly source: GraphNode;
  readonly relation: Relation;
  readonly target: GraphNode;
  /** Places in `source.out` and `target.in`, so that a hub gives an edge up in constant time. */
  outAt = -1;
  inAt = -1;
  /** Fingerprint of what the database has; 0 when it has no row. */
  published = 0;
  #support: Link | undefined = undefined;
  #more: Link[] | undefined = undefined;

  constructor(source: GraphNode, relation: Relation, target: GraphNode) {
    this.source = source;
    this.relation = relation;
    this.target = target;
  }

  get live(): boolean {
    return this.#support !== undefined;
  }

  supports(): readonly Link[] {
    if (!this.#support) {
      return [];
    }
    return this.#more ? [this.#support, ...this.#more] : [this.#support];
  }

  /** What a live edge shows. */
  content(): Pick<Link, 'required' | 'details'> {
    return this.#more || !this.#support
      ? mergedLinks(this.supports())
      : this.#support;
  }

  hasSupport(link: Link): boolean {
    return this.#support === link || (this.#more?.includes(link) ?? false);
  }

  addSupport(link: Link): void {
    if (!this.#support) {
      this.#support = link;
    } else {
      this.#more = [...(this.#more ?? []), link];
    }
  }

  removeSupport(link: Link): void {
    const left = this.supports().filter(each => each !== link);
    this.#support = left[0];
    this.#more = left.length > 1 ? left.slice(1) : undefined;
  }
}
