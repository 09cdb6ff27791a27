import { createConditionTransformer } from '@backstage/plugin-permission-node';
import { NodeFilter } from '@kubernetes-topology/engine';
import { storedNode } from '../__testUtils__/storedNode';
import { topologyConditions } from './conditions';
import { filterAllows } from './filterSight';
import { topologyNodeRules } from './rules';

const nodes = [
  storedNode('one/Pod/shop/cart'),
  storedNode('one/Deployment.apps/shop/cart'),
  storedNode('one/Node//n1'),
  storedNode('two/Pod/bank/teller'),
  storedNode('two/Secret/bank/vault'),
];

const transform = createConditionTransformer<any, any>(
  Object.values(topologyNodeRules) as any,
);

const { isInCluster, isInNamespace, isOfKind } = topologyConditions;

describe('topology node rules', () => {
  // One table for both ways that a rule is put to use: in memory by `apply`, in SQL by `toQuery`.
  it.each([
    [
      isInCluster({ clusters: ['one'] }),
      'one/Pod/shop/cart, one/Deployment.apps/shop/cart, one/Node//n1',
    ],
    [isInCluster({ clusters: [] }), ''],
    [isInCluster({ clusters: ['ONE'] }), ''],
    [
      isInNamespace({ namespaces: ['bank'] }),
      'two/Pod/bank/teller, two/Secret/bank/vault',
    ],
    [isInNamespace({ namespaces: [''] }), 'one/Node//n1'],
    [isOfKind({ kinds: ['Pod'] }), 'one/Pod/shop/cart, two/Pod/bank/teller'],
    [isOfKind({ kinds: ['Deployment.apps'] }), 'one/Deployment.apps/shop/cart'],
    [isOfKind({ kinds: ['Deployment'] }), ''],
  ])('%j allows %s', (condition, expected) => {
    const rule = Object.values(topologyNodeRules).find(
      r => r.name === condition.rule,
    )!;
    const filter = transform(condition) as NodeFilter;
    const keys = (of: typeof nodes) => of.map(n => n.key).join(', ');

    expect(
      keys(nodes.filter(n => rule.apply(n, condition.params as never))),
    ).toBe(expected);
    expect(keys(nodes.filter(n => filterAllows(filter, n)))).toBe(expected);
  });

  it.each([
    {
      anyOf: [
        isInCluster({ clusters: ['two'] }),
        isOfKind({ kinds: ['Node'] }),
      ],
    },
    { not: isInNamespace({ namespaces: ['bank'] }) },
    {
      allOf: [
        { not: isOfKind({ kinds: ['Secret'] }) },
        { anyOf: [isInNamespace({ namespaces: ['bank', 'shop'] })] },
      ],
    },
  ] as const)('keeps the shape of %j', criteria => {
    const filter = transform(criteria as never) as NodeFilter;
    const apply = (c: any, node: any): boolean => {
      if (c.anyOf) return c.anyOf.some((part: any) => apply(part, node));
      if (c.allOf) return c.allOf.every((part: any) => apply(part, node));
      if (c.not) return !apply(c.not, node);
      return Object.values(topologyNodeRules)
        .find(r => r.name === c.rule)!
        .apply(node, c.params);
    };
    for (const node of nodes) {
      expect([node.key, filterAllows(filter, node)]).toEqual([
        node.key,
        apply(criteria, node),
      ]);
    }
  });

  it('refuses parameters that would make a condition without bound', () => {
    const tooMany = Array.from({ length: 501 }, (_, i) => `ns-${i}`);
    expect(topologyNodeRules.isInNamespace.paramsSchema).toBeDefined();
    expect(() =>
      transform(isInNamespace({ namespaces: tooMany }) as never),
    ).toThrow();
  });
});
