import { resolve } from 'node:path';
import {
  ClusterSimulator,
  readObjectsFromFile,
} from '@kubernetes-topology/cluster-simulator';
import { eventually } from './cluster/__testUtils__/eventually';
import { quickTuning, silentLogger } from './cluster/__testUtils__/quickTuning';
import { systemClock } from './cluster/clock';
import { ClusterConnection } from './cluster/connection';
import { Logger } from './cluster/logger';
import { IngestOptions } from './engineIngest';
import { createWorker, WorkerIngest } from './engineWorker';
import { defaultWriteTuning } from './engineWriter';
import { NODE_TEXTS, PackedDelta } from './graph/packedDelta';
import { NodeIds } from './store/nodeIds';

const state = resolve(
  __dirname,
  '../../../test/fixtures/clusters/cascade-db-crash.json',
);

/** What the store would have: nodes by key. */
class Written {
  readonly batches: PackedDelta[] = [];
  readonly nodes = new Map<string, string>();
  state = '';

  readonly write = async (delta: PackedDelta): Promise<void> => {
    this.batches.push(delta);
    this.state = delta.clusterState?.state ?? this.state;
    const { nodeTexts } = delta;
    for (let at = 0; at < nodeTexts.length; at += NODE_TEXTS.length) {
      const text = (name: (typeof NODE_TEXTS)[number]) =>
        nodeTexts[at + NODE_TEXTS.indexOf(name)]!;
      this.nodes.set(text('key'), text('properties'));
    }
  };
}

describe('createWorker', () => {
  let simulator: ClusterSimulator;
  let stop: AbortController;
  let written: Written;
  let warnings: string[];

  beforeEach(async () => {
    simulator = await ClusterSimulator.start({
      objects: await readObjectsFromFile(state),
      tokens: { good: { user: 'reader' } },
    });
    stop = new AbortController();
    written = new Written();
    warnings = [];
  });

  afterEach(async () => {
    stop.abort();
    await simulator.stop();
  });

  function create(
    options: Partial<IngestOptions> = {},
    source: Partial<{
      connection: ClusterConnection;
      headers: () => Promise<Record<string, string>>;
    }> = {},
  ): Promise<WorkerIngest | undefined> {
    let next = 1;
    const logger: Logger = {
      ...silentLogger,
      warn: message => warnings.push(message),
    };
    return createWorker(
      {
        cluster: 'demo',
        loadStored: async () => undefined,
        takeIds: async size => ({ next, end: (next += size) }),
        write: written.write,
        clock: systemClock,
        tuning: defaultWriteTuning,
        ...options,
      },
      {
        source: {
          name: 'demo',
          connection: { url: simulator.url },
          headers: async () => ({ authorization: 'Bearer good' }),
          ...source,
        },
        logger,
        reading: { ...quickTuning, pageSize: 50 },
      },
    );
  }

  const isReady = () =>
    eventually(() => expect(written.state).toBe('ready'), 30_000);

  it('reads a cluster, follows it and stops', async () => {
    const running = (await create())!.run(stop.signal);
    await isReady();
    for (const { metadata } of simulator.list('Pod')) {
      const key = `demo/Pod/${metadata.namespace}/${metadata.name}`;
      expect([...written.nodes.keys()]).toContain(key);
    }
    const pod = structuredClone(simulator.list('Pod')[0]) as any;
    pod.metadata.name = 'another';
    delete pod.metadata.uid;
    simulator.load([pod]);
    const key = `demo/Pod/${pod.metadata.namespace}/another`;
    await eventually(() => expect([...written.nodes.keys()]).toContain(key));
    stop.abort();
    await running;
    expect(warnings).toEqual([]);
  }, 60_000);

  it('hands the next batch over when the former one is written', async () => {
    let open = () => {};
    const gate = new Promise<void>(done => (open = done));
    const ingest = await create({
      async write(delta) {
        await written.write(delta);
        await gate;
      },
    });
    const running = ingest!.run(stop.signal);
    await eventually(() => expect(written.batches).toHaveLength(1));
    await new Promise(done => setTimeout(done, 300));
    expect(written.batches).toHaveLength(1);
    open();
    await isReady();
    stop.abort();
    await running;
  }, 60_000);

  it('rejects when a batch cannot be written', async () => {
    const ingest = await create({
      async write() {
        throw new Error('no room');
      },
    });
    await expect(ingest!.run(stop.signal)).rejects.toThrow('no room');
  }, 60_000);

  it('asks for credentials in the main thread', async () => {
    let asked = 0;
    const headers = async () => {
      asked++;
      if (asked < 3) {
        throw new Error('the token service sleeps');
      }
      return { authorization: 'Bearer good' };
    };
    const running = (await create({}, { headers }))!.run(stop.signal);
    await isReady();
    expect(asked).toBeGreaterThan(3);
    stop.abort();
    await running;
  }, 60_000);

  it('says so when no worker can start', async () => {
    // What a worker starts with is copied, and a function cannot be.
    const connection = { url: 'http://127.0.0.1:1', agent: () => {} };
    expect(await create({}, { connection })).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringMatching(/Cluster demo is read in the main thread/),
    ]);
  });
});

describe('NodeIds', () => {
  it('asks for a block when too few are left, and for no fewer than are needed', async () => {
    const asked: number[] = [];
    let next = 1;
    const ids = new NodeIds(async size => {
      asked.push(size);
      return { next, end: (next += size) };
    });
    await ids.reserve(1);
    await ids.reserve(4096);
    ids.allocate();
    await ids.reserve(9000);
    expect(asked).toEqual([4096, 4905]);
  });
});
