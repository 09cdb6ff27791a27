import {
  ClusterSimulatorOptions,
  KubernetesObject,
} from '@kubernetes-topology/cluster-simulator';
import { catalogOf } from './__testUtils__/catalogOf';
import { eventually } from './__testUtils__/eventually';
import { plainKinds } from './__testUtils__/plainKind';
import { stored, WatcherBench } from './__testUtils__/watcherBench';

jest.setTimeout(30_000);

const objects: KubernetesObject[] = Array.from({ length: 45 }, (_, nth) =>
  stored('v1', 'ConfigMap', 'shop', `c${nth}`, { data: { hush: 'value' } }),
);

describe('ClusterWatcher and streamed lists', () => {
  let bench: WatcherBench;

  async function start(
    watchList: ClusterSimulatorOptions['watchList'],
    before?: (simulator: WatcherBench['simulator']) => void,
  ) {
    bench = await WatcherBench.start({
      simulator: { objects, watchList },
      catalog: catalogOf(plainKinds),
      before,
    });
    await bench.eventuallyListed('ConfigMap', 'Pod', 'Node');
    await eventually(() =>
      expect(bench.known('ConfigMap')).toHaveLength(objects.length),
    );
  }

  async function follows() {
    bench.simulator.load([stored('v1', 'ConfigMap', 'shop', 'new')]);
    bench.simulator.delete('ConfigMap', 'shop', 'c0');
    await eventually(() => {
      expect(bench.known('ConfigMap')).toContain('shop/new');
      expect(bench.known('ConfigMap')).not.toContain('shop/c0');
    });
  }

  const streams = () =>
    bench.simulator.requests
      .all({ verb: 'watch' })
      .filter(({ url }) => url.includes('sendInitialEvents'));

  afterEach(async () => {
    await bench.stop();
  });

  it('streams each list where the server offers it, and watches on over the same connection', async () => {
    await start('on');
    await follows();
    expect(bench.lists('configmaps')).toEqual(['stream /api/v1/configmaps']);
    expect(
      bench.simulator.requests.all({ resource: 'configmaps' }),
    ).toHaveLength(1);
    expect(JSON.stringify(bench.updates)).not.toContain('value');
    const pages = bench.told('page', 'ConfigMap');
    expect(pages.length).toBeGreaterThan(1);
  });

  it.each(['off', 'oldEtcd'] as const)(
    'asks a server once or a few times at once that does not (%s), and reads pages',
    async watchList => {
      await start(watchList);
      expect(streams().length).toBeLessThanOrEqual(2);
      const before = streams().length;
      bench.simulator.faults.expireWatches();
      await follows();
      expect(streams()).toHaveLength(before);
    },
  );

  it('resumes a watch after a lost connection without a list', async () => {
    await start('on');
    bench.simulator.faults.dropWatches();
    await follows();
    expect(bench.lists('configmaps')).toHaveLength(1);
  });

  it('streams anew when the watch cannot be resumed', async () => {
    await start('on');
    bench.simulator.faults.restart(10);
    await follows();
    expect(new Set(bench.lists('configmaps'))).toEqual(
      new Set(['stream /api/v1/configmaps']),
    );
  });

  it.each([
    ['says nothing', { kind: 'hang' }],
    ['fails', { kind: 'errorEvent', code: 500 }],
  ] as const)('reads pages when a stream %s', async (_, fault) => {
    await start('on', ({ faults }) =>
      faults.add(fault, { verb: 'watch', resource: 'configmaps' }, 1),
    );
    expect(bench.lists('configmaps').slice(-1)).toEqual([
      'list /api/v1/configmaps',
    ]);
    await follows();
  });

  it('lists what may be listed and not watched', async () => {
    bench = await WatcherBench.start({
      simulator: {
        objects,
        watchList: 'on',
        tokens: {
          lister: {
            user: 'lister',
            rules: [{ verbs: ['list'], apiGroups: ['*'], resources: ['*'] }],
          },
        },
      },
      catalog: catalogOf(plainKinds),
      token: 'lister',
    });
    await bench.eventuallyListed('ConfigMap');
    bench.simulator.load([stored('v1', 'ConfigMap', 'shop', 'new')]);
    await eventually(() =>
      expect(bench.known('ConfigMap')).toContain('shop/new'),
    );
  });
});
