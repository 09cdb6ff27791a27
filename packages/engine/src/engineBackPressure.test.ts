import {
  ClusterSimulator,
  KubernetesObject,
} from '@kubernetes-topology/cluster-simulator';
import { eventually } from './cluster/__testUtils__/eventually';
import { quickTuning, silentLogger } from './cluster/__testUtils__/quickTuning';
import { stored } from './cluster/__testUtils__/watcherBench';
import { ClusterWatcher } from './cluster/clusterWatcher';
import { systemClock } from './cluster/clock';
import { ThreadIngest } from './engineIngest';
import { defaultWriteTuning } from './engineWriter';
import { NODE_TEXTS, PackedDelta } from './graph/packedDelta';
import { KindCatalog } from './kinds/kindCatalog';

jest.setTimeout(120_000);

const PAGE = 100;
const OBJECTS = 6_000;
const QUEUE = 200;
const ROWS = 300;
/** Two batches (each with the page that filled it), the queue and what filled it, and two pages of each list at once. */
const IN_MEMORY =
  2 * (ROWS + PAGE) + (QUEUE + PAGE) + quickTuning.listsAtOnce * 2 * PAGE;

/** Events that come in one piece, of a stream's 64 KiB: they are told together. */
const CHUNK = 500;

/** A database that writes when it is let. */
class SlowStore {
  readonly names = new Set<string>();
  #waiting: (() => void)[] = [];
  #isOpen = false;

  readonly write = async (delta: PackedDelta): Promise<void> => {
    if (!this.#isOpen) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
    const { nodeTexts } = delta;
    const first = NODE_TEXTS.indexOf('key');
    for (let at = first; at < nodeTexts.length; at += NODE_TEXTS.length) {
      this.names.add(nodeTexts[at]!);
    }
  };

  /** One batch. */
  step(): void {
    this.#waiting.shift()?.();
  }

  open(): void {
    this.#isOpen = true;
    this.#waiting.forEach(resolve => resolve());
    this.#waiting = [];
  }

  close(): void {
    this.#isOpen = false;
  }
}

describe.each(['off', 'on'] as const)(
  'a slow database, WatchList %s',
  watchList => {
    let simulator: ClusterSimulator;
    let store: SlowStore;
    let stop: AbortController;
    let running: Promise<void>;
    /** Objects that the reader has told. */
    let told: number;

    const configMap = (nth: number): KubernetesObject =>
      stored('v1', 'ConfigMap', 'shop', `c${nth}`);

    beforeEach(async () => {
      simulator = await ClusterSimulator.start({
        watchList,
        historySize: 20_000,
        requestLogSize: 10_000,
        objects: Array.from({ length: OBJECTS }, (_, nth) => configMap(nth)),
      });
      store = new SlowStore();
      stop = new AbortController();
      told = 0;
      const catalog = KindCatalog.create();
      let next = 1;
      const ingest = await ThreadIngest.create(
        {
          cluster: 'demo',
          catalog,
          loadStored: async () => undefined,
          takeIds: async size => ({ next, end: (next += size) }),
          write: store.write,
          clock: systemClock,
          tuning: { ...defaultWriteTuning, queueCapacity: QUEUE, rows: ROWS },
        },
        async into =>
          new ClusterWatcher({
            ...into,
            sink: update => {
              told += update.type === 'page' ? update.observed.length : 0;
              told += update.type === 'changed' ? update.changes.length : 0;
              return into.sink(update);
            },
            source: {
              name: 'demo',
              connection: { url: simulator.url },
              headers: async () => ({}),
            },
            catalog,
            logger: silentLogger,
            clock: systemClock,
            tuning: {
              ...quickTuning,
              pageSize: PAGE,
              probe: { every: 1_000, everyWhileAway: 1_000, timeout: 5_000 },
            },
          }),
      );
      running = ingest.run(stop.signal);
    });

    afterEach(async () => {
      store.open();
      stop.abort();
      await running;
      await simulator.stop();
    });

    async function standsStill(): Promise<number> {
      let before = -1;
      await eventually(async () => {
        const now = told;
        const isStill = now === before;
        before = now;
        await new Promise(done => setTimeout(done, 100));
        expect(isStill).toBe(true);
      }, 20_000);
      return told;
    }

    const names = () =>
      [...store.names].filter(key => key.startsWith('demo/ConfigMap/')).length;

    it('slows the reading of lists, and loses nothing', async () => {
      for (let batch = 0; batch < 5; batch++) {
        const read = await standsStill();
        expect(read - store.names.size).toBeLessThanOrEqual(IN_MEMORY);
        store.step();
      }
      expect(told).toBeLessThan(OBJECTS / 2);
      store.open();
      await eventually(() => expect(names()).toBe(OBJECTS), 60_000);
    });

    it('slows the reading of watches, and loses nothing', async () => {
      store.open();
      await eventually(() => expect(names()).toBe(OBJECTS), 60_000);
      await standsStill();
      store.close();
      const before = told;
      for (let nth = 0; nth < OBJECTS; nth++) {
        simulator.load([configMap(OBJECTS + nth)]);
      }
      const read = (await standsStill()) - before;
      expect(read).toBeGreaterThan(0);
      expect(read).toBeLessThanOrEqual(IN_MEMORY + CHUNK);
      store.open();
      await eventually(() => expect(names()).toBe(2 * OBJECTS), 60_000);
      expect(told - before).toBe(OBJECTS);
    });
  },
);
