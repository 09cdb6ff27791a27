import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { GremlinNode } from './result';
import { runGremlin } from './runGremlin';
import {
  DEMO_DICTIONARY,
  DEMO_KINDS,
  DEMO_LANDSCAPE,
} from './__testUtils__/demoLandscape';
import { fixtureType } from './__testUtils__/fixtureGraph';
import { testStore } from './__testUtils__/testStore';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

/** Queries of Skydive's users, word for word, and the names that they find. */
const QUERIES: [query: string, names: string[]][] = [
  [
    'G.V().Has("K8s.Labels.app", "hello-node")',
    ['hello-node', 'hello-node-5b7', 'hello-node-5b7-x1'],
  ],
  [
    'G.V().Has("Type", "deployment")',
    ['hello-node', 'one-deployment', 'wordpress-mysql'],
  ],
  [
    'G.V().Has("Name", Regex("task-pv-*"))',
    ['task-pv-claim', 'task-pv-pod', 'task-pv-volume'],
  ],
  [
    'G.V().Has("Type", "secret", "Name", "mysql-pass").In()',
    ['default', 'wordpress-1', 'wordpress-mysql', 'wordpress-mysql-1'],
  ],
  // The claim of that name is found too, and mysql uses both: no deduplication, as in Skydive.
  [
    `G.V().Has('Name', 'mysql-pass').In().Has('Type', 'pod')`,
    ['wordpress-1', 'wordpress-mysql-1', 'wordpress-mysql-1'],
  ],
];

/** `skydive.md` 6.2: as filter, as highlight. */
const FAVOURITES: Record<string, [filter: string, highlight: string]> = {
  compute: ['cluster, container, namespace, node, pod', 'container, pod'],
  deployment: [
    'cluster, deployment, job, namespace, node, pod, replicaset, replicationcontroller, statefulset',
    'deployment, job, replicaset, replicationcontroller, statefulset',
  ],
  network: [
    'cluster, container, namespace, networkpolicy, pod',
    'networkpolicy, pod',
  ],
  service: [
    'cluster, container, endpoints, ingress, namespace, networkpolicy, pod, service',
    'endpoints, ingress, service',
  ],
  storage: [
    'cluster, container, namespace, persistentvolume, persistentvolumeclaim, pod, storageclass',
    'container, persistentvolume, persistentvolumeclaim, pod, storageclass',
  ],
  config: [
    'cluster, configmap, container, namespace, pod, secret',
    'configmap, secret',
  ],
  'istio network': [
    'cluster, container, namespace, pod, virtualservice, gateway',
    'pod, virtualservice, gateway',
  ],
};

async function typesAndNames(knex: Knex, text: string) {
  const { value, cut } = await runGremlin({ knex, text });
  expect(cut).toBeUndefined();
  return (value as GremlinNode[]).map(({ Metadata }) => ({
    type: Metadata.Type as string,
    name: Metadata.Name as string,
  }));
}

describe.each(databases.eachSupportedId())('on %s', id => {
  let knex: Knex;

  beforeAll(async () => {
    knex = await testStore(databases, id, DEMO_DICTIONARY, DEMO_LANDSCAPE);
  });

  it('answers the queries of the issue', async () => {
    for (const [query, names] of QUERIES) {
      const found = (await typesAndNames(knex, query)).map(each => each.name);
      expect({ query, names: found.sort() }).toEqual({ query, names });
    }
  });

  it('answers the favourites', async () => {
    const everything = DEMO_KINDS.map(fixtureType).sort();
    const kindsIn = async (text: string) => [
      ...new Set((await typesAndNames(knex, text)).map(each => each.type)),
    ];
    for (const types of Object.values(FAVOURITES).flat()) {
      const quoted = types
        .split(', ')
        .map(type => `'${type}'`)
        .join(', ');
      const query = `G.V().Has('Manager', Within('k8s', 'istio')).Has('Type', Within(${quoted}))`;
      expect({ query, types: (await kindsIn(query)).sort() }).toEqual({
        query,
        types: types
          .split(', ')
          .filter(type => everything.includes(type))
          .sort(),
      });
    }
    expect(
      (await kindsIn(`G.V().Has('Manager', Within('k8s', 'istio'))`)).sort(),
    ).toEqual(everything);
    // All nodes here are Kubernetes'.
    expect(
      await kindsIn(`G.V().Has('Manager', Without('k8s', 'istio'))`),
    ).toEqual([]);
    expect(await kindsIn(`G.V().Has("Manager", Without("k8s"))`)).toEqual([]);
    expect((await kindsIn(`G.V().Has("Manager","k8s")`)).sort()).toEqual(
      everything,
    );
    expect(await kindsIn(`g.V().Has('Type', 'netns').OutE().BothV()`)).toEqual(
      [],
    );
    expect(
      (await runGremlin({ knex, text: `g.E().Has('RelationType', 'layer2')` }))
        .value,
    ).toEqual([]);
  });
});
