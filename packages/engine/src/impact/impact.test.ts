import {
  CONFIG_MAP,
  DEPLOYMENT,
  NODE,
  PERSISTENT_VOLUME,
  POD,
  SECRET,
  SERVICE,
} from '../kinds';
import { KindId, nodeKey, parseNodeKey } from '../kinds/identity';
import { databases } from '../store/__testUtils__/databases';
import { shortName } from '../store/__testUtils__/handMade';
import { shop } from '../store/__testUtils__/shop';
import { NodeFilter } from '../store/nodeFilter';
import { TopologyReads } from '../store/topologyReads';
import { TopologyStore } from '../store/topologyStore';
import { Impacted } from './impact';

jest.setTimeout(60_000);

const key = (kind: KindId, namespace: string, name: string) =>
  nodeKey({ cluster: 'demo', kind, namespace, name });
const told = ({ node, how, effects, loses }: Impacted) =>
  [
    shortName(node.key),
    how === 'goes'
      ? 'goes'
      : effects.map(({ when, strength }) => `${when} ${strength}`).join(', '),
    ...(loses ? [`${loses.count} of ${loses.of}`] : []),
  ].join(': ');

describe.each(databases.eachSupportedId())('impact on %s', id => {
  let reads: TopologyReads;
  beforeAll(async () => {
    const store = await TopologyStore.create({
      knex: await databases.init(id),
    });
    const { made } = shop();
    await store.write(made.delta());
    reads = store.reads;
  });

  const impactOf = async (node: string, filter?: NodeFilter) =>
    (await reads.impact(node, { filter }))?.impacted.map(told);

  it.each<[string, string, string[]]>([
    [
      'a secret: its pods at their next start, and all that is behind them',
      key(SECRET, 'shop', 'password'),
      [
        'Pod shop/cart-1-a: nextStart hard',
        'Pod shop/cart-1-b: nextStart hard',
        'ReplicaSet shop/cart-1: nextStart hard: 2 of 2',
        'Service shop/cart: nextStart hard: 2 of 2',
        'Deployment shop/cart: nextStart hard',
        'Ingress shop/web: nextStart hard',
      ],
    ],
    [
      'an optional config map: who can do without hands nothing on',
      key(CONFIG_MAP, 'shop', 'extras'),
      [
        'Pod shop/cart-1-a: nextStart soft',
        'Pod shop/cart-1-b: nextStart soft',
      ],
    ],
    [
      'one of two pods: the others go on with less',
      key(POD, 'shop', 'cart-1-a'),
      [
        'ReplicaSet shop/cart-1: now soft: 1 of 2',
        'Service shop/cart: now soft: 1 of 2',
        'Deployment shop/cart: now soft',
        'Ingress shop/web: now soft',
      ],
    ],
    [
      'a deployment takes along what it owns',
      key(DEPLOYMENT, 'shop', 'cart'),
      [
        'ReplicaSet shop/cart-1: goes',
        'Pod shop/cart-1-a: goes',
        'Pod shop/cart-1-b: goes',
        'Service shop/cart: now hard: 2 of 2',
        'Ingress shop/web: now hard',
      ],
    ],
    [
      'a node: all of its pods now',
      key(NODE, '', 'node-1'),
      [
        'Pod shop/cart-1-a: now hard',
        'Pod shop/cart-1-b: now hard',
        'Pod shop/other: now hard',
        'ReplicaSet shop/cart-1: now hard: 2 of 2',
        'Service shop/cart: now hard: 2 of 2',
        'Deployment shop/cart: now hard',
        'Ingress shop/web: now hard',
      ],
    ],
    [
      'a volume: its claim now, pods when they start',
      key(PERSISTENT_VOLUME, '', 'volume-1'),
      [
        'PersistentVolumeClaim shop/cart-data: now hard',
        'Pod shop/cart-1-a: nextStart hard',
        'Pod shop/cart-1-b: nextStart hard',
        'ReplicaSet shop/cart-1: nextStart hard: 2 of 2',
        'Service shop/cart: nextStart hard: 2 of 2',
        'Deployment shop/cart: nextStart hard',
        'Ingress shop/web: nextStart hard',
      ],
    ],
    ['a service', key(SERVICE, 'shop', 'cart'), ['Ingress shop/web: now hard']],
  ])('of %s', async (_, node, expected) => {
    expect(await impactOf(node)).toEqual(expected);
  });

  it('counts by the gravest effect, and cuts at the limit', async () => {
    const impact = await reads.impact(key(SECRET, 'shop', 'password'), {
      limit: 2,
    });
    expect(impact).toMatchObject({
      counts: {
        now: { hard: 0, soft: 0 },
        nextStart: { hard: 6, soft: 0 },
      },
      more: 4,
    });
    expect(impact!.impacted.map(({ says }) => says)).toEqual([
      'Pod shop/cart-1-a stops working when its next pod starts: it needs Secret shop/password.',
      'Pod shop/cart-1-b stops working when its next pod starts: it needs Secret shop/password.',
    ]);
  });

  it('goes through nothing that the asker may not see, and counts only what they may', async () => {
    const withoutPods: NodeFilter = { not: { key: 'kind', values: ['Pod'] } };
    expect(
      await impactOf(key(SECRET, 'shop', 'password'), withoutPods),
    ).toEqual([]);
    expect(
      await impactOf(key(POD, 'shop', 'cart-1-a'), withoutPods),
    ).toBeUndefined();
    expect(parseNodeKey('nonsense')).toBeUndefined();
    expect(await impactOf('nonsense')).toBeUndefined();
  });
});
