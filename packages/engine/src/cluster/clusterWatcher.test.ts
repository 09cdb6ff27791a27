import { resolve } from 'node:path';
import {
  ClusterSimulator,
  KubernetesObject,
  readObjectsFromFile,
  TokenGrant,
} from '@kubernetes-topology/cluster-simulator';
import { kindText } from '../kinds/identity';
import { systemClock } from './clock';
import { ClusterWatcher } from './clusterWatcher';
import { ClusterHealth } from './reader';
import { ReaderTuning } from './readerTuning';
import { catalogOf } from './__testUtils__/catalogOf';
import { eventually } from './__testUtils__/eventually';
import { plainKind, plainKinds } from './__testUtils__/plainKind';
import { quickTuning, silentLogger } from './__testUtils__/quickTuning';
import { Replica } from './__testUtils__/replica';

const state = resolve(
  __dirname,
  '../../../../test/fixtures/clusters/cascade-db-crash.json',
);

/** Numbers in [0, 1) that are the same each run. */
function seededRandom(seed: number): () => number {
  let value = seed;
  return () => {
    value = (value * 1103515245 + 12345) % 2147483648;
    return value / 2147483648;
  };
}

jest.setTimeout(30_000);

describe('ClusterWatcher', () => {
  let objects: KubernetesObject[];
  let simulator: ClusterSimulator;
  let replica: Replica;
  let health: ClusterHealth[];
  let stop: AbortController;
  let running: Promise<void>;

  beforeAll(async () => {
    objects = await readObjectsFromFile(state);
  });

  async function start(
    options: {
      tokens?: Record<string, TokenGrant>;
      token?: string;
      kinds?: typeof plainKinds;
      tuning?: Partial<ReaderTuning>;
      random?: () => number;
      watchList?: 'on' | 'off';
    } = {},
  ) {
    simulator = await ClusterSimulator.start({
      objects,
      tokens: options.tokens,
      watchList: options.watchList,
    });
    replica = new Replica();
    health = [];
    stop = new AbortController();
    const watcher = new ClusterWatcher({
      source: {
        name: 'demo',
        connection: { url: simulator.url },
        headers: async (): Promise<Record<string, string>> =>
          options.token ? { authorization: `Bearer ${options.token}` } : {},
      },
      catalog: catalogOf(options.kinds ?? plainKinds),
      known: options.kinds ?? plainKinds,
      sink: replica.sink,
      onHealth: each => health.push(each),
      logger: silentLogger,
      clock: { ...systemClock, random: options.random ?? Math.random },
      tuning: { ...quickTuning, pageSize: 20, ...options.tuning },
    });
    running = watcher.run(stop.signal);
  }

  function served(kinds: typeof plainKinds = plainKinds) {
    return Object.fromEntries(
      kinds.flatMap(({ id }) =>
        simulator
          .list(kindText(id))
          .map(({ metadata }) => [
            `${kindText(id)} ${metadata.namespace ?? ''}/${metadata.name}`,
            `${metadata.uid}@${metadata.resourceVersion}`,
          ]),
      ),
    );
  }

  function known() {
    return Object.fromEntries(
      [...replica.objects].map(([key, { kind, version }]) => [
        `${kind} ${key.split('/').slice(2).join('/')}`,
        version,
      ]),
    );
  }

  function touch(random: () => number) {
    const pods = simulator.list('Pod');
    const victim = pods[Math.floor(random() * pods.length)];
    simulator.load([victim]);
    const fresh = structuredClone(victim) as any;
    fresh.metadata.name = `new-${simulator.resourceVersion}`;
    delete fresh.metadata.uid;
    simulator.load([fresh]);
  }

  afterEach(async () => {
    stop.abort();
    await running;
    await simulator.stop();
  });

  it('holds exactly what the server holds', async () => {
    await start();
    await eventually(() => expect(known()).toEqual(served()));
    expect(Object.keys(known()).length).toBeGreaterThan(300);
    expect(health).toEqual([{ state: 'answering' }]);
  });

  it('lists places and what runs before the rest, and Events last', async () => {
    await start();
    await eventually(() => expect(known()).toEqual(served()));
    const lists = simulator.requests
      .all({ verb: 'list' })
      .map(({ resource }) => resource);
    expect(lists[0]).toBe('namespaces');
    expect(lists.filter(resource => resource !== 'events').pop()).not.toBe(
      'pods',
    );
    expect(lists[lists.length - 1]).toBe('events');
  });

  it.each([
    [1, 'off'],
    [2, 'off'],
    [3, 'on'],
    [4, 'on'],
  ] as const)(
    'is in step after a storm of faults, seed %d, WatchList %s',
    async (seed, watchList) => {
      const random = seededRandom(seed);
      await start({ watchList });
      const blows = [
        () => simulator.faults.dropWatches(),
        () => simulator.faults.endWatches(),
        () => simulator.faults.expireWatches(),
        () => simulator.faults.compact(),
        () => simulator.faults.forgetHistory(),
        () => simulator.faults.goAway(50),
        () => simulator.faults.goAway(200, { watches: 'silent' }),
        () => simulator.faults.restart(30),
        () => simulator.faults.add({ kind: 'status', code: 429 }, {}, 5),
        () => simulator.faults.add({ kind: 'status', code: 500 }, {}, 5),
        () => simulator.faults.add({ kind: 'reset' }, {}, 5),
        () =>
          simulator.faults.add(
            { kind: 'errorEvent', code: 410 },
            { verb: 'watch' },
            5,
          ),
        () =>
          simulator.faults.add(
            { kind: 'truncate', bytes: 900, end: 'clean' },
            {},
            3,
          ),
        () =>
          simulator.faults.add(
            { kind: 'truncate', bytes: 900, end: 'reset' },
            {},
            3,
          ),
      ];
      for (let round = 0; round < 25; round++) {
        touch(random);
        await blows[Math.floor(random() * blows.length)]();
        touch(random);
        await new Promise(done => setTimeout(done, random() * 20));
      }
      await eventually(() => expect(known()).toEqual(served()), 15_000);
      touch(random);
      await eventually(() => expect(known()).toEqual(served()), 15_000);
    },
    60_000,
  );

  it('notices within two probes that a stopping server keeps its watches open and silent', async () => {
    await start();
    await eventually(() => expect(known()).toEqual(served()));
    const away = simulator.faults.goAway(300, { watches: 'silent' });
    await eventually(() =>
      expect(health.map(each => each.state)).toEqual(['answering', 'failing']),
    );
    touch(() => 0.5);
    await away;
    await eventually(() => expect(known()).toEqual(served()));
    await eventually(() =>
      expect(health.map(each => each.state)).toEqual([
        'answering',
        'failing',
        'answering',
      ]),
    );
  });

  it('asks again at once when the server is back, however long the waits have become', async () => {
    await start({
      tuning: { backOff: { base: 60_000, max: 60_000 } },
      random: () => 0.9,
    });
    await eventually(() => expect(known()).toEqual(served()));
    await simulator.faults.goAway(400);
    touch(() => 0.5);
    await eventually(() => expect(known()).toEqual(served()));
  });

  it('reads what it may and says what it may not', async () => {
    await start({
      token: 'reader',
      tokens: {
        reader: {
          user: 'reader',
          rules: [
            {
              verbs: ['list', 'watch'],
              apiGroups: ['*'],
              resources: ['pods', 'services'],
            },
          ],
        },
      },
    });
    const allowed = plainKinds.filter(({ plural }) =>
      ['pods', 'services'].includes(plural),
    );
    await eventually(() => {
      expect(known()).toEqual(served(allowed));
      expect(Object.fromEntries(replica.kinds)).toEqual(
        Object.fromEntries(
          plainKinds.map(kind => [
            kindText(kind.id),
            allowed.includes(kind) ? 'listed' : 'forbidden',
          ]),
        ),
      );
    });
  });

  it('says which kinds the server does not serve, and reads the others', async () => {
    const widget = plainKind('widgets', {
      group: 'example.com',
      kind: 'Widget',
    });
    await start({ kinds: [widget, ...plainKinds] });
    await eventually(() => {
      expect(known()).toEqual(served());
      expect(replica.kinds.get('Widget.example.com')).toBe('absent');
    });
  });

  it('waits for a server that is not there yet', async () => {
    await start();
    stop.abort();
    await running;
    const away = simulator.faults.goAway(200);
    stop = new AbortController();
    running = new ClusterWatcher({
      source: {
        name: 'demo',
        connection: { url: simulator.url },
        headers: async () => ({}),
      },
      catalog: catalogOf(plainKinds),
      sink: replica.sink,
      onHealth: each => health.push(each),
      logger: silentLogger,
      clock: systemClock,
      tuning: quickTuning,
    }).run(stop.signal);
    await eventually(() =>
      expect(health[health.length - 1].state).toBe('failing'),
    );
    await away;
    await eventually(() => expect(known()).toEqual(served()));
    expect(health[health.length - 1].state).toBe('answering');
  });
});
