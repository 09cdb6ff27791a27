import { Relation } from './relation';
import { Family, inCluster, typed } from './relationFamily';

const admission = (rule: string, more: Partial<Family> = {}): Family => ({
  class: 'policy',
  rules: [rule],
  suffers: 'source',
  strength: 'hard',
  bitesAt: ['admission'],
  ...more,
});
/** Who is judged before it is written: a suspect, as with every policy, until a message names it. */
const judged = (rule: string): Family =>
  admission(rule, { suffers: 'target', strength: 'soft' });

const WEBHOOKS = [
  'validatingwebhookconfiguration',
  'mutatingwebhookconfiguration',
] as const;
const POLICIES = [
  'validatingadmissionpolicy',
  'mutatingadmissionpolicy',
] as const;

/** Section K of `relationships.md` without quotas, and R142. */
export const ADMISSION_RELATIONS: readonly Relation[] = [
  ...inCluster(
    ...WEBHOOKS,
    ...POLICIES,
    ...POLICIES.map(policy => `${policy}binding`),
    'apiservice',
    'customresourcedefinition',
    'flowschema',
    'prioritylevelconfiguration',
    'certificatesigningrequest',
  ),
  ...WEBHOOKS.flatMap(type => [
    typed(type, 'service', admission('R158')),
    typed(type, 'namespace', judged('R159')),
    ...['certificate', 'secret'].map(source =>
      typed(type, source, admission('R160', { strength: 'soft' })),
    ),
  ]),
  ...POLICIES.flatMap(policy => [
    typed(`${policy}binding`, policy, admission('R161')),
    typed(policy, 'namespace', judged('R163')),
    typed(`${policy}binding`, 'namespace', judged('R163')),
  ]),
  typed('apiservice', 'service', {
    class: 'routing',
    rules: ['R167'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['admission', 'scale', 'delete'],
  }),
  typed('apiservice', 'customresourcedefinition', {
    class: 'routing',
    rules: ['R168'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['run'],
  }),
  typed('customresourcedefinition', 'service', {
    class: 'routing',
    rules: ['R169'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['run'],
  }),
  typed('flowschema', 'prioritylevelconfiguration', {
    class: 'policy',
    rules: ['R170'],
    suffers: 'source',
    strength: 'soft',
    bitesAt: ['run'],
  }),
  ...['node', 'serviceaccount'].map(type =>
    typed('certificatesigningrequest', type, {
      class: 'identity',
      rules: ['R142'],
      suffers: 'target',
      strength: 'soft',
      bitesAt: ['start'],
    }),
  ),
];
