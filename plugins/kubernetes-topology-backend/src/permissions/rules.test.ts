import { createConditionTransformer } from '@backstage/plugin-permission-node';
import { Entity } from '@backstage/catalog-model';
import { storedNode } from '../__testUtils__/storedNode';
import { topologyConditions } from './conditions';
import { filterAllows } from './filterSight';
import { nodeFilterOf } from './nodeFilterOf';
import { Ownership } from './ownedEntities';
import { topologyNodeRules } from './rules';

const entity = (
  name: string,
  annotations: Record<string, string>,
  relations: [string, string][],
): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: name.startsWith('system') ? 'System' : 'Component',
  metadata: { name, annotations },
  relations: relations.map(([type, targetRef]) => ({ type, targetRef })),
});
const ownership = Ownership.of([
  entity('cart', { 'backstage.io/kubernetes-id': 'cart' }, [
    ['ownedBy', 'group:default/Shop'],
    ['partOf', 'system:default/system-all'],
  ]),
  entity(
    'teller',
    {
      'backstage.io/kubernetes-label-selector': 'app in (teller, clerk)',
      'backstage.io/kubernetes-namespace': 'bank',
      'backstage.io/kubernetes-cluster': 'two',
    },
    [['ownedBy', 'user:default/jo']],
  ),
  entity('faulty', { 'backstage.io/kubernetes-label-selector': 'app=(' }, [
    ['ownedBy', 'user:default/jo'],
  ]),
  entity('system-all', {}, [
    ['ownedBy', 'group:default/chiefs'],
    // A catalog may say anything.
    ['partOf', 'system:default/system-all'],
  ]),
]);
const node = (key: string, labels: Record<string, string> = {}) => {
  const stored = storedNode(key, { labels });
  return { ...stored, owners: ownership.owners(stored) };
};

const nodes = [
  node('one/Pod/shop/cart', {
    app: 'cart',
    'backstage.io/kubernetes-id': 'cart',
  }),
  node('one/Deployment.apps/shop/cart'),
  node('one/Node//n1', { app: 'teller' }),
  node('two/Pod/bank/teller', { app: 'teller' }),
  node('two/Secret/bank/vault'),
];

const transform = createConditionTransformer<any, any>(
  Object.values(topologyNodeRules) as any,
);

const { isInCluster, isInNamespace, isOfKind, hasLabel, isPartOfOwnedEntity } =
  topologyConditions;

const filterOf = (criteria: unknown) =>
  nodeFilterOf(transform(criteria as never), async () => ownership);

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
    [
      hasLabel({ label: 'app' }),
      'one/Pod/shop/cart, one/Node//n1, two/Pod/bank/teller',
    ],
    [
      hasLabel({ label: 'app', values: ['teller', 'x'] }),
      'one/Node//n1, two/Pod/bank/teller',
    ],
    [hasLabel({ label: 'app', values: [] }), ''],
    [
      hasLabel({ label: 'backstage.io/kubernetes-id', values: ['cart'] }),
      'one/Pod/shop/cart',
    ],
    [
      isPartOfOwnedEntity({ claims: ['group:default/shop'] }),
      'one/Pod/shop/cart',
    ],
    [
      isPartOfOwnedEntity({ claims: ['Group:default/Shop'] }),
      'one/Pod/shop/cart',
    ],
    [
      isPartOfOwnedEntity({ claims: ['group:default/chiefs'] }),
      'one/Pod/shop/cart',
    ],
    [
      isPartOfOwnedEntity({ claims: ['user:default/jo'] }),
      'two/Pod/bank/teller',
    ],
    [
      isPartOfOwnedEntity({
        claims: ['user:default/jo', 'group:default/shop'],
      }),
      'one/Pod/shop/cart, two/Pod/bank/teller',
    ],
    [isPartOfOwnedEntity({ claims: ['user:default/nobody'] }), ''],
    [isPartOfOwnedEntity({ claims: [] }), ''],
  ])('%j allows %s', async (condition, expected) => {
    const rule = Object.values(topologyNodeRules).find(
      r => r.name === condition.rule,
    )!;
    const filter = await filterOf(condition);
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
    { not: isPartOfOwnedEntity({ claims: ['user:default/jo'] }) },
    {
      anyOf: [
        { not: hasLabel({ label: 'app' }) },
        isPartOfOwnedEntity({ claims: ['group:default/shop'] }),
      ],
    },
  ] as const)('keeps the shape of %j', async criteria => {
    const filter = await filterOf(criteria);
    const apply = (c: any, each: any): boolean => {
      if (c.anyOf) return c.anyOf.some((part: any) => apply(part, each));
      if (c.allOf) return c.allOf.every((part: any) => apply(part, each));
      if (c.not) return !apply(c.not, each);
      return Object.values(topologyNodeRules)
        .find(r => r.name === c.rule)!
        .apply(each, c.params);
    };
    for (const each of nodes) {
      expect([each.key, filterAllows(filter, each)]).toEqual([
        each.key,
        apply(criteria, each),
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

  it.each(['', 'a b', '$.x', 'a"b', '[0]', 'x/', 'UPPER/x', 'a/b/c'])(
    'refuses %j as the key of a label',
    label => {
      expect(() => transform(hasLabel({ label }) as never)).toThrow(/label/);
    },
  );

  it('makes one condition of selections that differ in one value', () => {
    const components = Array.from({ length: 900 }, (_, i) =>
      entity(`c${i}`, { 'backstage.io/kubernetes-id': `c${i}` }, [
        ['ownedBy', 'group:default/shop'],
      ]),
    );
    const filter = Ownership.of(components).filter(['group:default/shop']);
    expect(filter).toEqual({
      anyOf: [
        {
          allOf: [
            {
              label: {
                key: 'backstage.io/kubernetes-id',
                operator: 'In',
                values: components.map(({ metadata }) => metadata.name),
              },
            },
          ],
        },
      ],
    });
  });

  it('refuses rather than leaving out what a query cannot carry', () => {
    const components = Array.from({ length: 1001 }, (_, i) =>
      entity(`c${i}`, { 'backstage.io/kubernetes-id': `c${i}` }, [
        ['ownedBy', 'group:default/shop'],
      ]),
    );
    expect(() =>
      Ownership.of(components).filter(['group:default/shop']),
    ).toThrow(expect.objectContaining({ name: 'ServiceUnavailableError' }));
  });
});
