import { Relation } from './relation';
import { Family, inNamespace, typed } from './relationFamily';

/** What it refuses is never created: its victims are controllers, and no pod exists to blame. */
const LIMITS_NAMESPACE = (rule: string): Family => ({
  class: 'policy',
  rules: [rule],
  suffers: 'target',
  strength: 'soft',
  bitesAt: ['admission'],
});
/** The API server's answer, kept in the controller's condition, names the quota. */
const REFUSES: Family = {
  class: 'policy',
  rules: ['R164'],
  suffers: 'target',
  strength: 'hard',
  bitesAt: ['admission'],
};

/** Quotas and limits of section K. */
export const QUOTA_RELATIONS: readonly Relation[] = [
  ...inNamespace('resourcequota', 'limitrange'),
  typed('resourcequota', 'namespace', LIMITS_NAMESPACE('R164')),
  typed('limitrange', 'namespace', LIMITS_NAMESPACE('R165')),
  typed('resourcequota', 'replicaset', REFUSES),
  typed('resourcequota', 'replicationcontroller', REFUSES),
  typed('resourcequota', 'deployment', REFUSES),
  typed('resourcequota', 'priorityclass', {
    class: 'policy',
    rules: ['R164'],
    suffers: 'none',
    strength: 'soft',
    bitesAt: [],
  }),
];
