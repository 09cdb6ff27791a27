import { Relation } from './relation';
import { Family, typed } from './relationFamily';

/** What a node was made by: it says where a missing or broken node comes from, and hits no node that runs. */
const MADE_BY: Family = {
  class: 'scheduling',
  rules: ['R128'],
  suffers: 'source',
  strength: 'soft',
  bitesAt: ['run'],
};

/** Section G of `relationships.md`: what concerns a node itself. Its lease is in `schedulingRelations.ts`. */
export const NODE_RELATIONS: readonly Relation[] = [
  typed('node', 'nodepool', MADE_BY),
  typed('node', 'machine', MADE_BY),
];
