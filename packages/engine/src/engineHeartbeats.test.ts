import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ClusterSimulator,
  KubernetesObject,
} from '@kubernetes-topology/cluster-simulator';
import { Knex } from 'knex';
import { eventually } from './cluster/__testUtils__/eventually';
import { quickTuning, silentLogger } from './cluster/__testUtils__/quickTuning';
import { storedState } from './cluster/__testUtils__/storedState';
import { TopologyEngine } from './engine';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const probe = { every: 200, everyWhileAway: 200, timeout: 5_000 };
const NAMES = ['node-a', 'node-b', 'node-c'];

function node(name: string, heardAt: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `uid-${name}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    status: {
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          lastTransitionTime: '2026-01-01T00:00:00Z',
          lastHeartbeatTime: heardAt,
        },
      ],
    },
  };
}

function lease(name: string, renewTime: string): KubernetesObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: 'kube-node-lease',
      uid: `uid-lease-${name}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime },
  };
}

describe.each(databases.eachSupportedId())('heartbeats, %s', database => {
  it('are read, and write no row and no version', async () => {
    const simulator = await ClusterSimulator.start();
    const beat = (at: number) => {
      const time = new Date(at).toISOString();
      NAMES.forEach(name =>
        simulator.load([node(name, time), lease(name, time)]),
      );
    };
    beat(Date.now());
    const knex: Knex = await databases.init(database);
    const engine = await TopologyEngine.create({
      knex,
      clusters: [
        {
          name: 'demo',
          connection: { url: simulator.url },
          headers: async () => ({}),
        },
      ],
      logger: silentLogger,
      workers: false,
      reading: { ...quickTuning, probe },
    });
    engine.start();
    const leases = () =>
      knex('nodes')
        .where('key', 'like', 'demo/Lease%')
        .orderBy('id')
        .select('id', 'hash', 'level', 'verdict', 'updated_at');
    const versions = async () =>
      Number((await knex('node_versions').count({ count: '*' }))[0].count);
    await eventually(async () => {
      expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]);
      expect(await leases()).toHaveLength(3);
    }, 60_000);
    const [before, closed] = [await leases(), await versions()];
    for (let round = 1; round <= 30; round++) {
      beat(Date.now() + round * 1000);
      await new Promise(done => setTimeout(done, 10));
    }
    // What comes after them in the same watch is there: so they were read.
    simulator.load([lease('node-d', new Date().toISOString())]);
    await eventually(
      async () => expect(await leases()).toHaveLength(4),
      60_000,
    );
    expect((await leases()).slice(0, 3)).toEqual(before);
    expect(await versions()).toBe(closed);
    const { nodes } = await storedState(knex, 'demo');
    expect(JSON.stringify(nodes)).not.toContain('renewTime');
    await engine.stop();
    await simulator.stop();
  }, 120_000);
});
