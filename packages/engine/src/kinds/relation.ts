/** What an edge means, for filters, drawing and the way that failure flows. */
export type RelationClass =
  | 'ownership' // containment: cluster, namespace, pod → container
  | 'control' // owner references: Deployment → ReplicaSet → Pod
  | 'config'
  | 'storage'
  | 'routing'
  | 'policy'
  | 'scheduling'
  | 'identity';

/** When a broken dependency becomes visible (`relationships.md`, column "Bites at"). */
export type BitesAt =
  | 'admission'
  | 'schedule'
  | 'start'
  | 'run'
  | 'scale'
  | 'rollout'
  | 'disrupt'
  | 'delete';

/**
 * One kind of edge. The arrow is Skydive's parent → child wherever Skydive has the relation (`skydive.md`
 * section 2), otherwise the direction in which the reference is stored (`relationships.md`).
 */
export interface Relation {
  /** Unique, e.g. `pod-secret`. */
  readonly name: string;
  /** Skydive's `RelationType`: `ownership`, or the lower-case kind of the parent. */
  readonly relationType: string;
  readonly class: RelationClass;
  /** R-numbers. */
  readonly rules: readonly string[];
  /** The end that suffers when the other end is broken or missing; `none` draws the edge only. */
  readonly suffers: 'source' | 'target' | 'none';
  readonly strength: 'hard' | 'soft';
  readonly bitesAt: readonly BitesAt[];
  /** Guessed from names or text: never causes a root-cause claim alone. */
  readonly inferred?: boolean;
  /** Further edge metadata of Skydive's, e.g. `PolicyType`, `PolicyPoint`. */
  readonly metadata?: Readonly<Record<string, string>>;
}
