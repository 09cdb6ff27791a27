import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { explain } from './analysis';
import { told } from './analysis/__testUtils__/causalGraphBuilder';
import { SqlCausalReader } from './analysis/sqlCausalReader';
import { ClusterGraph, newNodesAtMost } from './graph/clusterGraph';
import { runGremlin } from './gremlin';
import { kindText, NodeKey } from './kinds/identity';
import { KindCatalog } from './kinds/kindCatalog';
import { KindDefinition, KubernetesObject } from './kinds/kindDefinition';
import { parseGroup } from './kinds/metadata';
import { loadShippedRules, NamedRules } from './kinds/rules/loadRules';
import { parseRules } from './kinds/rules/parseRules';
import { TopologyStore } from './store/topologyStore';

jest.setTimeout(60_000);

const NOW = Date.parse('2026-01-02T00:00:00Z');
const CREATED = '2026-01-01T00:00:00Z';

/** A kind that only the users' rules and one that nobody knows, with references to the same database. */
const USERS_RULES: NamedRules = {
  where: 'app-config.yaml',
  rules: parseRules(
    {
      kinds: [
        {
          kind: 'Gadget.example.com',
          references: [
            {
              path: 'spec.databaseRef.name',
              to: 'Postgres.example.com',
              class: 'storage',
            },
          ],
        },
      ],
    },
    'app-config.yaml',
  ),
};

function object(
  apiVersion: string,
  kind: string,
  name: string,
  rest: KubernetesObject = {},
): KubernetesObject {
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(kind === 'Namespace' ? {} : { namespace: 'shop' }),
      uid: `${kind}-${name}`,
      generation: 1,
      creationTimestamp: CREATED,
      ...rest.metadata,
    },
    spec: rest.spec,
    status: rest.status,
  };
}

function notReady(reason: string, message: string): KubernetesObject {
  return {
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason,
        message,
        lastTransitionTime: '2026-01-01T12:00:00Z',
      },
    ],
  };
}

const OBJECTS: readonly KubernetesObject[] = [
  object('v1', 'Namespace', 'shop', { status: { phase: 'Active' } }),
  object('v1', 'Pod', 'cart-1', {
    spec: {
      nodeName: 'n',
      containers: [
        {
          name: 'cart',
          image: 'cart:1',
          envFrom: [{ secretRef: { name: 'db' } }],
        },
      ],
    },
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'True' }],
      containerStatuses: [
        {
          name: 'cart',
          ready: false,
          restartCount: 0,
          state: {
            waiting: {
              reason: 'CreateContainerConfigError',
              message: 'secret "db" not found',
            },
          },
        },
      ],
    },
  }),
  object('external-secrets.io/v1', 'ExternalSecret', 'db', {
    spec: { secretStoreRef: { name: 'vault' } },
    status: notReady(
      'SecretSyncedError',
      'could not get provider client of SecretStore "vault"',
    ),
  }),
  object('external-secrets.io/v1', 'SecretStore', 'vault', {
    spec: {},
    status: notReady('InvalidProviderConfig', 'permission denied'),
  }),
  object('example.com/v1', 'Postgres', 'db', {
    status: notReady('NoPrimary', 'no primary was elected'),
  }),
  object('example.com/v1', 'Gadget', 'declared', {
    spec: { databaseRef: { name: 'db' } },
    status: notReady('Broken', 'cannot start'),
  }),
  object('example.com/v1', 'Widget', 'guessed', {
    spec: { databaseRef: { kind: 'Postgres', name: 'db' } },
    status: notReady('Broken', 'cannot start'),
  }),
  object('example.com/v1', 'Widget', 'guessed-and-named', {
    spec: { databaseRef: { kind: 'Postgres', name: 'db' } },
    status: notReady('Broken', 'no connection to db'),
  }),
];

describe('relations and kinds that rules bring', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

  async function written(knex: Knex): Promise<TopologyStore> {
    const catalog = KindCatalog.create({
      rules: [...(await loadShippedRules()), USERS_RULES],
    });
    const { relations } = catalog;
    const store = await TopologyStore.create({ knex, relations });
    const byKind = new Map<KindDefinition, KubernetesObject[]>();
    const kinds = [...OBJECTS, { apiVersion: 'v1', kind: 'Secret' }];
    for (const each of kinds as KubernetesObject[]) {
      const id = { group: parseGroup(each.apiVersion), kind: each.kind };
      const definition = catalog.definitionFor({
        id,
        version: each.apiVersion.split('/').pop(),
        plural: `${each.kind.toLowerCase()}s`,
        namespaced: each.kind !== 'Namespace',
      })!;
      const known = [...byKind.keys()].find(
        ({ id: other }) => kindText(other) === kindText(id),
      );
      const objects = byKind.get(known ?? definition) ?? [];
      byKind.set(known ?? definition, [
        ...objects,
        ...(each.metadata ? [each] : []),
      ]);
    }
    const graph = ClusterGraph.create({
      cluster: 'lab',
      kinds: [...byKind.keys()],
      relations,
      ownerRelation: (owner, owned) => catalog.ownerRelation(owner, owned),
      allocateId: store.nodeIds.allocate,
    });
    for (const [definition, objects] of byKind) {
      const kind = definition.id;
      const observed = objects.map(each =>
        definition.observe(each, { cluster: 'lab', now: NOW }),
      );
      for (const update of [
        { type: 'listing', kind },
        { type: 'page', kind, observed },
        { type: 'listed', kind, resourceVersion: '1' },
      ] as const) {
        await store.nodeIds.reserve(newNodesAtMost(update));
        await store.write(graph.apply(update, NOW));
      }
    }
    return store;
  }

  async function explained(knex: Knex, key: string): Promise<string[]> {
    const reader = SqlCausalReader.create(knex);
    return told((await explain(reader, key as NodeKey, { now: NOW }))!);
  }

  describe.each(databases.eachSupportedId())('%s', databaseId => {
    let knex: Knex;
    let store: TopologyStore;
    beforeAll(async () => {
      knex = await databases.init(databaseId);
      store = await written(knex);
    });

    it('stand in the table of relations', async () => {
      const rows = await knex('relations')
        .select('name', 'relation_type', 'class', 'suffers', 'inferred')
        .whereIn('name', [
          'externalsecret-store',
          'gadget-postgres',
          'object-reference',
        ])
        .orderBy('name');
      expect(rows).toEqual([
        {
          name: 'externalsecret-store',
          relation_type: 'externalsecret',
          class: 'config',
          suffers: 'source',
          inferred: 0,
        },
        {
          name: 'gadget-postgres',
          relation_type: 'gadget',
          class: 'storage',
          suffers: 'source',
          inferred: 0,
        },
        {
          name: 'object-reference',
          relation_type: 'reference',
          class: 'config',
          suffers: 'source',
          inferred: 1,
        },
      ]);
    });

    it.each<[string, string[]]>([
      ["G.V().Has('Type','gadget').Out().Values('Name')", ['db']],
      [
        "G.E().Has('RelationType','externalsecret').OutV().Values('Name')",
        ['db', 'vault'],
      ],
      [
        "G.E().Has('Inferred', true).Values('RelationType')",
        ['reference', 'reference'],
      ],
      [
        "G.V().Has('Type','widget').Values('Name')",
        ['guessed', 'guessed-and-named'],
      ],
      [
        "G.V().Has('Name','shop').Out().Has('Type','secretstore').Values('Name')",
        ['vault'],
      ],
    ])('are found by %s', async (text, expected) => {
      const { value } = await runGremlin({ knex, text });
      expect([...(value as string[])].sort()).toEqual(expected);
    });

    it('are read as neighbours', async () => {
      const neighbours = await store.reads.neighbours(
        'lab/Gadget.example.com/shop/declared' as NodeKey,
        {},
      );
      expect(JSON.stringify(neighbours)).toContain(
        'lab/Postgres.example.com/shop/db',
      );
    });

    it('lead from a pod over the Secret that it lacks to the store that does not give it', async () => {
      expect(await explained(knex, 'lab/Pod/shop/cart-1')).toEqual([
        'SecretStore/vault InvalidProviderConfig likely: SecretStore/vault > ExternalSecret/db > Secret/db > Pod/cart-1',
      ]);
    });

    it('explain what declares that it needs something broken', async () => {
      expect(
        await explained(knex, 'lab/Gadget.example.com/shop/declared'),
      ).toEqual([
        'Postgres/db NoPrimary likely: Postgres/db > Gadget/declared',
      ]);
    });

    it('make a guess likely where the message names its object', async () => {
      expect(
        await explained(knex, 'lab/Widget.example.com/shop/guessed-and-named'),
      ).toEqual([
        'Postgres/db NoPrimary likely: Postgres/db > Widget/guessed-and-named',
      ]);
    });

    it('never make a cause of a guess alone', async () => {
      expect(
        await explained(knex, 'lab/Widget.example.com/shop/guessed'),
      ).toEqual(['Widget/guessed Broken likely: Widget/guessed']);
    });
  });
});
