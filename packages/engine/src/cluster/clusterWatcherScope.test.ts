import { PolicyRule } from '@kubernetes-topology/cluster-simulator';
import { plainKinds } from './__testUtils__/plainKind';
import { catalogOf } from './__testUtils__/catalogOf';
import { eventually } from './__testUtils__/eventually';
import {
  stored,
  WatcherBench,
  WatcherBenchOptions,
} from './__testUtils__/watcherBench';

jest.setTimeout(30_000);

const configMap = (namespace: string, name: string) =>
  stored('v1', 'ConfigMap', namespace, name);

const readers = (...namespaces: string[]): PolicyRule[] => [
  {
    verbs: ['list', 'watch'],
    apiGroups: ['*'],
    resources: ['*'],
    namespaces,
  },
];

const grant = (...namespaces: string[]) => ({
  user: 'reader',
  rules: readers(...namespaces),
});

describe('ClusterWatcher in some namespaces only', () => {
  let bench: WatcherBench;

  async function start(
    namespaces: string[],
    { simulator, ...options }: WatcherBenchOptions = {},
  ) {
    bench = await WatcherBench.start({
      simulator: {
        objects: [
          configMap('red', 'r1'),
          configMap('blue', 'b1'),
          configMap('green', 'g1'),
        ],
        tokens: { reader: grant('red', 'blue') },
        ...simulator,
      },
      catalog: catalogOf(plainKinds),
      scope: { namespaces },
      token: 'reader',
      ...options,
    });
  }

  const within = () => bench.told('listed', 'ConfigMap').slice(-1)[0]?.within;

  afterEach(async () => {
    await bench.stop();
  });

  it('lists and watches each of them, and together they are the kind', async () => {
    await start(['red', 'blue']);
    await bench.eventuallyListed('ConfigMap');
    expect(bench.known('ConfigMap')).toEqual(['blue/b1', 'red/r1']);
    expect(within()).toEqual(['red', 'blue']);
    expect(bench.told('listed', 'ConfigMap')).toHaveLength(1);
    bench.simulator.load([
      configMap('red', 'r2'),
      configMap('blue', 'b2'),
      configMap('green', 'g2'),
    ]);
    bench.simulator.delete('ConfigMap', 'red', 'r1');
    await eventually(() =>
      expect(bench.known('ConfigMap')).toEqual([
        'blue/b1',
        'blue/b2',
        'red/r2',
      ]),
    );
    expect(
      bench.simulator.requests
        .all({ resource: 'configmaps' })
        .every(({ namespace }) => ['red', 'blue'].includes(namespace)),
    ).toBe(true);
  });

  it('cannot read what has no namespace without the right to, and says so', async () => {
    await start(['red']);
    await bench.eventuallyListed('ConfigMap', 'Pod');
    await eventually(() => {
      expect(bench.state('Node')).toBe('forbidden');
      expect(bench.state('Namespace')).toBe('forbidden');
    });
  });

  it('reads what has no namespace where that is allowed', async () => {
    await start(['red'], {
      simulator: {
        objects: [stored('v1', 'Node', undefined, 'n1')],
        tokens: {
          reader: {
            user: 'reader',
            rules: [
              ...readers('red'),
              {
                verbs: ['list', 'watch'],
                apiGroups: [''],
                resources: ['nodes'],
              },
            ],
          },
        },
      },
    });
    await bench.eventuallyListed('Node');
    expect(bench.known('Node')).toEqual(['/n1']);
    expect(bench.told('listed', 'Node')[0].within).toBeUndefined();
  });

  it('does without a namespace that does not exist, and reads it when it does', async () => {
    await start(['red', 'later']);
    await bench.eventuallyListed('ConfigMap');
    expect(within()).toEqual(['red']);
    expect(bench.told('listed', 'ConfigMap')[0].message).toMatch(
      /^Not in 'later': .*HTTP 403/,
    );
    bench.simulator.load([configMap('later', 'l1')]);
    bench.simulator.access.grant('reader', grant('red', 'later'));
    await eventually(() => {
      expect(within()).toEqual(['red', 'later']);
      expect(bench.known('ConfigMap')).toEqual(['later/l1', 'red/r1']);
    });
  });

  it('says that a kind is forbidden when it is in all of them', async () => {
    await start(['green', 'later']);
    await eventually(() => expect(bench.state('ConfigMap')).toBe('forbidden'));
  });

  it('lets go of what is in a namespace that may be read no more', async () => {
    await start(['red', 'blue']);
    await bench.eventuallyListed('ConfigMap');
    bench.simulator.access.grant('reader', grant('red'));
    bench.simulator.faults.dropWatches();
    await eventually(() => {
      expect(within()).toEqual(['red']);
      expect(bench.known('ConfigMap')).toEqual(['red/r1']);
    });
  });

  it('needs no right to any namespace that is empty', async () => {
    await start(['empty'], {
      simulator: { tokens: { reader: grant('empty') } },
    });
    await bench.eventuallyListed('ConfigMap');
    expect(within()).toEqual(['empty']);
  });

  it.each(['off', 'on'] as const)(
    'is in step after faults that hit one or all of them, WatchList %s',
    async watchList => {
      await start(['red', 'blue'], { simulator: { watchList } });
      const { simulator } = bench;
      await bench.eventuallyListed('ConfigMap');
      const blows = [
        () => simulator.faults.dropWatches(),
        () => simulator.faults.expireWatches(),
        () => simulator.faults.forgetHistory(),
        () => simulator.faults.restart(20),
        () => simulator.faults.goAway(30),
        () =>
          simulator.faults.add(
            { kind: 'errorEvent', code: 410 },
            { verb: 'watch', namespace: 'red' },
            1,
          ),
        () =>
          simulator.faults.add(
            { kind: 'status', code: 500 },
            { namespace: 'blue' },
            3,
          ),
      ];
      for (let round = 0; round < 21; round++) {
        const namespace = ['red', 'blue'][round % 2];
        simulator.load([configMap(namespace, `c${round % 5}`)]);
        await blows[round % blows.length]();
        if (round % 3 === 0) {
          simulator.delete('ConfigMap', namespace, `c${round % 5}`);
        }
        await new Promise(done => setTimeout(done, 10));
      }
      const served = () =>
        ['blue', 'red']
          .flatMap(namespace => simulator.list('ConfigMap', namespace))
          .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
          .sort();
      await eventually(
        () => expect(bench.known('ConfigMap')).toEqual(served()),
        15_000,
      );
    },
  );
});
