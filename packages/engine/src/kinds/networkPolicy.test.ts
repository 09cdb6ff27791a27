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
      ['egress-begin | own |  | deny | '],
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
