import { Corner } from './corner';

const IN = '{podSelector: {matchLabels: {pod: a}}, ingress: ';
const OUT =
  '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], egress: ';
const CLOSED = 'into x/a: nobody';
const SHUT = 'out of x/a: nobody';

function into(rules: string): Corner['policies'] {
  return [['x', `${IN}${rules}}`]];
}

function outOf(rules: string): Corner['policies'] {
  return [['x', `${OUT}${rules}}`]];
}

/** Numbers, ranges, names and protocols. */
export const PORT_CORNERS: readonly Corner[] = [
  ...[
    ['ports: [] is every port', '[{ports: []}]', 'all open', '80/TCP'],
    ['ports: null is every port', '[{ports: null}]', 'all open', '81/UDP'],
    ['a port that is asked', '[{ports: [{port: 80}]}]', 'all open', '80/TCP'],
    ['another port', '[{ports: [{port: 80}]}]', CLOSED, '81/TCP'],
    [
      'the protocol is TCP by default',
      '[{ports: [{port: 80}]}]',
      CLOSED,
      '80/UDP',
    ],
    [
      'protocol: null is TCP',
      '[{ports: [{protocol: null, port: 80}]}]',
      'all open',
      '80/TCP',
    ],
    [
      'UDP is not TCP',
      '[{ports: [{protocol: UDP, port: 80}]}]',
      CLOSED,
      '80/TCP',
    ],
    ['UDP', '[{ports: [{protocol: UDP, port: 80}]}]', 'all open', '80/UDP'],
    ['SCTP', '[{ports: [{protocol: SCTP, port: 80}]}]', 'all open', '80/SCTP'],
    [
      'SCTP is not UDP',
      '[{ports: [{protocol: SCTP, port: 80}]}]',
      CLOSED,
      '80/UDP',
    ],
    [
      'an empty port entry is all of TCP',
      '[{ports: [{}]}]',
      'all open',
      '65535/TCP',
    ],
    ['an empty port entry is not UDP', '[{ports: [{}]}]', CLOSED, '80/UDP'],
    [
      'a protocol alone is all of its ports',
      '[{ports: [{protocol: UDP}]}]',
      'all open',
      '1/UDP',
    ],
    [
      'a protocol alone is no other',
      '[{ports: [{protocol: UDP}]}]',
      CLOSED,
      '1/TCP',
    ],
    [
      'one of several ports',
      '[{ports: [{port: 443}, {port: 80}]}]',
      'all open',
      '80/TCP',
    ],
    [
      'none of several ports',
      '[{ports: [{port: 443}, {port: 8080}]}]',
      CLOSED,
      '80/TCP',
    ],
    [
      'a range: its first port',
      '[{ports: [{port: 80, endPort: 90}]}]',
      'all open',
      '80/TCP',
    ],
    [
      'a range: its last port',
      '[{ports: [{port: 70, endPort: 80}]}]',
      'all open',
      '80/TCP',
    ],
    [
      'a range: within',
      '[{ports: [{port: 1, endPort: 65535}]}]',
      'all open',
      '8080/TCP',
    ],
    [
      'a range: below',
      '[{ports: [{port: 81, endPort: 90}]}]',
      CLOSED,
      '80/TCP',
    ],
    [
      'a range: above',
      '[{ports: [{port: 70, endPort: 79}]}]',
      CLOSED,
      '80/TCP',
    ],
    [
      'a range of one port',
      '[{ports: [{port: 80, endPort: 80}]}]',
      'all open',
      '80/TCP',
    ],
    [
      'a range is of its protocol',
      '[{ports: [{protocol: UDP, port: 70, endPort: 90}]}]',
      CLOSED,
      '80/TCP',
    ],
    ['a name', '[{ports: [{port: serve-80-tcp}]}]', 'all open', '80/TCP'],
    [
      'a name is of one number',
      '[{ports: [{port: serve-80-tcp}]}]',
      CLOSED,
      '81/TCP',
    ],
    [
      'a name with its protocol',
      '[{ports: [{protocol: UDP, port: serve-80-udp}]}]',
      'all open',
      '80/UDP',
    ],
    [
      'a name of another protocol matches nothing: TCP',
      '[{ports: [{port: serve-80-udp}]}]',
      CLOSED,
      '80/TCP',
    ],
    [
      'a name of another protocol matches nothing: UDP',
      '[{ports: [{port: serve-80-udp}]}]',
      CLOSED,
      '80/UDP',
    ],
    [
      'a name that no container has',
      '[{ports: [{port: web}]}]',
      CLOSED,
      '80/TCP',
    ],
    [
      'a name and a number',
      '[{ports: [{port: serve-81-tcp}, {port: 80}]}]',
      'all open',
      '81/TCP',
    ],
    [
      'asked by name',
      '[{ports: [{port: 80}]}]',
      'all open',
      'serve-80-tcp/TCP',
    ],
    [
      'asked by another name',
      '[{ports: [{port: 80}]}]',
      CLOSED,
      'serve-81-tcp/TCP',
    ],
    [
      'a port that no container declares',
      '[{ports: [{port: 9999}]}]',
      'all open',
      '9999/TCP',
    ],
  ].map(([title, rules, expect, port]) => ({
    title: `ingress: ${title}`,
    policies: into(rules),
    expect,
    port,
  })),
  ...[
    ['a port', '[{ports: [{port: 80}]}]', 'all open', '80/TCP'],
    ['another port', '[{ports: [{port: 80}]}]', SHUT, '81/TCP'],
    [
      'a name is the destination’s',
      '[{ports: [{port: serve-81-tcp}]}]',
      'all open',
      '81/TCP',
    ],
    [
      'a name that destinations do not have',
      '[{ports: [{port: web}]}]',
      SHUT,
      '80/TCP',
    ],
    ['a range', '[{ports: [{port: 80, endPort: 81}]}]', 'all open', '81/TCP'],
    [
      'DNS only',
      '[{ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}]',
      SHUT,
      '80/TCP',
    ],
    [
      'DNS',
      '[{ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}]',
      'all open',
      '53/UDP',
    ],
  ].map(([title, rules, expect, port]) => ({
    title: `egress: ${title}`,
    policies: outOf(rules),
    expect,
    port,
  })),
  {
    title: 'peer and port of one rule: both have to match',
    policies: into(
      '[{from: [{podSelector: {matchLabels: {pod: b}}}], ports: [{port: 81}]}]',
    ),
    expect: CLOSED,
  },
  {
    title: 'peer of one rule, port of another: not enough',
    policies: into(
      '[{from: [{podSelector: {matchLabels: {pod: b}}}], ports: [{port: 81}]}, {from: [{podSelector: {matchLabels: {pod: c}}}], ports: [{port: 80}]}]',
    ),
    expect: 'into x/a: x/c',
  },
  {
    title: 'each rule with its port: the other port',
    policies: into(
      '[{from: [{podSelector: {matchLabels: {pod: b}}}], ports: [{port: 81}]}, {from: [{podSelector: {matchLabels: {pod: c}}}], ports: [{port: 80}]}]',
    ),
    expect: 'into x/a: x/b',
    port: '81/TCP',
  },
  {
    title: 'ports of two policies add up',
    policies: [
      ...into('[{ports: [{port: 80}]}]'),
      ...into('[{from: [{podSelector: {}}], ports: [{port: 81}]}]'),
    ],
    expect: 'into x/a: x/*',
    port: '81/TCP',
  },
  {
    title: 'both sides have to allow the port',
    policies: [
      ['x', `${OUT}[{ports: [{port: 80}]}]}`],
      ['y', '{podSelector: {}, ingress: [{ports: [{port: 81}]}]}'],
    ],
    expect: `
      into y/*: nobody`,
  },
  {
    title: 'both sides have to allow the port: the other one',
    policies: [
      ['x', `${OUT}[{ports: [{port: 80}]}]}`],
      ['y', '{podSelector: {}, ingress: [{ports: [{port: 81}]}]}'],
    ],
    expect: 'out of x/a: nobody',
    port: '81/TCP',
  },
];
