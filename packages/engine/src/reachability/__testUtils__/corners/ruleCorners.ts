import { Corner } from './corner';

/** Directions, rules, and several policies together. */
export const RULE_CORNERS: readonly Corner[] = [
  {
    title: 'deny all ingress',
    policies: [['x', '{podSelector: {}, policyTypes: [Ingress], ingress: []}']],
    expect: 'into x/*: nobody',
  },
  {
    title: 'deny all egress',
    policies: [['x', '{podSelector: {}, policyTypes: [Egress]}']],
    expect: 'out of x/*: nobody',
  },
  {
    title: 'deny both',
    policies: [['x', '{podSelector: {}, policyTypes: [Ingress, Egress]}']],
    expect: `
      into x/*: nobody
      out of x/*: nobody`,
  },
  {
    title: 'an empty rule lets all in',
    policies: [['x', '{podSelector: {}, ingress: [{}]}']],
    expect: 'all open',
  },
  {
    title: 'an empty rule lets all out',
    policies: [['x', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}']],
    expect: 'all open',
  },
  {
    title: 'from: [] is everybody',
    policies: [['x', '{podSelector: {}, ingress: [{from: []}]}']],
    expect: 'all open',
  },
  {
    title: 'from: null is everybody',
    policies: [['x', '{podSelector: {}, ingress: [{from: null}]}']],
    expect: 'all open',
  },
  {
    title: 'to: [] is everybody',
    policies: [
      ['x', '{podSelector: {}, policyTypes: [Egress], egress: [{to: []}]}'],
    ],
    expect: 'all open',
  },
  {
    title: 'without policyTypes and rules: ingress is denied, egress is not',
    policies: [['x', '{podSelector: {}}']],
    expect: 'into x/*: nobody',
  },
  {
    title: 'policyTypes [] is as absent',
    policies: [['x', '{podSelector: {}, policyTypes: []}']],
    expect: 'into x/*: nobody',
  },
  {
    title: 'without policyTypes, with egress rules: both directions',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, egress: [{to: [{podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
    ],
    expect: `
      into x/a: nobody
      out of x/a: x/b`,
  },
  {
    title: 'without policyTypes, egress: [] is no egress rule: ingress only',
    policies: [['x', '{podSelector: {matchLabels: {pod: a}}, egress: []}']],
    expect: 'into x/a: nobody',
  },
  {
    title: 'without policyTypes, egress: null: ingress only',
    policies: [['x', '{podSelector: {matchLabels: {pod: a}}, egress: null}']],
    expect: 'into x/a: nobody',
  },
  {
    title: 'policyTypes [Egress] leaves ingress rules without effect',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
    ],
    expect: 'out of x/a: nobody',
  },
  {
    title: 'policyTypes [Ingress] leaves egress rules without effect',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress], egress: [{to: [{podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
    ],
    expect: 'into x/a: nobody',
  },
  {
    title: 'the same type twice',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress, Ingress]}',
      ],
    ],
    expect: 'into x/a: nobody',
  },
  {
    title: 'two peers of a rule: either',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}, {podSelector: {matchLabels: {pod: c}}}]}]}',
      ],
    ],
    expect: 'into x/a: x/b x/c',
  },
  {
    title: 'two rules: either',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}, {from: [{namespaceSelector: {matchLabels: {ns: z}}}]}]}',
      ],
    ],
    expect: 'into x/a: x/b z/*',
  },
  {
    title: 'two policies on one pod add up',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
      [
        'x',
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: y}}}]}]}',
      ],
    ],
    expect: `
      into x/a: x/b y/*
      into x/b x/c: y/*`,
  },
  {
    title: 'deny all beside allow all: all',
    policies: [
      ['x', '{podSelector: {}, policyTypes: [Ingress]}'],
      ['x', '{podSelector: {}, ingress: [{}]}'],
    ],
    expect: 'all open',
  },
  {
    title: 'deny all beside allow some: some',
    policies: [
      ['x', '{podSelector: {}, policyTypes: [Ingress]}'],
      [
        'x',
        '{podSelector: {matchLabels: {pod: b}}, ingress: [{from: [{podSelector: {matchLabels: {pod: c}}}]}]}',
      ],
    ],
    expect: `
      into x/a x/c: nobody
      into x/b: x/c`,
  },
  {
    title: 'both sides have to allow: egress does, ingress does not',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {ns: y}}}]}]}',
      ],
      ['y', '{podSelector: {matchLabels: {pod: b}}, policyTypes: [Ingress]}'],
    ],
    expect: `
      out of x/a: y/*
      into y/b: nobody`,
  },
  {
    title: 'both sides have to allow: ingress does, egress does not',
    policies: [
      ['x', '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress]}'],
      [
        'y',
        '{podSelector: {matchLabels: {pod: b}}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: x}}}]}]}',
      ],
    ],
    expect: `
      out of x/a: nobody
      into y/b: x/*`,
  },
  {
    title: 'both sides allow',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {ns: y}}, podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
      [
        'y',
        '{podSelector: {matchLabels: {pod: b}}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: x}}, podSelector: {matchLabels: {pod: a}}}]}]}',
      ],
    ],
    expect: `
      out of x/a: y/b
      into y/b: x/a`,
  },
  {
    title: 'answers need no rule: an egress policy does not stop what comes in',
    policies: [
      ['x', '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress]}'],
    ],
    expect: 'out of x/a: nobody',
  },
  {
    title: 'ingress and egress rules of one policy',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}], egress: [{to: [{podSelector: {matchLabels: {pod: c}}}]}]}',
      ],
    ],
    expect: `
      into x/a: x/b
      out of x/a: x/c`,
  },
  {
    title: 'policies of all namespaces at once',
    policies: [
      ['x', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'],
      ['y', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'],
      ['z', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'],
    ],
    expect: `
      into x/*: x/*
      into y/*: y/*
      into z/*: z/*`,
  },
  {
    title: 'a peer that no pod matches lets nobody in',
    policies: [
      [
        'x',
        '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {pod: none}}}]}]}',
      ],
    ],
    expect: 'into x/*: nobody',
  },
  {
    title: 'an egress rule to a namespace, from all pods of another',
    policies: [
      [
        'y',
        '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {ns: z}}}]}]}',
      ],
    ],
    expect: 'out of y/*: z/*',
  },
  {
    title: 'to a pod of the own namespace means that namespace only',
    policies: [
      [
        'z',
        '{podSelector: {matchLabels: {pod: c}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {pod: a}}}]}]}',
      ],
    ],
    expect: 'out of z/c: z/a',
  },
];
