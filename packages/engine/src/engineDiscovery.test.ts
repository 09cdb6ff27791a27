import { TestDatabases } from '@backstage/backend-test-utils';
import { ClusterSimulator } from '@kubernetes-topology/cluster-simulator';
import { Knex } from 'knex';
import { eventually } from './cluster/__testUtils__/eventually';
import { quickTuning, silentLogger } from './cluster/__testUtils__/quickTuning';
import {
  customResourceDefinition,
  stored,
} from './cluster/__testUtils__/watcherBench';
import { ClusterScope } from './cluster/clusterScope';
import { TopologyEngine, TopologyEngineOptions } from './engine';
import { kindText } from './kinds/identity';
import { progressText } from './syncProgress';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const probe = { every: 200, everyWhileAway: 200, timeout: 5_000 };

const pod = (namespace: string, name: string, secret: string) =>
  stored('v1', 'Pod', namespace, name, {
    spec: {
      containers: [{ name: 'app', image: 'app' }],
      volumes: [{ name: 'secret', secret: { secretName: secret } }],
    },
    status: { phase: 'Running' },
  });

const gadget = (name: string, owner?: object) => {
  const object = stored('example.com/v1', 'Gadget', 'shop', name) as any;
  object.metadata.ownerReferences = owner && [owner];
  return object;
};

describe.each(databases.eachSupportedId())(
  'an engine and what clusters serve, %s',
  database => {
    let simulator: ClusterSimulator;
    let knex: Knex;
    let engine: TopologyEngine;

    const source = (scope?: ClusterScope) => ({
      name: 'demo',
      connection: { url: simulator.url },
      scope,
      headers: async () => ({}),
    });

    async function start(
      objects: object[],
      options: { scope?: ClusterScope } & Partial<TopologyEngineOptions> = {},
      before: (of: ClusterSimulator) => void = () => {},
    ) {
      const { scope, ...rest } = options;
      simulator = await ClusterSimulator.start({ objects: objects as any });
      before(simulator);
      knex = await databases.init(database);
      engine = await TopologyEngine.create({
        knex,
        clusters: [source(scope)],
        logger: silentLogger,
        workers: false,
        reading: { ...quickTuning, pageSize: 10, probe },
        ...rest,
      });
      engine.start();
    }

    const isReady = () =>
      eventually(async () =>
        expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]),
      );

    const level = async (key: string) => {
      const node = await engine.node(key);
      return node ? `${node.verdict.level} ${node.verdict.reason}` : '-';
    };

    const stateOf = async (kind: string) => {
      const [{ kinds }] = await engine.clusters();
      return kinds.find(each => kindText(each.kind) === kind);
    };

    afterEach(async () => {
      await engine.stop();
      await simulator.stop();
    });

    it.each([false, true])(
      'shows a new kind, and lets go of one that is served no more; in a worker: %s',
      async workers => {
        await start([], {
          workers,
          reading: {
            ...quickTuning,
            probe,
            discovery: { every: 60_000, afterChange: [50] },
          },
        });
        await isReady();
        const definition = customResourceDefinition('Gadget');
        const owner = gadget('one');
        simulator.load([
          definition,
          owner,
          gadget('two', {
            apiVersion: 'example.com/v1',
            kind: 'Gadget',
            name: 'one',
            uid: owner.metadata.uid,
          }),
        ]);
        await eventually(async () => {
          const { value } = await engine.query("G.V().Has('Type','gadget')");
          expect(value).toHaveLength(2);
          expect(await stateOf('Gadget.example.com')).toMatchObject({
            state: 'listed',
            objects: 2,
          });
        }, 20_000);
        const { value: owned } = await engine.query(
          "G.V().Has('Type','gadget','Name','one').Out().Has('Type','gadget')",
        );
        expect(owned).toMatchObject([{ Metadata: { Name: 'two' } }]);
        simulator.delete(
          'CustomResourceDefinition',
          '',
          definition.metadata.name,
        );
        await eventually(async () => {
          const { value } = await engine.query("G.V().Has('Type','gadget')");
          expect(value).toEqual([]);
          expect(await stateOf('Gadget.example.com')).toMatchObject({
            state: 'absent',
          });
        }, 20_000);
        expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]);
      },
    );

    it('tells while it reads how far it is', async () => {
      const objects = Array.from({ length: 30 }, (_, nth) =>
        stored('v1', 'ConfigMap', 'shop', `c${nth}`),
      );
      await start(objects, {}, ({ faults }) =>
        // The last page of the configuration never comes.
        faults.add(
          { kind: 'delay', milliseconds: 1_500 },
          {
            path: /configmaps/,
          },
        ),
      );
      const seen = new Set<string>();
      await eventually(async () => {
        const [cluster] = await engine.clusters();
        if (cluster?.progress) {
          seen.add(progressText(cluster.progress));
        }
        expect(cluster).toMatchObject({ state: 'ready' });
        expect(cluster.progress).toBeUndefined();
      }, 30_000);
      const numbers = [...seen].map(text =>
        /^(\d+) of (\d+) kinds, (\d+) %$/.exec(text)!.slice(1).map(Number),
      );
      const kinds = numbers[numbers.length - 1][1];
      expect(kinds).toBeGreaterThan(20);
      expect(numbers).toContainEqual([kinds - 1, kinds, expect.any(Number)]);
      expect(numbers.every(([read, all]) => read <= all)).toBe(true);
    });

    it('says missing inside its scope and unknown outside', async () => {
      await start([pod('red', 'p', 'gone'), pod('blue', 'p', 'gone')], {
        scope: { namespaces: ['red'] },
      });
      await isReady();
      expect(await level('demo/Pod/red/p')).not.toBe('-');
      expect(await level('demo/Pod/blue/p')).toBe('-');
      expect(await level('demo/Secret/red/gone')).toBe('missing NotFound');
      await engine.setClusters([source({ kinds: { exclude: ['Secret'] } })]);
      await eventually(async () => {
        expect(await level('demo/Pod/blue/p')).not.toBe('-');
        expect(await level('demo/Secret/red/gone')).toBe('unknown NotWatched');
        expect(await stateOf('Secret')).toBeUndefined();
      }, 20_000);
    });
  },
);
