import { resolve } from 'node:path';
import {
  ClusterSimulator,
  readObjectsFromFile,
} from '@kubernetes-topology/cluster-simulator';
import { KIND_DEFINITIONS } from '../kinds';
import { kindText } from '../kinds/identity';
import { KindUpdate } from '../kinds/update';
import { systemClock } from './clock';
import { eventually } from './__testUtils__/eventually';
import { quickTuning, silentLogger } from './__testUtils__/quickTuning';
import { Replica } from './__testUtils__/replica';
import { WorkerReader } from './workerReader';

const state = resolve(
  __dirname,
  '../../../../test/fixtures/clusters/cascade-db-crash.json',
);

describe('WorkerReader', () => {
  let simulator: ClusterSimulator;
  let stop: AbortController;

  beforeEach(async () => {
    simulator = await ClusterSimulator.start({
      objects: await readObjectsFromFile(state),
      tokens: { good: { user: 'reader' } },
    });
    stop = new AbortController();
  });

  afterEach(async () => {
    stop.abort();
    await simulator.stop();
  });

  async function start(
    sink: (update: KindUpdate) => Promise<void>,
    headers = async () => ({ authorization: 'Bearer good' }),
  ) {
    const reader = await WorkerReader.create({
      source: { name: 'demo', connection: { url: simulator.url }, headers },
      kinds: KIND_DEFINITIONS,
      sink,
      onHealth: () => {},
      logger: silentLogger,
      clock: systemClock,
      tuning: { ...quickTuning, pageSize: 50 },
    });
    return reader.run(stop.signal);
  }

  const served = () =>
    KIND_DEFINITIONS.flatMap(({ id }) => simulator.list(kindText(id))).length;

  it('reads a cluster, follows it and stops', async () => {
    const replica = new Replica();
    const running = start(replica.sink);
    await eventually(() => expect(replica.objects.size).toBe(served()), 20_000);
    const [pod] = simulator.list('Pod');
    simulator.load([pod]);
    const { resourceVersion, name, uid } = simulator
      .list('Pod')
      .find(each => each.metadata.uid === pod.metadata.uid)!.metadata;
    await eventually(() =>
      expect(replica.state('Pod')[name]).toBe(`${uid}@${resourceVersion}`),
    );
    stop.abort();
    await running;
  }, 60_000);

  it('waits until an update is taken', async () => {
    let open = () => {};
    const gate = new Promise<void>(done => (open = done));
    const replica = new Replica();
    const running = start(async update => {
      await replica.sink(update);
      await gate;
    });
    await eventually(
      () => expect(replica.updates.length).toBeGreaterThan(0),
      20_000,
    );
    await new Promise(done => setTimeout(done, 200));
    expect(replica.updates.length).toBeLessThanOrEqual(quickTuning.listsAtOnce);
    open();
    await eventually(() => expect(replica.objects.size).toBe(served()));
    stop.abort();
    await running;
  }, 60_000);

  it('rejects when its sink does', async () => {
    await expect(
      start(async () => {
        throw new Error('no room');
      }),
    ).rejects.toThrow('no room');
  }, 60_000);

  it('asks for credentials in the main thread', async () => {
    const replica = new Replica();
    let asked = 0;
    const running = start(replica.sink, async () => {
      asked++;
      if (asked < 3) {
        throw new Error('the token service sleeps');
      }
      return { authorization: 'Bearer good' };
    });
    await eventually(() => expect(replica.objects.size).toBe(served()), 20_000);
    stop.abort();
    await running;
  }, 60_000);
});
