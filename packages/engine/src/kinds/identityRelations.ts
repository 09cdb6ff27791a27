import { Relation } from './relation';
import {
  Family,
  POD_SPEC_TYPES,
  inCluster,
  inNamespace,
  typed,
} from './relationFamily';

/** Pods of an account that is gone are refused; those that run lose their access to the API. */
const ACCOUNT: Family = {
  class: 'identity',
  rules: ['R132'],
  suffers: 'source',
  strength: 'hard',
  bitesAt: ['admission', 'run'],
};
/** A binding to a role that is gone grants nothing. */
const granted = (rule: string): Family => ({
  class: 'identity',
  rules: [rule],
  suffers: 'source',
  strength: 'hard',
  bitesAt: ['run'],
});
/** A broken binding shows at whom it serves: calls to the API are answered with 403. */
const grantedTo = (rule: string): Family => ({
  class: 'identity',
  rules: [rule],
  suffers: 'target',
  strength: 'soft',
  bitesAt: ['run'],
});
const ACCOUNT_SECRET: Family = {
  class: 'identity',
  rules: ['R039'],
  suffers: 'source',
  strength: 'soft',
  bitesAt: ['start'],
};

/** Section H of `relationships.md`, and the secrets of service accounts (R039, R040). */
export const IDENTITY_RELATIONS: readonly Relation[] = [
  ...inNamespace('serviceaccount', 'role', 'rolebinding'),
  ...inCluster('clusterrole', 'clusterrolebinding'),
  ...POD_SPEC_TYPES.map(type =>
    typed(type, 'serviceaccount', {
      ...ACCOUNT,
      rules: type === 'pod' ? ['R132', 'R031'] : ['R038', 'R132'],
    }),
  ),
  typed('serviceaccount', 'secret', ACCOUNT_SECRET),
  typed('serviceaccount', 'imagepullsecret', ACCOUNT_SECRET),
  typed('secret', 'serviceaccount', {
    class: 'identity',
    rules: ['R040'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['run'],
  }),
  typed('rolebinding', 'role', granted('R133')),
  typed('rolebinding', 'clusterrole', granted('R134')),
  typed('clusterrolebinding', 'clusterrole', granted('R135')),
  ...['rolebinding', 'clusterrolebinding'].flatMap(binding => [
    typed(binding, 'serviceaccount', grantedTo('R136')),
    typed(binding, 'user', grantedTo('R137')),
    typed(binding, 'group', grantedTo('R137')),
  ]),
  // The aggregated role is the source: what it lacks, whoever is bound to it lacks.
  typed('clusterrole', 'clusterrole', granted('R138')),
];
