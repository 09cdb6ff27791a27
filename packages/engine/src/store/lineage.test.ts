import { nodeKey } from '../kinds/identity';
import { CONTAINER, DEPLOYMENT, POD } from '../kinds';
import { KindId } from '../kinds/identity';
import { databases } from './__testUtils__/databases';
import { shortName } from './__testUtils__/handMade';
import { shop } from './__testUtils__/shop';
import { LineageOptions } from './lineage';
import { NodeFilter } from './nodeFilter';
import { TopologyReads } from './topologyReads';
import { TopologyStore } from './topologyStore';

jest.setTimeout(60_000);

const key = (kind: KindId, name: string) =>
  nodeKey({ cluster: 'demo', kind, namespace: 'shop', name });
const cart = key(DEPLOYMENT, 'cart');
const BELOW = [
  'ReplicaSet shop/cart-1',
  'ReplicaSet shop/cart-0',
  'Pod shop/cart-1-a',
  'Pod shop/cart-1-b',
  'Container shop/cart-1-a/app',
  'Container shop/cart-1-b/app',
];
const withoutReplicaSets: NodeFilter = {
  not: { key: 'kind', values: ['ReplicaSet.apps'] },
};

describe.each(databases.eachSupportedId())('lineage on %s', id => {
  let reads: TopologyReads;
  beforeAll(async () => {
    const store = await TopologyStore.create({
      knex: await databases.init(id),
    });
    await store.write(shop().made.delta());
    reads = store.reads;
  });

  it.each<[string, LineageOptions & { filter?: NodeFilter }, string[]]>([
    [cart, { side: 'descendants' }, BELOW],
    [cart, { side: 'descendants', depth: 1 }, BELOW.slice(0, 2)],
    [cart, { side: 'descendants', skip: 1, limit: 2 }, BELOW.slice(1, 3)],
    [cart, { side: 'descendants', filter: withoutReplicaSets }, []],
    [
      key(CONTAINER, 'cart-1-a/app'),
      { side: 'ancestors', depth: 3 },
      ['Pod shop/cart-1-a', 'ReplicaSet shop/cart-1', 'Deployment shop/cart'],
    ],
    [
      key(POD, 'cart-1-a'),
      { side: 'ancestors', depth: 3, filter: withoutReplicaSets },
      [],
    ],
  ])('of %s with %j', async (of, options, expected) => {
    const found = await reads.lineage(of, options);
    expect(
      found?.nodes
        .map(node => shortName(node.key))
        .filter(name => !/^(Namespace|Cluster) /.test(name)),
    ).toEqual(expected);
    expect(found?.cut).toBeUndefined();
  });

  it('counts all, whatever page is asked for', async () => {
    const page = await reads.lineage(cart, { side: 'descendants', limit: 1 });
    expect([page?.nodes.length, page?.total]).toEqual([1, BELOW.length]);
  });

  it.each<[string, NodeFilter | undefined]>([
    ['demo/Pod/shop/gone', undefined],
    [cart, { key: 'namespace', values: ['other'] }],
  ])('there is none of %s', async (of, filter) => {
    await expect(
      reads.lineage(of, { side: 'descendants', filter }),
    ).resolves.toBeUndefined();
  });
});
