import { isRegisteredKind, KIND_DEFINITIONS } from '../kinds';
import { plainKind } from './__testUtils__/plainKind';
import { eventually } from './__testUtils__/eventually';
import {
  customResourceDefinition,
  stored,
  WatcherBench,
  WatcherBenchOptions,
} from './__testUtils__/watcherBench';

const gadget = (name: string, version = 'v1') =>
  stored(`example.com/${version}`, 'Gadget', 'shop', name);

const metrics = (status: 'True' | 'False') =>
  stored(
    'apiregistration.k8s.io/v1',
    'APIService',
    undefined,
    'v1beta1.metrics.example.com',
    {
      spec: {
        group: 'metrics.example.com',
        version: 'v1beta1',
        service: { namespace: 'shop', name: 'metrics' },
      },
      status: { conditions: [{ type: 'Available', status }] },
    },
  );

const reading = {
  ...plainKind('readings', { group: 'metrics.example.com', kind: 'Reading' }),
  version: 'v1beta1',
};

jest.setTimeout(30_000);

describe.each([
  ['aggregated discovery', true],
  ['discovery group by group', false],
])('ClusterWatcher and what is served, %s', (_, aggregatedDiscovery) => {
  let bench: WatcherBench;

  async function start({ simulator, ...options }: WatcherBenchOptions = {}) {
    bench = await WatcherBench.start({
      simulator: { aggregatedDiscovery, ...simulator },
      ...options,
    });
  }

  afterEach(async () => {
    await bench.stop();
  });

  it('reads every kind that is served, described or not', async () => {
    await start({
      simulator: {
        objects: [
          customResourceDefinition('Gadget'),
          gadget('one'),
          stored('v1', 'ConfigMap', 'shop', 'settings'),
        ],
      },
    });
    await bench.eventuallyListed('Gadget.example.com', 'ConfigMap');
    expect(isRegisteredKind({ group: 'example.com', kind: 'Gadget' })).toBe(
      false,
    );
    expect(bench.known('Gadget.example.com')).toEqual(['shop/one']);
    expect(bench.known('ConfigMap')).toEqual(['shop/settings']);
    expect(bench.updates.map(({ kind }) => kind.kind)).not.toContain(
      'SelfSubjectAccessReview',
    );
  });

  it('tells all kinds before it lists the first', async () => {
    await start();
    await bench.eventuallyListed('Pod', 'Event');
    const types = bench.updates.map(({ type }) => type);
    expect(types.lastIndexOf('discovered')).toBeLessThan(
      types.indexOf('listing'),
    );
  });

  it('finds a kind that is new, without a restart, soon', async () => {
    await start({
      tuning: { discovery: { every: 60_000, afterChange: [20] } },
    });
    await bench.eventuallyListed(
      'CustomResourceDefinition.apiextensions.k8s.io',
    );
    bench.simulator.load([customResourceDefinition('Gadget'), gadget('one')]);
    await bench.eventuallyListed('Gadget.example.com');
    expect(bench.known('Gadget.example.com')).toEqual(['shop/one']);
    bench.simulator.load([gadget('two')]);
    await eventually(() =>
      expect(bench.known('Gadget.example.com')).toEqual([
        'shop/one',
        'shop/two',
      ]),
    );
    expect(bench.lists('pods').length).toBeLessThanOrEqual(2);
  });

  it('finds it by asking now and then where definitions may not be read', async () => {
    await start({
      scope: { kinds: { exclude: ['*.apiextensions.k8s.io'] } },
      tuning: { discovery: { every: 50, afterChange: [] } },
    });
    await bench.eventuallyListed('Pod');
    bench.simulator.load([customResourceDefinition('Gadget'), gadget('one')]);
    await bench.eventuallyListed('Gadget.example.com');
    expect(bench.known('Gadget.example.com')).toEqual(['shop/one']);
  });

  it('says when a kind is served no more, and reads it when it is again', async () => {
    const definition = customResourceDefinition('Gadget');
    await start({ simulator: { objects: [definition, gadget('one')] } });
    await bench.eventuallyListed('Gadget.example.com');
    bench.simulator.delete(
      'CustomResourceDefinition',
      '',
      definition.metadata.name,
    );
    await eventually(() =>
      expect(bench.state('Gadget.example.com')).toBe('absent'),
    );
    bench.simulator.load([customResourceDefinition('Gadget'), gadget('two')]);
    await eventually(() => {
      expect(bench.state('Gadget.example.com')).toBe('listed');
      expect(bench.known('Gadget.example.com')).toEqual(['shop/two']);
    });
  });

  it('reads a kind in the version that the server prefers, and in another when that goes', async () => {
    await start({
      simulator: {
        objects: [
          customResourceDefinition('Gadget', { versions: ['v1', 'v1beta1'] }),
          gadget('one'),
        ],
      },
    });
    await bench.eventuallyListed('Gadget.example.com');
    const versions = () =>
      bench
        .told('discovered', 'Gadget.example.com')
        .map(({ definition }) => definition?.version);
    expect(versions()).toEqual(['v1']);
    bench.simulator.load([
      customResourceDefinition('Gadget', { versions: ['v1beta1'] }),
    ]);
    await eventually(() => expect(versions()).toEqual(['v1', 'v1beta1']));
    bench.simulator.load([gadget('two', 'v1beta1')]);
    await eventually(() =>
      expect(bench.known('Gadget.example.com')).toContain('shop/two'),
    );
  });

  it('shows the kinds of an aggregated API that is down as failing, and reads the rest', async () => {
    await start({
      simulator: { objects: [metrics('False')] },
      known: [reading],
      stored: [{ group: 'metrics.example.com', kind: 'Gauge' }],
    });
    await bench.eventuallyListed('Pod', 'Secret');
    await eventually(() => {
      expect(bench.state('Reading.metrics.example.com')).toBe('failing');
      expect(bench.state('Gauge.metrics.example.com')).toBe('failing');
    });
    const [last] = bench.health.slice(-1);
    expect(last).toMatchObject({
      state: 'answering',
      message: expect.stringContaining('metrics.example.com/v1beta1'),
    });
    // Back, without the kind of which something is stored.
    bench.simulator.load([
      stored('metrics.example.com/v1beta1', 'Reading', 'shop', 'one'),
      metrics('True'),
    ]);
    await bench.eventuallyListed('Reading.metrics.example.com');
    await eventually(() => {
      expect(bench.state('Gauge.metrics.example.com')).toBe('absent');
      expect(bench.health.slice(-1)).toEqual([{ state: 'answering' }]);
    });
  });

  it('does not take a kind for gone because its API is down', async () => {
    await start({
      simulator: {
        objects: [
          metrics('True'),
          stored('metrics.example.com/v1beta1', 'Reading', 'shop', 'one'),
        ],
      },
      tuning: { failingAfter: { tries: 2, milliseconds: 0 } },
    });
    await bench.eventuallyListed('Reading.metrics.example.com');
    bench.simulator.load([metrics('False')]);
    bench.simulator.faults.dropWatches();
    await eventually(() =>
      expect(bench.state('Reading.metrics.example.com')).toBe('failing'),
    );
    await new Promise(done => setTimeout(done, 300));
    expect(
      bench.told('unavailable', 'Reading.metrics.example.com'),
    ).toHaveLength(1);
    bench.simulator.load([metrics('True')]);
    await bench.eventuallyListed('Reading.metrics.example.com');
    expect(bench.known('Reading.metrics.example.com')).toEqual(['shop/one']);
  });

  it('says which well-known kinds are not served', async () => {
    await start({ known: [reading] });
    await bench.eventuallyListed('Pod');
    expect(bench.state('Reading.metrics.example.com')).toBe('absent');
  });

  it('reads what it knows where discovery is forbidden', async () => {
    await start({
      simulator: { objects: [stored('v1', 'ConfigMap', 'shop', 'settings')] },
      before: ({ faults }) =>
        faults.add({ kind: 'status', code: 403 }, { path: /^\/apis?$/ }),
      known: [reading, ...KIND_DEFINITIONS],
    });
    await bench.eventuallyListed('ConfigMap', 'Deployment.apps');
    expect(bench.known('ConfigMap')).toEqual(['shop/settings']);
    await eventually(() =>
      expect(bench.state('Reading.metrics.example.com')).toBe('absent'),
    );
  });

  it('reads only the kinds that are wanted', async () => {
    await start({
      simulator: { objects: [stored('v1', 'Secret', 'shop', 'hush')] },
      scope: { kinds: { exclude: ['Secret'] } },
    });
    await bench.eventuallyListed('Pod', 'ConfigMap', 'Event');
    expect(bench.updates.map(({ kind }) => kind.kind)).not.toContain('Secret');
    expect(bench.simulator.requests.all({ resource: 'secrets' })).toEqual([]);
  });
});
