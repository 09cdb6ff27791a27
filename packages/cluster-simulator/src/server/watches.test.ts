import { ClusterSimulator, ClusterSimulatorOptions } from '../clusterSimulator';
import { eventually } from '../testing/eventually';
import { OpenWatch, send } from '../testing/httpClient';
import { configMap } from '../testing/objects';

const PATH = '/api/v1/configmaps?watch=true';

describe('watches', () => {
  let simulator: ClusterSimulator;
  const watches: OpenWatch[] = [];

  async function start(options: ClusterSimulatorOptions = {}) {
    simulator = await ClusterSimulator.start({
      objects: [configMap('a', { labels: { side: 'left' } })],
      ...options,
    });
  }
  async function watch(query: string = '', headers = {}) {
    const opened = await OpenWatch.open(simulator.url, PATH + query, headers);
    watches.push(opened);
    return opened;
  }
  afterEach(async () => {
    watches.splice(0).forEach(opened => opened.close());
    await simulator.stop();
  });

  it('tells changes since a resource version, each with its own', async () => {
    await start();
    const since = simulator.resourceVersion;
    simulator.apply(configMap('b'));
    const opened = await watch(`&resourceVersion=${since}`);
    simulator.apply(configMap('b', { value: 'new' }));
    simulator.delete('ConfigMap', 'default', 'b');
    await eventually(() => opened.events.length === 3);
    expect(opened.lines).toEqual(['ADDED b', 'MODIFIED b', 'DELETED b']);
    const revisions = opened.events.map(({ object }) =>
      Number(object.metadata.resourceVersion),
    );
    expect(revisions).toEqual([...revisions].sort((x, y) => x - y));
    expect(String(revisions[2])).toBe(simulator.resourceVersion);
    expect(opened.events[2].object).toMatchObject({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      data: { key: 'new' },
    });
  });

  it.each(['', '&resourceVersion=0'])(
    'begins with an ADDED for each object (%s)',
    async query => {
      await start();
      const opened = await watch(query);
      simulator.apply(configMap('b'));
      await eventually(() => opened.events.length === 2);
      expect(opened.lines).toEqual(['ADDED a', 'ADDED b']);
    },
  );

  it('tells what enters and leaves a selector as ADDED and DELETED', async () => {
    await start();
    const opened = await watch(
      `&labelSelector=side=left&resourceVersion=${simulator.resourceVersion}`,
    );
    simulator.apply(configMap('b', { labels: { side: 'right' } }));
    simulator.apply(configMap('b', { labels: { side: 'left' } }));
    simulator.apply(configMap('b', { value: 'new' }));
    simulator.apply(configMap('b', { labels: { side: 'right' } }));
    simulator.delete('ConfigMap', 'default', 'b');
    simulator.delete('ConfigMap', 'default', 'a');
    await eventually(() => opened.lines.includes('DELETED a'));
    expect(opened.lines).toEqual([
      'ADDED b',
      'MODIFIED b',
      'DELETED b',
      'DELETED a',
    ]);
  });

  it('answers 200 and an ERROR event of 410 to a resource version that is too old', async () => {
    await start();
    const opened = await watch('&resourceVersion=1');
    await eventually(() => opened.ended === 'clean');
    expect(opened.events).toEqual([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: expect.stringMatching(
            /^too old resource version: 1 \(\d+\)$/,
          ),
          reason: 'Expired',
          code: 410,
        },
      },
    ]);
  });

  it('resumes across a compaction, but not across a restart', async () => {
    await start();
    const since = simulator.resourceVersion;
    simulator.apply(configMap('b'));
    simulator.faults.compact();
    const resumed = await watch(`&resourceVersion=${since}`);
    await eventually(() => resumed.lines.includes('ADDED b'));
    const last = simulator.resourceVersion;
    await simulator.faults.restart();
    await eventually(() => resumed.ended === 'cut');
    const again = await watch(`&resourceVersion=${last}`);
    await eventually(() => again.ended);
    expect(again.events[0]).toMatchObject({
      type: 'ERROR',
      object: { code: 410 },
    });
  });

  it('forgets the oldest changes beyond its history', async () => {
    await start({ historySize: 10 });
    const since = simulator.resourceVersion;
    for (let index = 0; index < 50; index++) {
      simulator.apply(configMap('b', { value: String(index) }));
    }
    const opened = await watch(`&resourceVersion=${since}`);
    await eventually(() => opened.ended);
    expect(opened.lines).toEqual(['ERROR']);
  });

  it('is silent about the future until it comes', async () => {
    await start();
    const future = Number(simulator.resourceVersion) + 2;
    const opened = await watch(`&resourceVersion=${future}`);
    for (const name of ['b', 'c', 'd']) {
      simulator.apply(configMap(name));
    }
    await eventually(() => opened.events.length > 0);
    expect(opened.lines).toEqual(['ADDED d']);
  });

  it('ends cleanly after timeoutSeconds', async () => {
    await start();
    const opened = await watch('&timeoutSeconds=1');
    expect(opened.ended).toBeUndefined();
    await eventually(() => opened.ended === 'clean');
  });

  it('sends bookmarks with nothing but the resource version', async () => {
    await start({ bookmarkSeconds: 0.05 });
    const opened = await watch(
      `&allowWatchBookmarks=true&resourceVersion=${simulator.resourceVersion}`,
    );
    const without = await watch(
      `&resourceVersion=${simulator.resourceVersion}`,
    );
    simulator.apply(configMap('b'));
    await eventually(() => opened.lines.includes('BOOKMARK'));
    expect(opened.events.find(({ type }) => type === 'BOOKMARK')).toEqual({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          resourceVersion: simulator.resourceVersion,
          creationTimestamp: null,
        },
      },
    });
    expect(without.lines).toEqual(['ADDED b']);
  });

  it.each([
    [false, []],
    [true, ['BOOKMARK']],
  ])(
    'sends bookmarks on quiet kinds only with progress notifications (%s)',
    async (bookmarksOnQuietKinds, expected) => {
      await start({ bookmarkSeconds: 0.02, bookmarksOnQuietKinds });
      const opened = await watch(
        `&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=${simulator.resourceVersion}`,
      );
      await eventually(() => opened.ended);
      expect([...new Set(opened.lines)]).toEqual(expected);
    },
  );

  it('watches metadata only', async () => {
    await start();
    const opened = await watch('', {
      accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    });
    await eventually(() => opened.events.length === 1);
    expect(Object.keys(opened.events[0].object)).toEqual([
      'kind',
      'apiVersion',
      'metadata',
    ]);
    expect(opened.events[0].object.kind).toBe('PartialObjectMetadata');
  });

  it('watches one object by its path', async () => {
    await start();
    simulator.apply(configMap('b'));
    const opened = await OpenWatch.open(
      simulator.url,
      '/api/v1/namespaces/default/configmaps/b?watch=1',
    );
    watches.push(opened);
    await eventually(() => opened.lines.length === 1);
    expect(opened.lines).toEqual(['ADDED b']);
  });

  describe('WatchList', () => {
    const query =
      '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

    it('is refused by default', async () => {
      await start();
      const { status, body } = await send(simulator.url, 'GET', PATH + query);
      expect(status).toBe(422);
      expect(body.message).toContain(
        'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
      );
    });

    it('marks the end of the initial events when it is on', async () => {
      await start({ watchList: 'on' });
      const opened = await watch(query);
      await eventually(() => opened.events.length === 2);
      expect(opened.lines).toEqual(['ADDED a', 'BOOKMARK']);
      expect(opened.events[1].object.metadata.annotations).toEqual({
        'k8s.io/initial-events-end': 'true',
      });
    });

    it('is on by default from 1.34', async () => {
      await start({ minorVersion: 34 });
      const opened = await watch(query);
      await eventually(() => opened.lines.length === 2);
      expect(opened.lines).toEqual(['ADDED a', 'BOOKMARK']);
    });

    it('gives no mark to a client that wants no bookmarks', async () => {
      await start({ watchList: 'on' });
      const opened = await watch(
        query.replace('&allowWatchBookmarks=true', ''),
      );
      simulator.apply(configMap('b'));
      await eventually(() => opened.events.length === 2);
      expect(opened.lines).toEqual(['ADDED a', 'ADDED b']);
    });

    it('marks an end that changes go on from', async () => {
      await start({ watchList: 'on' });
      const opened = await watch(query);
      await eventually(() => opened.lines.includes('BOOKMARK'));
      const { resourceVersion } = opened.events[1].object.metadata;
      simulator.apply(configMap('b'));
      const resumed = await watch(`&resourceVersion=${resourceVersion}`);
      await eventually(() => resumed.lines.length === 1);
      expect(resumed.lines).toEqual(['ADDED b']);
    });

    it('fails inside the stream on an old etcd', async () => {
      await start({ watchList: 'oldEtcd' });
      const opened = await watch(query);
      await eventually(() => opened.ended);
      expect(opened.events).toHaveLength(1);
      expect(opened.events[0]).toMatchObject({
        type: 'ERROR',
        object: { code: 500 },
      });
    });
  });
});
