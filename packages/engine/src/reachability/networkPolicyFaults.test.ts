import { parse } from 'yaml';
import { networkPolicyFaults } from './networkPolicyFaults';
import { readNetworkPolicy } from './networkPolicy';

function policy(spec: unknown, name = 'p') {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'x' },
    spec,
  };
}

const LONG = 'a'.repeat(64);

describe('what an API server would refuse, and the field at fault', () => {
  it.each([
    ['{ingress: [{ports: [{port: 0}]}]}', 'spec.ingress[0].ports[0].port'],
    ['{ingress: [{ports: [{port: 65536}]}]}', 'spec.ingress[0].ports[0].port'],
    ['{ingress: [{ports: [{port: -1}]}]}', 'spec.ingress[0].ports[0].port'],
    ['{ingress: [{ports: [{port: 80.5}]}]}', 'spec.ingress[0].ports[0].port'],
    ['{ingress: [{ports: [{port: "80"}]}]}', 'spec.ingress[0].ports[0].port'],
    ['{ingress: [{ports: [{port: ""}]}]}', 'spec.ingress[0].ports[0].port'],
    ['{ingress: [{ports: [{port: HTTP}]}]}', 'spec.ingress[0].ports[0].port'],
    ['{ingress: [{ports: [{port: a--b}]}]}', 'spec.ingress[0].ports[0].port'],
    ['{ingress: [{ports: [{port: -ab}]}]}', 'spec.ingress[0].ports[0].port'],
    [
      '{ingress: [{ports: [{port: sixteen-letters-x}]}]}',
      'spec.ingress[0].ports[0].port',
    ],
    ['{ingress: [{ports: [{port: true}]}]}', 'spec.ingress[0].ports[0].port'],
    ['{ingress: [{ports: [{port: {}}]}]}', 'spec.ingress[0].ports[0].port'],
    [
      '{ingress: [{ports: [{endPort: 90}]}]}',
      'spec.ingress[0].ports[0].endPort',
    ],
    [
      '{ingress: [{ports: [{port: http, endPort: 90}]}]}',
      'spec.ingress[0].ports[0].endPort',
    ],
    [
      '{ingress: [{ports: [{port: 80, endPort: 79}]}]}',
      'spec.ingress[0].ports[0].endPort',
    ],
    [
      '{ingress: [{ports: [{port: 80, endPort: 65536}]}]}',
      'spec.ingress[0].ports[0].endPort',
    ],
    [
      '{ingress: [{ports: [{port: 80, endPort: "90"}]}]}',
      'spec.ingress[0].ports[0].endPort',
    ],
    [
      '{ingress: [{ports: [{protocol: tcp}]}]}',
      'spec.ingress[0].ports[0].protocol',
    ],
    [
      '{ingress: [{ports: [{protocol: ICMP, port: 80}]}]}',
      'spec.ingress[0].ports[0].protocol',
    ],
    [
      '{ingress: [{ports: [{protocol: "", port: 80}]}]}',
      'spec.ingress[0].ports[0].protocol',
    ],
    ['{ingress: [{ports: {port: 80}}]}', 'spec.ingress[0].ports'],
    ['{ingress: [{ports: [80]}]}', 'spec.ingress[0].ports[0]'],
    ['{ingress: [{from: [{}]}]}', 'spec.ingress[0].from[0]'],
    ['{ingress: [{from: [null]}]}', 'spec.ingress[0].from[0]'],
    [
      '{ingress: [{from: [{podSelector: null, namespaceSelector: null}]}]}',
      'spec.ingress[0].from[0]',
    ],
    ['{ingress: [{from: {podSelector: {}}}]}', 'spec.ingress[0].from'],
    [
      '{ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]}',
      'spec.ingress[0].from[0]',
    ],
    [
      '{ingress: [{from: [{namespaceSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]}',
      'spec.ingress[0].from[0]',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0}}]}]}',
      'spec.egress[0].to[0].ipBlock.cidr',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/33}}]}]}',
      'spec.egress[0].to[0].ipBlock.cidr',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0/8}}]}]}',
      'spec.egress[0].to[0].ipBlock.cidr',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 300.0.0.0/8}}]}]}',
      'spec.egress[0].to[0].ipBlock.cidr',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: "::/129"}}]}]}',
      'spec.egress[0].to[0].ipBlock.cidr',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: ""}}]}]}',
      'spec.egress[0].to[0].ipBlock.cidr',
    ],
    ['{egress: [{to: [{ipBlock: {}}]}]}', 'spec.egress[0].to[0].ipBlock.cidr'],
    [
      '{egress: [{to: [{ipBlock: 10.0.0.0/8}]}]}',
      'spec.egress[0].to[0].ipBlock',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]}',
      'spec.egress[0].to[0].ipBlock.except[0]',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.0.0.0/8]}}]}]}',
      'spec.egress[0].to[0].ipBlock.except[1]',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.0.0/8]}}]}]}',
      'spec.egress[0].to[0].ipBlock.except[0]',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: ["fd00::/16"]}}]}]}',
      'spec.egress[0].to[0].ipBlock.except[0]',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [nothing]}}]}]}',
      'spec.egress[0].to[0].ipBlock.except[0]',
    ],
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: 10.1.0.0/16}}]}]}',
      'spec.egress[0].to[0].ipBlock.except',
    ],
    ['{policyTypes: [ingress]}', 'spec.policyTypes[0]'],
    ['{policyTypes: [Ingress, Both]}', 'spec.policyTypes[1]'],
    ['{policyTypes: [Ingress, Egress, Ingress]}', 'spec.policyTypes'],
    ['{policyTypes: Ingress}', 'spec.policyTypes'],
    ['{podSelector: web}', 'spec.podSelector'],
    ['{podSelector: {matchLabels: [a]}}', 'spec.podSelector.matchLabels'],
    [
      '{podSelector: {matchLabels: {app: 1}}}',
      'spec.podSelector.matchLabels[app]',
    ],
    [
      '{podSelector: {matchLabels: {app: "a b"}}}',
      'spec.podSelector.matchLabels[app]',
    ],
    [
      `{podSelector: {matchLabels: {app: ${LONG}}}}`,
      'spec.podSelector.matchLabels[app]',
    ],
    [
      '{podSelector: {matchLabels: {"a b": c}}}',
      'spec.podSelector.matchLabels',
    ],
    [
      '{podSelector: {matchLabels: {a/b/c: d}}}',
      'spec.podSelector.matchLabels',
    ],
    [
      '{podSelector: {matchLabels: {Upper.io/a: d}}}',
      'spec.podSelector.matchLabels',
    ],
    ['{podSelector: {matchLabels: {"": d}}}', 'spec.podSelector.matchLabels'],
    [
      '{podSelector: {matchExpressions: [{key: a, operator: In}]}}',
      'spec.podSelector.matchExpressions[0].values',
    ],
    [
      '{podSelector: {matchExpressions: [{key: a, operator: NotIn, values: []}]}}',
      'spec.podSelector.matchExpressions[0].values',
    ],
    [
      '{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}',
      'spec.podSelector.matchExpressions[0].values',
    ],
    [
      '{podSelector: {matchExpressions: [{key: a, operator: DoesNotExist, values: [b]}]}}',
      'spec.podSelector.matchExpressions[0].values',
    ],
    [
      '{podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}',
      'spec.podSelector.matchExpressions[0].operator',
    ],
    [
      '{podSelector: {matchExpressions: [{key: a, operator: Gt, values: ["1"]}]}}',
      'spec.podSelector.matchExpressions[0].operator',
    ],
    [
      '{podSelector: {matchExpressions: [{operator: Exists}]}}',
      'spec.podSelector.matchExpressions[0].key',
    ],
    [
      '{podSelector: {matchExpressions: [{key: a, operator: In, values: [b, "c d"]}]}}',
      'spec.podSelector.matchExpressions[0].values[1]',
    ],
    [
      '{podSelector: {matchExpressions: [{key: a, operator: In, values: [1]}]}}',
      'spec.podSelector.matchExpressions[0].values',
    ],
    [
      '{ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: a, operator: Is}]}}]}]}',
      'spec.ingress[0].from[0].namespaceSelector.matchExpressions[0].operator',
    ],
    ['{ingress: {from: []}}', 'spec.ingress'],
    ['{egress: [allow]}', 'spec.egress[0]'],
    ['[]', 'spec'],
  ])('%s → %s', (spec, field) => {
    const faults = networkPolicyFaults(policy(parse(spec)));
    expect([...new Set(faults.map(fault => fault.field))]).toEqual([field]);
    expect(faults[0].message).not.toBe('');
    expect(readNetworkPolicy(policy(parse(spec)))).toMatchObject({
      invalid: { namespace: 'x', name: 'p', faults },
    });
  });

  it.each(['', 'Upper', 'a_b', '-a', 'a'.repeat(254)])('the name %j', name => {
    expect(networkPolicyFaults(policy({}, name))).toEqual([
      { field: 'metadata.name', message: expect.any(String) },
    ]);
  });

  it('names every fault', () => {
    const faults = networkPolicyFaults(
      policy(
        parse('{ingress: [{ports: [{port: 0, protocol: x}], from: [{}]}]}'),
      ),
    );
    expect(faults.map(({ field }) => field)).toEqual([
      'spec.ingress[0].ports[0].protocol',
      'spec.ingress[0].ports[0].port',
      'spec.ingress[0].from[0]',
    ]);
  });
});

it.each([
  '{}',
  '{podSelector: null, ingress: null, egress: null, policyTypes: null}',
  '{ingress: [null]}',
  '{ingress: [{ports: [null]}]}',
  '{ingress: [{ports: [{port: a1, protocol: SCTP}]}]}',
  '{egress: [{to: [{ipBlock: {cidr: 010.0.0.7/8, except: [10.1.2.3/32]}}]}]}',
  '{egress: [{to: [{ipBlock: {cidr: "2001:db8::/32", except: ["2001:db8:1::/48"]}}]}]}',
  '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: null}}]}]}',
  '{podSelector: {matchLabels: {app.kubernetes.io/name: ""}}}',
  '{podSelector: {matchExpressions: [{key: a, operator: In, values: [""]}]}}',
])('takes %s', spec => {
  expect(networkPolicyFaults(policy(parse(spec)))).toEqual([]);
});
