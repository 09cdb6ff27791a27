import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import { InMemoryTopology } from '../__testUtils__/inMemoryTopology';
import { storedNode } from '../__testUtils__/storedNode';
import { EngineTally } from './engineTally';
import { measuredTopology } from './measuredTopology';
import { reportMetrics } from './topologyMetrics';

type Observed = [value: number, labels?: object];

/** A metrics service that is read by hand. */
function start(databaseBytes: () => Promise<number> = async () => 4_096) {
  const callbacks = new Map<string, Set<Function>>();
  const recorded: Record<string, Observed[]> = {};
  const observable = (name: string) => {
    const set = new Set<Function>();
    callbacks.set(name, set);
    return {
      addCallback: (callback: Function) => void set.add(callback),
      removeCallback: (callback: Function) => void set.delete(callback),
    };
  };
  const service = metricsServiceMock.mock({
    createObservableGauge: observable as any,
    createObservableCounter: observable as any,
    createHistogram: ((name: string) => {
      recorded[name] = [];
      return {
        record: (...args: Observed) => void recorded[name].push(args),
      };
    }) as any,
  });
  const tally = new EngineTally();
  const clock = { now: 1_000_000 };
  const metrics = reportMetrics(service, {
    tally,
    engine: { databaseBytes },
    now: () => clock.now,
  });
  return {
    tally,
    metrics,
    recorded,
    clock,
    async observed() {
      const all: Record<string, Observed[]> = {};
      for (const [name, set] of callbacks) {
        for (const callback of set) {
          all[name] = [];
          await callback({
            observe: (...args: Observed) => void all[name].push(args),
          });
        }
      }
      return all;
    },
  };
}

const written = {
  cluster: 'demo',
  revision: 7,
  kinds: [{ group: '', kind: 'Pod' }],
  kindStates: [
    {
      state: 'listed' as const,
      kind: { group: '', kind: 'Pod' },
      resourceVersion: '1',
      objects: 5,
    },
    {
      state: 'forbidden' as const,
      kind: { group: 'batch', kind: 'Job' },
      message: 'jobs is forbidden',
    },
  ],
  nodes: { written: 6, removed: 0 },
  edges: { written: 3, removed: 0 },
  took: 20,
  lag: 1_500,
  graph: { nodes: 6, edges: 3, queued: 0, since: 0 },
};

describe('metrics', () => {
  it('tell what this replica holds and did', async () => {
    const { tally, observed, recorded } = start();
    tally.followed('demo');
    tally.wrote(written);
    const demo = { cluster: 'demo' };
    const pod = { cluster: 'demo', kind: 'Pod' };
    const job = { cluster: 'demo', kind: 'Job.batch' };
    expect(await observed()).toEqual({
      'kubernetes_topology.objects': [
        [5, pod],
        [0, job],
      ],
      'kubernetes_topology.nodes': [[6, demo]],
      'kubernetes_topology.edges': [[3, demo]],
      'kubernetes_topology.queue': [[0, demo]],
      'kubernetes_topology.lease.held': [[1, demo]],
      'kubernetes_topology.revisions': [[1, demo]],
      'kubernetes_topology.relists': [
        [0, pod],
        [0, job],
      ],
      'kubernetes_topology.list.failures': [
        [0, pod],
        [1, job],
      ],
      'kubernetes_topology.store.bytes': [[4_096]],
    });
    expect(recorded).toMatchObject({
      'kubernetes_topology.lag': [[1.5, demo]],
      'kubernetes_topology.write.duration': [[0.02, demo]],
    });
    tally.unfollowed('demo');
    expect(await observed()).toMatchObject({
      'kubernetes_topology.lease.held': [[0, demo]],
      'kubernetes_topology.edges': [[0, demo]],
    });
  });

  it('tell how long queries and reads took, also those that failed', async () => {
    const { metrics, recorded } = start();
    const topology = measuredTopology(
      new InMemoryTopology([storedNode('demo/Pod/shop/cart-1')]),
      metrics.asked,
    );
    const answer = await topology.query('G.V()');
    expect(answer.value).toHaveLength(1);
    await expect(topology.query('bad')).rejects.toThrow('not a step');
    expect(await topology.node('demo/Pod/shop/cart-1')).toBeDefined();
    expect(recorded['kubernetes_topology.query.duration']).toEqual([
      [expect.any(Number)],
      [expect.any(Number)],
    ]);
    expect(recorded['kubernetes_topology.read.duration']).toHaveLength(1);
  });

  it('ask for the size of the database once a minute, and do without it', async () => {
    let asked = 0;
    const { observed, clock } = start(async () => {
      asked++;
      if (asked === 2) {
        throw new Error('away');
      }
      return 8_192;
    });
    const size = async () =>
      (await observed())['kubernetes_topology.store.bytes'];
    expect(await size()).toEqual([[8_192]]);
    expect(await size()).toEqual([[8_192]]);
    expect(asked).toBe(1);
    clock.now += 60_000;
    expect(await size()).toEqual([]);
    clock.now += 60_000;
    expect(await size()).toEqual([[8_192]]);
  });

  it('end with the plugin', async () => {
    const { metrics, observed } = start();
    metrics.stop();
    expect(await observed()).toEqual({});
  });
});
