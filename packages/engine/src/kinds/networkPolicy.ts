import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import { NETWORK_POLICY, POD, SERVICE } from './kindIds';
import { selectorFromObject } from './labelSelector';
import { existenceVerdict, observation } from './metadata';
import { Json, SelectorReference } from './observation';
import { Verdict } from './status';
import { verdict } from './verdict';

type Direction = 'ingress' | 'egress';

export const networkPolicyKind: KindDefinition = {
  id: NETWORK_POLICY,
  type: 'networkpolicy',
  version: 'v1',
  plural: 'networkpolicies',
  namespaced: true,
  observe(policy, context) {
    const { spec = {} } = policy;
    const types = directions(policy);
    const selectors = types.flatMap(type => policySelectors(policy, type));
    return observation(NETWORK_POLICY, true, policy, context, {
      properties: {
        PolicyTypes: types.map(type =>
          type === 'ingress' ? 'Ingress' : 'Egress',
        ),
        PodSelector: spec.podSelector ?? {},
        Ingress: types.includes('ingress') ? spec.ingress ?? [] : undefined,
        Egress: types.includes('egress') ? spec.egress ?? [] : undefined,
        IPBlocks: ipBlocks(policy, types),
        AllowsDNS: types.includes('egress') ? allowsDns(policy) : undefined,
      },
      verdict: existenceVerdict(policy),
      facts: {
        begins: types.map(type => relationName(type, 'begin')),
        ends: [...new Set(selectors.map(({ relation }) => relation))].filter(
          relation => relation.endsWith('-end'),
        ),
      },
      selectors: [...selectors, ...dnsSelectors(policy, types)],
    });
  },
  contextRelations: [
    'networkpolicy-pod-ingress-begin',
    'networkpolicy-pod-ingress-end',
    'networkpolicy-pod-egress-begin',
    'networkpolicy-pod-egress-end',
  ],
  judgeInContext,
};

function relationName(type: Direction, point: 'begin' | 'end'): string {
  return `networkpolicy-pod-${type}-${point}`;
}

/** Without `policyTypes`: Ingress, and Egress if there are egress rules (`SetDefaults_NetworkPolicy` upstream). */
function directions(policy: KubernetesObject): Direction[] {
  const { policyTypes, egress } = policy.spec ?? {};
  if (Array.isArray(policyTypes) && policyTypes.length > 0) {
    return (['ingress', 'egress'] as const).filter(type =>
      policyTypes.some((one: string) => one.toLowerCase() === type),
    );
  }
  return Array.isArray(egress) && egress.length > 0
    ? ['ingress', 'egress']
    : ['ingress'];
}

/**
 * The pods that the policy selects (`begin`, R099) and those that its rules name as peers (`end`, R100). A peer with
 * both selectors is their intersection, as Kubernetes has it; Skydive drew the union.
 */
function policySelectors(
  policy: KubernetesObject,
  type: Direction,
): SelectorReference[] {
  const rules: any[] = policy.spec?.[type] ?? [];
  const PolicyPorts = rules.length === 1 ? portsText(rules[0].ports) : '';
  const peers = rules.flatMap(
    rule => (type === 'ingress' ? rule.from : rule.to) ?? [],
  );
  const podSelector = selectorFromObject(policy.spec?.podSelector) ?? [];
  return [
    {
      relation: relationName(type, 'begin'),
      end: 'source',
      kind: POD,
      namespaces: 'own',
      selector: podSelector,
      details: {
        PolicyTarget: rules.length === 0 ? 'deny' : 'allow',
        PolicyPorts,
      },
    },
    ...peers
      .filter((peer: any) => peer.podSelector || peer.namespaceSelector)
      .map(
        (peer: any): SelectorReference => ({
          relation: relationName(type, 'end'),
          end: 'source',
          kind: POD,
          namespaces: peerNamespaces(peer),
          selector: selectorFromObject(peer.podSelector) ?? [],
          details: { PolicyTarget: 'allow', PolicyPorts },
        }),
      ),
  ];
}

/** Peers outside of the cluster (R101): they are no objects. */
function ipBlocks(
  policy: KubernetesObject,
  types: readonly Direction[],
): Json | undefined {
  const found = types.flatMap(type => {
    const rules: any[] = policy.spec?.[type] ?? [];
    return rules
      .flatMap(rule => (type === 'ingress' ? rule.from : rule.to) ?? [])
      .filter((peer: any) => peer.ipBlock)
      .map(({ ipBlock }: any) => ({
        Type: type,
        CIDR: String(ipBlock.cidr),
        Except: (ipBlock.except ?? []).map(String),
      }));
  });
  return found.length > 0 ? found : undefined;
}

const DNS_NAMES = new Set(['dns', 'dns-tcp', 'domain']);

/** Whether some egress rule lets out what goes to port 53, to whomever (R103). */
function allowsDns({ spec }: KubernetesObject): boolean {
  const rules: any[] = spec?.egress ?? [];
  return rules.some(({ ports }) => {
    const entries: any[] = ports ?? [];
    return (
      entries.length === 0 ||
      entries.some(({ port, endPort }) =>
        typeof port === 'number'
          ? port <= 53 && (endPort ?? port) >= 53
          : port === undefined || DNS_NAMES.has(port),
      )
    );
  });
}

/** Inferred: the pods of such a policy look up no name, unless another policy lets them (R103). */
function dnsSelectors(
  policy: KubernetesObject,
  types: readonly Direction[],
): SelectorReference[] {
  return types.includes('egress') && !allowsDns(policy)
    ? [
        {
          relation: 'networkpolicy-dns',
          end: 'source',
          kind: SERVICE,
          namespaces: 'all',
          selector: [
            {
              key: 'k8s-app',
              operator: 'In',
              values: ['kube-dns', 'coredns', 'node-local-dns'],
            },
          ],
          details: { PolicyTarget: 'deny', PolicyPorts: ':53/UDP;:53' },
        },
      ]
    : [];
}

/** `namespaceSelector: {}` is every namespace, an absent one the policy's own. */
function peerNamespaces(
  peer: KubernetesObject,
): SelectorReference['namespaces'] {
  const selector = selectorFromObject(peer.namespaceSelector);
  if (!selector) {
    return 'own';
  }
  return selector.length === 0 ? 'all' : selector;
}

/** Skydive's text (section 2.4): `:80;:53/UDP;:http`, with ranges as `:8000-8080`. */
function portsText(ports: Json[] | undefined): string {
  return (ports ?? [])
    .map((entry: any) => {
      const range = entry.endPort ? `-${entry.endPort}` : '';
      const protocol =
        entry.protocol && entry.protocol !== 'TCP' ? `/${entry.protocol}` : '';
      return `:${entry.port ?? '*'}${range}${protocol}`;
    })
    .join(';');
}

/** A policy that selects nobody, or lets in nobody who exists, is worth a word but no fault by itself (H087). */
function judgeInContext(
  policy: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  if (policy.own.level !== 'ok') {
    return undefined;
  }
  const begins: string[] = policy.facts.begins ?? [];
  const ends: string[] = policy.facts.ends ?? [];
  const none = (relation: string) => neighbours(relation, 'out').length === 0;
  if (begins.length > 0 && begins.every(none)) {
    return verdict('ok', 'NoMatch', {
      rule: 'H087',
      message: 'spec.podSelector matches no pod',
    });
  }
  const dead = ends.filter(none);
  return dead.length > 0
    ? verdict('ok', 'NoPeer', {
        rule: 'H087',
        message: `no pod matches the peers of its ${dead
          .map(relation => relation.split('-')[2])
          .join(' and ')} rules`,
      })
    : undefined;
}
