import { KindId } from './identity';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import {
  CILIUM_CLUSTERWIDE_NETWORK_POLICY,
  CILIUM_NETWORK_POLICY,
  kindType,
  POD,
} from './kindIds';
import { LabelSelector, selectorFromObject } from './labelSelector';
import { observation, ownVerdict } from './metadata';
import { SelectorReference } from './observation';
import { readConditions } from './statusConditions';
import { Verdict } from './status';
import { conditionEvidence } from './conditions';
import { verdict } from './verdict';

type Direction = 'ingress' | 'egress';

function ciliumPolicy(id: KindId, plural: string): KindDefinition {
  const type = kindType(id);
  const namespaced = id === CILIUM_NETWORK_POLICY;
  return {
    id,
    type,
    version: 'v2',
    plural,
    namespaced,
    observe(policy, context) {
      const specs = specsOf(policy);
      return observation(id, namespaced, policy, context, {
        properties: {
          ToFQDNs: names(specs, 'toFQDNs'),
          Entities: names(specs, 'entities'),
          CIDRs: names(specs, 'cidrs'),
        },
        verdict: ownVerdict(policy, policyVerdict(policy)),
        selectors: specs.flatMap(spec =>
          (['ingress', 'egress'] as const).flatMap(direction =>
            selectorsOf(type, namespaced, spec, direction),
          ),
        ),
      });
    },
  };
}

/** R105. */
export const ciliumNetworkPolicyKind = ciliumPolicy(
  CILIUM_NETWORK_POLICY,
  'ciliumnetworkpolicies',
);
export const ciliumClusterwideNetworkPolicyKind = ciliumPolicy(
  CILIUM_CLUSTERWIDE_NETWORK_POLICY,
  'ciliumclusterwidenetworkpolicies',
);

function specsOf({ spec, specs }: KubernetesObject): any[] {
  return [...(spec ? [spec] : []), ...(specs ?? [])];
}

function rulesOf(spec: any, direction: Direction): any[] {
  return [...(spec[direction] ?? []), ...(spec[`${direction}Deny`] ?? [])];
}

/** Peers that are no pods, as text. */
function names(
  specs: readonly any[],
  sort: 'toFQDNs' | 'entities' | 'cidrs',
): string[] | undefined {
  const rules = specs.flatMap(spec => [
    ...rulesOf(spec, 'ingress'),
    ...rulesOf(spec, 'egress'),
  ]);
  const found = rules.flatMap((rule): unknown[] => {
    switch (sort) {
      case 'toFQDNs':
        return (rule.toFQDNs ?? []).map(
          (one: any) => one.matchName ?? one.matchPattern,
        );
      case 'entities':
        return [...(rule.fromEntities ?? []), ...(rule.toEntities ?? [])];
      default:
        return [
          ...(rule.fromCIDR ?? []),
          ...(rule.toCIDR ?? []),
          ...[...(rule.fromCIDRSet ?? []), ...(rule.toCIDRSet ?? [])].map(
            ({ cidr }) => cidr,
          ),
        ];
    }
  });
  const distinct = [...new Set(found.filter(Boolean).map(String))];
  return distinct.length > 0 ? distinct : undefined;
}

function selectorsOf(
  type: string,
  namespaced: boolean,
  spec: any,
  direction: Direction,
): SelectorReference[] {
  if (spec[direction] === undefined && spec[`${direction}Deny`] === undefined) {
    return [];
  }
  const field = direction === 'ingress' ? 'fromEndpoints' : 'toEndpoints';
  const peers = (rules: readonly any[] = [], PolicyTarget: string) =>
    rules.flatMap(rule =>
      (rule[field] ?? []).flatMap((peer: any) =>
        selected(type, namespaced, direction, 'end', peer, PolicyTarget),
      ),
    );
  return [
    ...selected(
      type,
      namespaced,
      direction,
      'begin',
      spec.endpointSelector,
      spec[direction] === undefined ? 'deny' : 'allow',
    ),
    ...peers(spec[direction], 'allow'),
    ...peers(spec[`${direction}Deny`], 'deny'),
  ];
}

const NAMESPACE_LABEL = /^io\.kubernetes\.pod\.namespace$/;
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

/**
 * Cilium's selectors name a label's source first (`k8s:app`), and the pod's namespace and its labels as labels of the
 * pod. A peer of a namespaced policy is in its namespace unless it says otherwise.
 */
function selected(
  type: string,
  namespaced: boolean,
  direction: Direction,
  point: 'begin' | 'end',
  selector: any,
  PolicyTarget: string,
): SelectorReference[] {
  const parsed = selectorFromObject(selector);
  if (!parsed) {
    return [];
  }
  const bare = parsed.map(one => ({ ...one, key: withoutSource(one.key) }));
  if (bare.some(({ key }) => key.startsWith('reserved:'))) {
    return [];
  }
  const where: LabelSelector = bare.flatMap(one => {
    if (NAMESPACE_LABEL.test(one.key)) {
      return [{ ...one, key: 'kubernetes.io/metadata.name' }];
    }
    return one.key.startsWith(NAMESPACE_LABELS)
      ? [{ ...one, key: one.key.slice(NAMESPACE_LABELS.length) }]
      : [];
  });
  const everywhere = namespaced ? ('own' as const) : ('all' as const);
  return [
    {
      relation: `${type}-pod-${direction}-${point}`,
      end: 'source',
      kind: POD,
      namespaces:
        where.length > 0 && !(namespaced && point === 'begin')
          ? where
          : everywhere,
      selector: bare.filter(
        ({ key }) =>
          !NAMESPACE_LABEL.test(key) && !key.startsWith(NAMESPACE_LABELS),
      ),
      details: { PolicyTarget },
    },
  ];
}

function withoutSource(key: string): string {
  return key.replace(/^(k8s|any)[:.](?=.)/, '');
}

/** Cilium says whether it could read the policy; an invalid one does nothing (H163). */
function policyVerdict({ status }: KubernetesObject): Verdict {
  const valid = readConditions(status?.conditions).find(
    ({ type }) => type === 'Valid',
  );
  return valid?.status === 'False'
    ? verdict('degraded', 'Invalid', {
        rule: 'H163',
        message: valid.message,
        since: valid.since,
        evidence: [conditionEvidence(valid)],
      })
    : verdict('ok', 'Exists');
}
