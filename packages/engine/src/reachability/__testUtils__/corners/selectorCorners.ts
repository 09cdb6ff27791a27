import { Corner } from './corner';

/** Whom `spec.podSelector` and the peers of rules mean. */
export const SELECTOR_CORNERS: readonly Corner[] = [
  {
    title: 'without a policy all is open',
    policies: [],
    expect: 'all open',
  },
  {
    title: 'podSelector {} is every pod of the namespace, and no other',
    policies: [['x', '{podSelector: {}, policyTypes: [Ingress]}']],
    expect: 'into x/*: nobody',
  },
  {
    title: 'an absent podSelector is an empty one',
    policies: [['x', '{policyTypes: [Ingress]}']],
    expect: 'into x/*: nobody',
  },
  {
    title: 'podSelector by matchLabels',
    policies: [
      ['x', '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress]}'],
    ],
    expect: 'into x/a: nobody',
  },
  {
    title: 'podSelector that no pod matches changes nothing',
    policies: [
      ['x', '{podSelector: {matchLabels: {pod: d}}, policyTypes: [Ingress]}'],
    ],
    expect: 'all open',
  },
  {
    title: 'a policy in a namespace without pods changes nothing',
    policies: [['w', '{podSelector: {}, policyTypes: [Ingress, Egress]}']],
    expect: 'all open',
  },
  {
    title: 'matchLabels with two labels: both have to be there',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a, tier: db}}, policyTypes: [Ingress]}',
      ],
    ],
    expect: 'all open',
  },
  {
    title: 'In with several values',
    policies: [
      [
        'x',
        '{podSelector: {matchExpressions: [{key: pod, operator: In, values: [a, b]}]}}',
      ],
    ],
    expect: 'into x/a x/b: nobody',
  },
  {
    title: 'In with one value',
    policies: [
      [
        'x',
        '{podSelector: {matchExpressions: [{key: pod, operator: In, values: [c]}]}}',
      ],
    ],
    expect: 'into x/c: nobody',
  },
  {
    title: 'NotIn leaves out those that have one of the values',
    policies: [
      [
        'x',
        '{podSelector: {matchExpressions: [{key: pod, operator: NotIn, values: [b]}]}}',
      ],
    ],
    expect: 'into x/a x/c: nobody',
  },
  {
    title: 'NotIn holds where the label is absent',
    policies: [
      [
        'x',
        '{podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [db]}]}}',
      ],
    ],
    expect: 'into x/*: nobody',
  },
  {
    title: 'Exists',
    policies: [
      [
        'x',
        '{podSelector: {matchExpressions: [{key: pod, operator: Exists}]}}',
      ],
    ],
    expect: 'into x/*: nobody',
  },
  {
    title: 'Exists of a label that nobody has',
    policies: [
      [
        'x',
        '{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}',
      ],
    ],
    expect: 'all open',
  },
  {
    title: 'DoesNotExist of a label that nobody has',
    policies: [
      [
        'x',
        '{podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}}',
      ],
    ],
    expect: 'into x/*: nobody',
  },
  {
    title: 'DoesNotExist of a label that all have',
    policies: [
      [
        'x',
        '{podSelector: {matchExpressions: [{key: pod, operator: DoesNotExist}]}}',
      ],
    ],
    expect: 'all open',
  },
  {
    title: 'matchLabels and matchExpressions: all have to hold',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}, matchExpressions: [{key: pod, operator: NotIn, values: [a]}]}}',
      ],
    ],
    expect: 'all open',
  },
  {
    title: 'two expressions about one label',
    policies: [
      [
        'x',
        '{podSelector: {matchExpressions: [{key: pod, operator: In, values: [a, b]}, {key: pod, operator: NotIn, values: [a]}]}}',
      ],
    ],
    expect: 'into x/b: nobody',
  },
  {
    title: 'a peer by podSelector is of the own namespace',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
    ],
    expect: 'into x/a: x/b',
  },
  {
    title: 'a peer with podSelector {} is all of the own namespace',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {}}]}]}',
      ],
    ],
    expect: 'into x/a: x/*',
  },
  {
    title: 'a peer by namespaceSelector is all pods of these namespaces',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: y}}}]}]}',
      ],
    ],
    expect: 'into x/a: y/*',
  },
  {
    title: 'a peer by namespaceSelector leaves the own namespace out',
    policies: [
      [
        'x',
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: z}}}]}]}',
      ],
    ],
    expect: 'into x/*: z/*',
  },
  {
    title: 'a peer with namespaceSelector {} is every pod of the cluster',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {}}]}]}',
      ],
    ],
    expect: 'into x/a: all',
  },
  {
    title: 'namespaceSelector by the label that every namespace has',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: z}}}]}]}',
      ],
    ],
    expect: 'into x/a: z/*',
  },
  {
    title: 'namespaceSelector with NotIn',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: ns, operator: NotIn, values: [x]}]}}]}]}',
      ],
    ],
    expect: 'into x/a: y/* z/*',
  },
  {
    title: 'namespaceSelector with DoesNotExist of a label that all have',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: ns, operator: DoesNotExist}]}}]}]}',
      ],
    ],
    expect: 'into x/a: nobody',
  },
  {
    title:
      'both selectors in one peer: pods with the labels in these namespaces',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: y}}, podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
    ],
    expect: 'into x/a: y/b',
  },
  {
    title: 'the same selectors in two peers: either is enough',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: y}}}, {podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
    ],
    expect: 'into x/a: y/* x/b',
  },
  {
    title: 'namespaceSelector {} with a podSelector: such pods everywhere',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {pod: c}}}]}]}',
      ],
    ],
    expect: 'into x/a: */c',
  },
  {
    title: 'both selectors empty in one peer: every pod',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {}, podSelector: {}}]}]}',
      ],
    ],
    expect: 'into x/a: all',
  },
  {
    title: 'matchExpressions in both selectors of a peer',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: ns, operator: In, values: [y, z]}]}, podSelector: {matchExpressions: [{key: pod, operator: NotIn, values: [a]}]}}]}]}',
      ],
    ],
    expect: 'into x/a: y/b y/c z/b z/c',
  },
  {
    title: 'null selectors are absent ones',
    policies: [
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: null, podSelector: {matchLabels: {pod: b}}}]}]}',
      ],
    ],
    expect: 'into x/a: x/b',
  },
];
