import { Relation } from './relation';
import { inCluster, inNamespace } from './relationFamily';

/** What holds any kind that has no relation of its own for it. */
export const [NAMESPACE_OBJECT] = inNamespace('object');
export const [CLUSTER_OBJECT] = inCluster('object');

/** A field that looks like a reference, in a kind that nobody has declared (R187). */
export const OBJECT_REFERENCE: Relation = {
  name: 'object-reference',
  relationType: 'reference',
  class: 'config',
  rules: ['R187'],
  suffers: 'source',
  strength: 'soft',
  bitesAt: ['run'],
  inferred: true,
};

/** Edges of kinds that only discovery finds. */
export const GENERIC_RELATIONS: readonly Relation[] = [
  NAMESPACE_OBJECT,
  CLUSTER_OBJECT,
  OBJECT_REFERENCE,
];
