import { NodeKey } from '../kinds/identity';
import { StatusLevel } from '../kinds/status';

/**
 * When it is felt (`relationships.md`, column "Bites at"): at once; when a pod starts, is placed or is rolled out anew;
 * when it scales; when a node is drained. In this order.
 */
export const IMPACT_MOMENTS = ['now', 'nextStart', 'scaling', 'drain'] as const;
export type ImpactMoment = (typeof IMPACT_MOMENTS)[number];

/** `hard`: it does not work without. `soft`: it works worse, in part, or perhaps. */
export type ImpactStrength = 'hard' | 'soft';

export interface ImpactEffect {
  when: ImpactMoment;
  strength: ImpactStrength;
}

/** An object as an impact names it. */
export interface ImpactNode {
  key: NodeKey;
  /** Without the group. */
  kind: string;
  namespace: string;
  name: string;
  level: StatusLevel;
}

/** An object that would feel it. */
export interface Impacted {
  node: ImpactNode;
  /** `goes`: it is deleted along with what owns it; `suffers`: it misses what it needs. */
  how: 'goes' | 'suffers';
  /** Ascending by moment: a soft one now may be followed by a hard one later. Never empty. */
  effects: ImpactEffect[];
  /** The object that hands it on, nearest to the asked one. */
  via: NodeKey;
  relation: string;
  /** Of several alike that it needs one of: how many it would lose. */
  loses?: { count: number; of: number };
  /** The way there rests on a guess from names or text. */
  inferred?: true;
  /** Hops from the asked object. */
  distance: number;
  /** One sentence in plain words. */
  says: string;
}

/** What breaks if an object goes. */
export interface Impact {
  node: ImpactNode;
  /** The gravest first: soonest, hard before soft, nearest. */
  impacted: Impacted[];
  /** Of all, also of those beyond the limit: objects by the moment and strength of their gravest effect. */
  counts: Record<ImpactMoment, Record<ImpactStrength, number>>;
  /** Impacted objects beyond the limit. */
  more: number;
  /** What a bound left out, in words. */
  cut?: string;
}
