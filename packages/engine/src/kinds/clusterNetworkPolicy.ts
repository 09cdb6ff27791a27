import { KindId } from './identity';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import {
  ADMIN_NETWORK_POLICY,
  BASELINE_ADMIN_NETWORK_POLICY,
  CLUSTER_NETWORK_POLICY,
  kindType,
  NAMESPACE,
  POD,
} from './kindIds';
import { selectorFromObject } from './labelSelector';
import { existenceVerdict, observation } from './metadata';
import { SelectorReference } from './observation';

type Direction = 'ingress' | 'egress';

function clusterPolicy(id: KindId, plural: string): KindDefinition {
  const type = kindType(id);
  return {
    id,
    type,
    version: id === CLUSTER_NETWORK_POLICY ? 'v1alpha2' : 'v1alpha1',
    plural,
    namespaced: false,
    observe(policy, context) {
      const { spec = {} } = policy;
      return observation(id, false, policy, context, {
        properties: {
          Priority: spec.priority,
          Tier: spec.tier,
          Subject: spec.subject,
          Ingress: spec.ingress,
          Egress: spec.egress,
        },
        verdict: existenceVerdict(policy),
        selectors: (['ingress', 'egress'] as const).flatMap(direction =>
          selectorsOf(type, policy, direction),
        ),
      });
    },
  };
}

/** Policies of the cluster's administrator, above and below those of namespaces (R104). */
export const adminNetworkPolicyKind = clusterPolicy(
  ADMIN_NETWORK_POLICY,
  'adminnetworkpolicies',
);
export const baselineAdminNetworkPolicyKind = clusterPolicy(
  BASELINE_ADMIN_NETWORK_POLICY,
  'baselineadminnetworkpolicies',
);
export const clusterNetworkPolicyKind = clusterPolicy(
  CLUSTER_NETWORK_POLICY,
  'clusternetworkpolicies',
);

function selectorsOf(
  type: string,
  { spec = {} }: KubernetesObject,
  direction: Direction,
): SelectorReference[] {
  const rules: any[] = spec[direction] ?? [];
  if (rules.length === 0) {
    return [];
  }
  const actions = [...new Set(rules.map(({ action }) => String(action)))];
  const peers = rules.flatMap(rule =>
    ((direction === 'ingress' ? rule.from : rule.to) ?? []).flatMap(
      (peer: any) =>
        selected(type, direction, 'end', peer, {
          actions: [String(rule.action)],
        }),
    ),
  );
  return [
    ...selected(type, direction, 'begin', spec.subject ?? {}, { actions }),
    ...peers,
  ];
}

/** Whole namespaces, or pods in namespaces; other peers (nodes, networks, names) are properties only. */
function selected(
  type: string,
  direction: Direction,
  point: 'begin' | 'end',
  { namespaces, pods }: KubernetesObject,
  details: { actions: string[] },
): SelectorReference[] {
  const relation = (target: string) =>
    `${type}-${target}-${direction}-${point}`;
  // An older form of a peer wraps the selector once more.
  const places = selectorFromObject(
    namespaces?.namespaceSelector ?? namespaces,
  );
  const where = selectorFromObject(pods?.namespaceSelector);
  const who = selectorFromObject(pods?.podSelector);
  return [
    ...(places
      ? [
          {
            relation: relation('namespace'),
            end: 'source' as const,
            kind: NAMESPACE,
            namespaces: 'all' as const,
            selector: places,
            details,
          },
        ]
      : []),
    ...(where && who
      ? [
          {
            relation: relation('pod'),
            end: 'source' as const,
            kind: POD,
            namespaces: where.length === 0 ? ('all' as const) : where,
            selector: who,
            details,
          },
        ]
      : []),
  ];
}
