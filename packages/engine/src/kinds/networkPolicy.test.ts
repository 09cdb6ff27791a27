import {
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { ContextNode } from './kindDefinition';
import { networkPolicyKind } from './networkPolicy';

const one = neighbour('Pod', 'a', 'ok');

describe('a NetworkPolicy', () => {
  const policy = (spec: {}) => object({ spec: { podSelector: {}, ...spec } });
  const edges = (spec: {}) =>
    observe(networkPolicyKind, policy(spec)).selectors.map(
      ({ relation, namespaces, selector, details }) =>
        [
          relation.replace('networkpolicy-pod-', ''),
          typeof namespaces === 'string'
            ? namespaces
            : JSON.stringify(namespaces.map(({ key }) => key)),
          selector
            .map(({ key, operator, values }) => `${key} ${operator} ${values}`)
            .join(),
          details?.PolicyTarget,
          details?.PolicyPorts,
        ].join(' | '),
    );
  const app = (name: string) => ({ matchLabels: { app: name } });
  it.each<[string, {}, string[]]>([
    [
      'that denies all ingress',
      { policyTypes: ['Ingress'] },
      ['ingress-begin | own |  | deny | '],
    ],
    ['without types and rules', {}, ['ingress-begin | own |  | deny | ']],
    [
      'without types, with egress rules',
      { egress: [{}] },
      ['ingress-begin | own |  | deny | ', 'egress-begin | own |  | allow | '],
    ],
    [
      'whose rules of another type do not count',
      { policyTypes: ['Egress'], ingress: [{}] },
      [
        'egress-begin | own |  | deny | ',
        'networkpolicy-dns | all | k8s-app In kube-dns,coredns,node-local-dns | deny | :53/UDP;:53',
      ],
    ],
    [
      'with peers in its namespace, with ports',
      {
        podSelector: app('db'),
        ingress: [
          {
            from: [{ podSelector: app('web') }],
            ports: [
              { port: 80 },
              { port: 53, protocol: 'UDP' },
              { port: 'http' },
              { port: 8000, endPort: 8080 },
              { protocol: 'SCTP' },
            ],
          },
        ],
      },
      [
        'ingress-begin | own | app In db | allow | :80;:53/UDP;:http;:8000-8080;:*/SCTP',
        'ingress-end | own | app In web | allow | :80;:53/UDP;:http;:8000-8080;:*/SCTP',
      ],
    ],
    [
      'with peers elsewhere',
      {
        egress: [
          {
            to: [
              { namespaceSelector: {} },
              { namespaceSelector: app('kube'), podSelector: app('dns') },
              { ipBlock: { cidr: '0.0.0.0/0' } },
            ],
          },
        ],
        policyTypes: ['Egress'],
      },
      [
        'egress-begin | own |  | allow | ',
        'egress-end | all |  | allow | ',
        'egress-end | ["app"] | app In dns | allow | ',
      ],
    ],
    [
      'with expressions',
      {
        podSelector: {
          matchExpressions: [
            { key: 'tier', operator: 'NotIn', values: ['a', 'b'] },
          ],
        },
      },
      ['ingress-begin | own | tier NotIn a,b | deny | '],
    ],
  ])('%s', (_, spec, expected) => {
    expect(edges(spec)).toEqual(expected);
  });

  it.each<[string, unknown[], boolean]>([
    ['nothing', [], false],
    ['everything', [{}], true],
    ['some port', [{ ports: [{ port: 5432 }] }], false],
    ['port 53', [{ ports: [{ port: 53, protocol: 'UDP' }] }], true],
    ['a port named dns', [{ ports: [{ port: 'dns' }] }], true],
    ['a range with port 53', [{ ports: [{ port: 1, endPort: 1024 }] }], true],
    ['a range without it', [{ ports: [{ port: 80, endPort: 90 }] }], false],
    ['any port of UDP', [{ ports: [{ protocol: 'UDP' }] }], true],
  ])('that lets out %s: names can be looked up? (R103)', (_, egress, dns) => {
    const observed = observe(
      networkPolicyKind,
      policy({ policyTypes: ['Egress'], egress }),
    );
    expect(observed.properties.AllowsDNS).toBe(dns);
    expect(
      observed.selectors.some(
        ({ relation }) => relation === 'networkpolicy-dns',
      ),
    ).toBe(!dns);
  });

  it('shows peers outside of the cluster as a property (R101)', () => {
    const ipBlock = { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] };
    const observed = observe(
      networkPolicyKind,
      policy({ ingress: [{ from: [{ ipBlock }] }] }),
    );
    expect(observed.properties.IPBlocks).toEqual([
      { Type: 'ingress', CIDR: '10.0.0.0/8', Except: ['10.1.0.0/16'] },
    ]);
    expect(observed.selectors).toHaveLength(1);
  });

  it.each<[string, ContextNode[], ContextNode[], string]>([
    ['selects no pod', [], [], 'ok NoMatch H087'],
    ['lets in nobody who exists', [one], [], 'ok NoPeer H087'],
    ['selects pods and lets others in', [one], [one], 'keeps its own'],
  ])('that %s', (_, begin, end, expected) => {
    const item = policy({
      podSelector: app('db'),
      ingress: [{ from: [{ podSelector: app('web') }] }],
    });
    const around = {
      'networkpolicy-pod-ingress-begin out': begin,
      'networkpolicy-pod-ingress-end out': end,
    };
    expect(verdictText(judged(networkPolicyKind, item, around))).toBe(expected);
  });
});
