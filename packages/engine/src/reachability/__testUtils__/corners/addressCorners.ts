import { Corner } from './corner';

const IN = '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: ';
const OUT =
  '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], egress: [{to: ';

/** Blocks of addresses, which pods are in by their own: as upstream's tests have it. */
export const ADDRESS_CORNERS: readonly Corner[] = [
  {
    title: 'a block with one pod',
    policies: [['x', `${IN}[{ipBlock: {cidr: 10.1.1.2/32}}]}]}`]],
    expect: 'into x/a: x/b',
  },
  {
    title: 'a block with a namespace',
    policies: [['x', `${IN}[{ipBlock: {cidr: 10.1.2.0/24}}]}]}`]],
    expect: 'into x/a: y/*',
  },
  {
    title: 'bits behind the prefix do not count',
    policies: [['x', `${IN}[{ipBlock: {cidr: 10.1.2.77/24}}]}]}`]],
    expect: 'into x/a: y/*',
  },
  {
    title: 'all of IPv4',
    policies: [['x', `${IN}[{ipBlock: {cidr: 0.0.0.0/0}}]}]}`]],
    expect: 'all open',
  },
  {
    title: 'all of IPv6 is not IPv4',
    policies: [['x', `${IN}[{ipBlock: {cidr: '::/0'}}]}]}`]],
    expect: 'into x/a: nobody',
  },
  {
    title: 'a block without pods',
    policies: [['x', `${IN}[{ipBlock: {cidr: 192.168.0.0/16}}]}]}`]],
    expect: 'into x/a: nobody',
  },
  {
    title: 'except takes out one pod',
    policies: [
      ['x', `${IN}[{ipBlock: {cidr: 10.1.1.0/24, except: [10.1.1.2/32]}}]}]}`],
    ],
    expect: 'into x/a: x/c',
  },
  {
    title: 'several excepts',
    policies: [
      [
        'x',
        `${IN}[{ipBlock: {cidr: 10.1.0.0/16, except: [10.1.1.0/24, 10.1.2.0/24]}}]}]}`,
      ],
    ],
    expect: 'into x/a: z/*',
  },
  {
    title: 'excepts that overlap',
    policies: [
      [
        'x',
        `${IN}[{ipBlock: {cidr: 10.1.0.0/16, except: [10.1.2.0/23, 10.1.3.0/24]}}]}]}`,
      ],
    ],
    expect: 'into x/a: x/*',
  },
  {
    title: 'what one block excepts another may have',
    policies: [
      [
        'x',
        `${IN}[{ipBlock: {cidr: 10.1.1.0/24, except: [10.1.1.2/32]}}, {ipBlock: {cidr: 10.1.1.2/32}}]}]}`,
      ],
    ],
    expect: 'into x/a: x/*',
  },
  {
    title: 'a block and a selector as two peers',
    policies: [
      [
        'x',
        `${IN}[{ipBlock: {cidr: 10.1.3.0/24}}, {podSelector: {matchLabels: {pod: b}}}]}]}`,
      ],
    ],
    expect: 'into x/a: z/* x/b',
  },
  {
    title: 'egress to a block',
    policies: [['x', `${OUT}[{ipBlock: {cidr: 10.1.2.2/32}}]}]}`]],
    expect: 'out of x/a: y/b',
  },
  {
    title: 'egress to a block, with an exception',
    policies: [
      ['x', `${OUT}[{ipBlock: {cidr: 10.1.2.0/24, except: [10.1.2.2/31]}}]}]}`],
    ],
    expect: 'out of x/a: y/a',
  },
  {
    title: 'egress to a block, on a port',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.1.2.0/24}}], ports: [{port: 81}]}]}',
      ],
    ],
    expect: 'out of x/a: nobody',
  },
  {
    title: 'two policies: the block of one has what the other excepts',
    policies: [
      ['x', `${OUT}[{ipBlock: {cidr: 10.1.0.0/16, except: [10.1.2.2/32]}}]}]}`],
      ['x', `${OUT}[{ipBlock: {cidr: 10.1.2.2/32}}]}]}`],
    ],
    expect: 'all open',
  },
];
