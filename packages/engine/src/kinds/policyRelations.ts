import { Relation } from './relation';
import { inCluster, inNamespace, typed } from './relationFamily';

const POLICY_TYPES = ['ingress', 'egress'] as const;
const POINTS = ['begin', 'end'] as const;

/**
 * Edges of a policy go both to those whom it selects (`begin`) and to those whom it names as peers (`end`).
 * Soft: a pod's status never shows a policy, so it is only a suspect (`relationships.md` section 2).
 */
function policyRelations(
  policy: string,
  target: 'pod' | 'namespace',
  rules: { begin: readonly string[]; end: readonly string[] },
): Relation[] {
  return POLICY_TYPES.flatMap(type =>
    POINTS.map(
      (point): Relation => ({
        name: `${policy}-${target}-${type}-${point}`,
        relationType: policy,
        class: 'policy',
        rules: rules[point],
        suffers: point === 'begin' ? 'target' : 'none',
        strength: 'soft',
        bitesAt: ['run'],
        metadata: { PolicyType: type, PolicyPoint: point },
      }),
    ),
  );
}

/** Types of the policies of a whole cluster (R104). */
export const CLUSTER_POLICY_TYPES = [
  'adminnetworkpolicy',
  'baselineadminnetworkpolicy',
  'clusternetworkpolicy',
] as const;
export const CILIUM_POLICY_TYPES = [
  'ciliumnetworkpolicy',
  'ciliumclusterwidenetworkpolicy',
] as const;

/** Section F of `relationships.md`. */
export const POLICY_RELATIONS: readonly Relation[] = [
  ...inCluster(
    ...CLUSTER_POLICY_TYPES,
    'ciliumclusterwidenetworkpolicy',
    'ciliumidentity',
  ),
  ...inNamespace('ciliumnetworkpolicy', 'ciliumendpoint'),
  ...policyRelations('networkpolicy', 'pod', {
    begin: ['R099', 'R102'],
    end: ['R100', 'R102'],
  }),
  {
    // Drawn from a policy that lets nothing out on port 53: another policy may.
    name: 'networkpolicy-dns',
    relationType: 'networkpolicy',
    class: 'policy',
    rules: ['R103'],
    suffers: 'none',
    strength: 'soft',
    bitesAt: ['run'],
    inferred: true,
    metadata: { PolicyType: 'egress', PolicyPoint: 'end' },
  },
  ...CLUSTER_POLICY_TYPES.flatMap(type => [
    ...policyRelations(type, 'pod', { begin: ['R104'], end: ['R104'] }),
    ...policyRelations(type, 'namespace', { begin: ['R104'], end: ['R104'] }),
  ]),
  ...CILIUM_POLICY_TYPES.flatMap(type =>
    policyRelations(type, 'pod', { begin: ['R105'], end: ['R105'] }),
  ),
  typed('pod', 'ciliumendpoint', {
    class: 'routing',
    rules: ['R106'],
    suffers: 'source',
    strength: 'soft',
    bitesAt: ['run'],
  }),
  typed('ciliumendpoint', 'ciliumidentity', {
    class: 'routing',
    rules: ['R106'],
    suffers: 'source',
    strength: 'soft',
    bitesAt: ['run'],
  }),
];
