import { nodeKey } from '../kinds/identity';
import {
  DEPLOYMENT,
  PERSISTENT_VOLUME,
  POD,
  REPLICA_SET,
  SECRET,
  SERVICE,
  STORAGE_CLASS,
} from '../kinds';
import { KindId } from '../kinds/identity';
import { LabelSelector } from '../kinds/labelSelector';
import { StoredNode } from '../topology';
import { databases } from './__testUtils__/databases';
import { HandMade, shortName } from './__testUtils__/handMade';
import { shop } from './__testUtils__/shop';
import { NodeFilter } from './nodeFilter';
import { TopologyReads } from './topologyReads';
import { TopologyStore } from './topologyStore';

jest.setTimeout(60_000);

const key = (kind: KindId, namespace: string, name: string) =>
  nodeKey({ cluster: 'demo', kind, namespace, name });
const equals = (label: string, value: string): LabelSelector => [
  { key: label, operator: 'In', values: [value] },
];
const named = (nodes: readonly StoredNode[]) =>
  nodes.map(node => shortName(node.key)).sort();
const without = (...kinds: string[]): NodeFilter => ({
  not: { key: 'kind', values: kinds },
});

describe.each(databases.eachSupportedId())('TopologyReads on %s', id => {
  let reads: TopologyReads;
  beforeAll(async () => {
    const store = await TopologyStore.create({
      knex: await databases.init(id),
    });
    const { made, event } = shop();
    await store.write(made.delta({ events: [event] }));
    reads = store.reads;
  });

  describe('graph', () => {
    const cart = [{ labels: equals('backstage.io/kubernetes-id', 'cart') }];
    const OWN = [
      'Container shop/cart-1-a/app',
      'Container shop/cart-1-b/app',
      'Deployment shop/cart',
      'Pod shop/cart-1-a',
      'Pod shop/cart-1-b',
      'ReplicaSet shop/cart-0',
      'ReplicaSet shop/cart-1',
    ];
    const AROUND = [
      'ConfigMap shop/extras',
      'Ingress shop/web',
      'NetworkPolicy shop/deny-all',
      'Node node-1',
      'PersistentVolume volume-1',
      'PersistentVolumeClaim shop/cart-data',
      'Secret shop/password',
      'Service shop/cart',
      'StorageClass fast',
    ];

    it('is the selected objects, what they own, what these depend on and what depends on them', async () => {
      const found = await reads.graph(cart);
      expect(found.own.map(shortName).sort()).toEqual(OWN);
      expect(named(found.nodes)).toEqual([...OWN, ...AROUND].sort());
      expect(found.hidden).toEqual([]);
      expect(found.edges).toContainEqual({
        source: key(POD, 'shop', 'cart-1-a'),
        target: key(SECRET, 'shop', 'password'),
        relation: expect.objectContaining({
          name: 'pod-secret',
          suffers: 'source',
          rules: expect.arrayContaining(['R023']),
        }),
        required: true,
        details: { keys: ['user', 'password'], via: ['env'] },
      });
      const drawn = new Set(found.nodes.map(node => node.key));
      for (const { source, target } of found.edges) {
        expect(drawn).toContain(source);
        expect(drawn).toContain(target);
      }
    });

    it('finds the controllers above pods that alone carry the label', async () => {
      const found = await reads.graph([{ labels: equals('pod', 'cart-1-a') }]);
      expect(found.own.map(shortName).sort()).toEqual([
        'Container shop/cart-1-a/app',
        'Pod shop/cart-1-a',
      ]);
      expect(named(found.nodes)).toEqual(
        expect.arrayContaining([
          'ReplicaSet shop/cart-1',
          'Deployment shop/cart',
        ]),
      );
    });

    it('unites several selections', async () => {
      const found = await reads.graph([
        { labels: equals('app', 'other') },
        { labels: equals('pod', 'cart-1-b') },
      ]);
      expect(found.own.map(shortName).sort()).toEqual([
        'Container shop/cart-1-b/app',
        'Pod shop/cart-1-b',
        'Pod shop/other',
      ]);
    });

    it.each([
      ['another namespace', { namespace: 'elsewhere' }],
      ['another cluster', { clusters: ['elsewhere'] }],
      ['no cluster', { clusters: [] }],
    ])('is empty in %s', async (_, place) => {
      const found = await reads.graph([{ ...cart[0], ...place }]);
      expect(found).toEqual({ nodes: [], edges: [], own: [], hidden: [] });
    });

    it.each<[string, LabelSelector, string[]]>([
      [
        'NotIn',
        [
          { key: 'app', operator: 'NotIn', values: ['cart'] },
          { key: 'app', operator: 'Exists', values: [] },
        ],
        ['Pod shop/other'],
      ],
      [
        'DoesNotExist',
        [
          { key: 'app', operator: 'In', values: ['cart', 'other'] },
          { key: 'pod', operator: 'DoesNotExist', values: [] },
          {
            key: 'backstage.io/kubernetes-id',
            operator: 'DoesNotExist',
            values: [],
          },
        ],
        ['Pod shop/other'],
      ],
      ['In nothing', [{ key: 'app', operator: 'In', values: [] }], []],
      ['a quoted key', equals('a"b', 'x'), []],
    ])('selects by %s', async (_, labels, own) => {
      const found = await reads.graph([{ labels }]);
      expect(found.own.map(shortName).sort()).toEqual(own);
    });

    it.each<[string, NodeFilter, string[]]>([
      [
        'a ReplicaSet in the middle of what is owned',
        without('ReplicaSet.apps'),
        ['Deployment shop/cart'],
      ],
      [
        'the claim before the volume and its class',
        without('PersistentVolumeClaim'),
        [
          ...OWN,
          ...AROUND.filter(
            each =>
              !/^(PersistentVolume|PersistentVolumeClaim|StorageClass) /.test(
                each,
              ),
          ),
        ],
      ],
      [
        'the service before the ingress',
        without('Service'),
        [...OWN, ...AROUND.filter(each => !/^(Service|Ingress) /.test(each))],
      ],
      ['everything', { anyOf: [] }, []],
    ])('never passes through what is hidden: %s', async (_, filter, shown) => {
      const found = await reads.graph(cart, { filter });
      expect(named(found.nodes)).toEqual([...shown].sort());
    });
  });

  it('draws at most so many, every problem among them, and says what it hides', async () => {
    const store = await TopologyStore.create({
      knex: await databases.init(id),
    });
    const made = new HandMade();
    const big = made.node(DEPLOYMENT, 'shop/big', { labels: { app: 'big' } });
    const set = made.node(REPLICA_SET, 'shop/big-1');
    made.edge(big, 'deployment-replicaset', set);
    for (let nth = 0; nth < 60; nth++) {
      const pod = made.node(POD, `shop/big-1-${nth}`, {
        level: nth % 20 === 7 ? 'down' : 'ok',
      });
      made.edge(set, 'replicaset-pod', pod);
    }
    await store.write(made.delta());
    const found = await store.reads.graph([{ labels: equals('app', 'big') }], {
      limit: 20,
    });
    expect(found.nodes).toHaveLength(20);
    expect(
      found.nodes.filter(node => node.verdict.level === 'down'),
    ).toHaveLength(3);
    expect(named(found.nodes)).toEqual(
      expect.arrayContaining(['Deployment shop/big', 'ReplicaSet shop/big-1']),
    );
    expect(found.hidden).toEqual([{ count: 42, what: 'healthy pods' }]);
    const fewer = await store.reads.graph([{ labels: equals('app', 'big') }], {
      limit: 1,
    });
    expect(fewer.nodes.map(node => node.verdict.level)).toEqual([
      'down',
      'down',
      'down',
    ]);
  });

  describe('neighbours', () => {
    it('are grouped by relation and direction, the worst first, and counted where they are cut', async () => {
      const found = await reads.neighbours(key(REPLICA_SET, 'shop', 'cart-1'), {
        limit: 1,
      });
      expect(
        found.neighbours.map(
          ({ relation, direction, required, node }) =>
            `${direction} ${relation.name} ${shortName(node.key)} ${required}`,
        ),
      ).toEqual([
        'out replicaset-pod Pod shop/cart-1-a true',
        'in deployment-replicaset Deployment shop/cart true',
      ]);
      expect(found.more).toEqual({ 'replicaset-pod/out': 1 });
    });

    it('are the same of many nodes at once as of each', async () => {
      const keys = [
        key(REPLICA_SET, 'shop', 'cart-1'),
        key(POD, 'shop', 'cart-1-a'),
        key(SECRET, 'shop', 'password'),
        key(POD, 'shop', 'absent'),
      ];
      for (const filter of [undefined, without('Pod'), without('Secret')]) {
        const options = { filter, limit: 1 };
        const many = await reads.neighboursOf(keys, options);
        for (const each of keys) {
          expect(many.get(each) ?? { neighbours: [], more: {} }).toEqual(
            await reads.neighbours(each, options),
          );
        }
        expect(many.has(key(POD, 'shop', 'absent'))).toBe(false);
      }
      expect((await reads.neighboursOf([])).size).toBe(0);
      expect((await reads.neighboursOf(keys)).size).toBe(3);
    });

    it.each<[string, NodeFilter | undefined, number]>([
      ['all', undefined, 9],
      ['not those that are hidden', without('Secret', 'Node'), 7],
      ['none of a hidden node', without('Pod'), 0],
    ])('are %s', async (_, filter, count) => {
      const pod = key(POD, 'shop', 'cart-1-a');
      const { neighbours } = await reads.neighbours(pod, { filter });
      expect(neighbours).toHaveLength(count);
    });
  });

  describe('dependentPods', () => {
    const BOTH = ['Pod shop/cart-1-a', 'Pod shop/cart-1-b'];
    it.each<[string, string, NodeFilter | undefined, string[]]>([
      ['of a secret', key(SECRET, 'shop', 'password'), undefined, BOTH],
      [
        'of a volume, through the claim',
        key(PERSISTENT_VOLUME, '', 'volume-1'),
        undefined,
        BOTH,
      ],
      [
        'of a storage class, of all its claims',
        key(STORAGE_CLASS, '', 'fast'),
        undefined,
        [...BOTH, 'Pod shop/other'],
      ],
      [
        'of a volume whose claim is hidden: none',
        key(PERSISTENT_VOLUME, '', 'volume-1'),
        without('PersistentVolumeClaim'),
        [],
      ],
      [
        'of a hidden secret: none',
        key(SECRET, 'shop', 'password'),
        without('Secret'),
        [],
      ],
      ['of a service: none', key(SERVICE, 'shop', 'cart'), undefined, []],
      ['of nothing', key(SECRET, 'shop', 'nothing'), undefined, []],
    ])('%s', async (_, of, filter, expected) => {
      const found = await reads.dependentPods(of, { filter });
      expect(named(found.pods)).toEqual(expected);
      expect(found.more).toBe(0);
    });

    it('are cut with a count, the worst first', async () => {
      const found = await reads.dependentPods(key(SECRET, 'shop', 'password'), {
        limit: 1,
      });
      expect(named(found.pods)).toEqual(['Pod shop/cart-1-a']);
      expect(found.more).toBe(1);
    });
  });

  it('reads nodes in the order of the keys, without what is absent or hidden', async () => {
    const keys = [
      key(POD, 'shop', 'other'),
      key(POD, 'shop', 'absent'),
      key(SECRET, 'shop', 'password'),
      key(DEPLOYMENT, 'shop', 'cart'),
    ];
    const found = await reads.nodes(keys, { filter: without('Secret') });
    expect(found.map(node => shortName(node.key))).toEqual([
      'Pod shop/other',
      'Deployment shop/cart',
    ]);
    expect(await reads.nodes([])).toEqual([]);
    await expect(reads.nodes(Array(5001).fill('x'))).rejects.toThrow(
      'at most 5000 at a time',
    );
  });

  it('reads all nodes page by page, each once', async () => {
    const seen: string[] = [];
    let after: number | undefined;
    do {
      const page = await reads.page({
        after,
        limit: 7,
        filter: without('Container'),
      });
      seen.push(...named(page.nodes));
      after = page.next;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(19 - 2);
    const pods = await reads.page({ limit: 10, kinds: [POD], levels: ['ok'] });
    expect(named(pods.nodes)).toEqual(['Pod shop/cart-1-b', 'Pod shop/other']);
    expect((await reads.page({ limit: 10, kinds: [] })).nodes).toEqual([]);
    expect((await reads.page({ limit: 10, levels: [] })).nodes).toEqual([]);
  });

  it('reads the events about an object', async () => {
    expect(await reads.events(key(POD, 'shop', 'cart-1-a'))).toEqual([
      shop().event,
    ]);
    expect(await reads.events(key(POD, 'shop', 'other'))).toEqual([]);
  });

  it.each<[string, NodeFilter | undefined, number]>([
    ['no filter', undefined, 3],
    ['a namespace', { key: 'namespace', values: ['shop'] }, 3],
    ['another namespace', { key: 'namespace', values: ['x', 'y'] }, 0],
    ['no value', { key: 'namespace', values: [] }, 0],
    ['not no value', { not: { key: 'namespace', values: [] } }, 3],
    ['a cluster', { key: 'cluster', values: ['demo'] }, 3],
    ['an unknown cluster', { key: 'cluster', values: ['demo2'] }, 0],
    ['not an unknown cluster', { not: { key: 'cluster', values: ['z'] } }, 3],
    ['a kind', { key: 'kind', values: ['Pod'] }, 3],
    ['a kind with its group', { key: 'kind', values: ['Deployment.apps'] }, 0],
    ['a key', { key: 'key', values: ['demo/Pod/shop/other'] }, 1],
    ['any of none', { anyOf: [] }, 0],
    ['all of none', { allOf: [] }, 3],
    ['not any of none', { not: { anyOf: [] } }, 3],
    [
      'any of two',
      {
        anyOf: [
          { key: 'key', values: ['demo/Pod/shop/other'] },
          { key: 'key', values: ["x' OR '1'='1"] },
        ],
      },
      1,
    ],
    [
      'all of two',
      {
        allOf: [
          { key: 'namespace', values: ['shop'] },
          { not: { key: 'key', values: ['demo/Pod/shop/other'] } },
        ],
      },
      2,
    ],
  ])('shows pods by %s', async (_, filter, count) => {
    const { nodes } = await reads.page({ limit: 10, kinds: [POD], filter });
    expect(nodes).toHaveLength(count);
  });
});
