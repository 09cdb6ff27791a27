import { Relation } from '../kinds/relation';
import { ImpactNode } from './impact';

/** A way that a loss takes: from an object to one that needs it or that is deleted with it. */
export interface ImpactEdge {
  from: number;
  to: number;
  relation: Relation;
  /** The reference says that it cannot do without. */
  required: boolean;
  /** `goes`: the owner takes it along. */
  how: 'goes' | 'suffers';
}

/** What a loss can reach, with how many alike each of them has. Ids are the database's. */
export interface ImpactGraph {
  start: number;
  nodes: ReadonlyMap<number, ImpactNode>;
  edges: readonly ImpactEdge[];
  /** `alikeId(node, relation)` → how many there are from which the node needs one. */
  alike: ReadonlyMap<string, number>;
  /** Nodes through which a mere nuisance does not go on. */
  hubs: ReadonlySet<number>;
  cut?: string;
}

export function alikeId(node: number, relation: Pick<Relation, 'name'>) {
  return `${node} ${relation.name}`;
}

/**
 * Whether an object needs one of those at the relation's other end, and not all: a controller its pods, a Service its
 * endpoints, an Ingress its backends.
 */
export function needsOneOf(relation: Relation): boolean {
  return (
    relation.suffers === 'source' &&
    !relation.inferred &&
    (relation.class === 'control' || relation.class === 'routing')
  );
}
