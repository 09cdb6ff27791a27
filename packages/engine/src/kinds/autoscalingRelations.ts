import { Relation } from './relation';
import { Family, inNamespace, typed } from './relationFamily';

const SCALED = [
  'deployment',
  'statefulset',
  'daemonset',
  'replicaset',
  'replicationcontroller',
  'object',
] as const;

/** What is broken about scaling leaves the replicas that there are. */
const scaling = (
  rules: readonly string[],
  more: Partial<Family> = {},
): Family => ({
  class: 'scheduling',
  rules,
  suffers: 'source',
  strength: 'hard',
  bitesAt: ['scale'],
  ...more,
});

/** Sections I and J of `relationships.md`, without KEDA's kinds. */
export const AUTOSCALING_RELATIONS: readonly Relation[] = [
  ...inNamespace(
    'horizontalpodautoscaler',
    'verticalpodautoscaler',
    'poddisruptionbudget',
  ),
  ...SCALED.map(type =>
    typed('horizontalpodautoscaler', type, scaling(['R144', 'R147'])),
  ),
  typed('horizontalpodautoscaler', 'apiservice', scaling(['R145'])),
  typed(
    'horizontalpodautoscaler',
    'described',
    scaling(['R146'], { strength: 'soft' }),
  ),
  ...SCALED.map(type =>
    typed(
      'verticalpodautoscaler',
      type,
      scaling(['R148'], {
        suffers: 'target',
        strength: 'soft',
        bitesAt: ['scale', 'run'],
      }),
    ),
  ),
  typed('poddisruptionbudget', 'pod', {
    class: 'policy',
    rules: ['R153'],
    // It blocks who drains a node; the pod itself misses nothing.
    suffers: 'none',
    strength: 'soft',
    bitesAt: ['disrupt'],
  }),
];
