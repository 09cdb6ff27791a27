import { ClusterSimulator } from '../clusterSimulator';
import { eventually } from '../testing/eventually';
import { OpenWatch, send } from '../testing/httpClient';
import { KubernetesObject } from '../objects/kubernetesObject';
import { node } from '../testing/livingCluster';
import { configMap, deployment } from '../testing/objects';

const LIST = '/api/v1/configmaps';

describe('faults', () => {
  let simulator: ClusterSimulator;
  const get = (path: string = LIST) => send(simulator.url, 'GET', path);
  const watch = () =>
    OpenWatch.open(
      simulator.url,
      `${LIST}?watch=true&resourceVersion=${simulator.resourceVersion}`,
    );

  beforeEach(async () => {
    simulator = await ClusterSimulator.start({ objects: [configMap('a')] });
  });
  afterEach(() => simulator.stop());

  it.each([
    [{ kind: 'status', code: 410 }, 410, 'Expired', null],
    [
      { kind: 'status', code: 429, retryAfterSeconds: 2 },
      429,
      'TooManyRequests',
      '2',
    ],
    [{ kind: 'status', code: 500 }, 500, 'InternalError', null],
    [
      { kind: 'status', code: 503, reason: 'Custom', message: 'words' },
      503,
      'Custom',
      null,
    ],
  ] as const)('answers %j', async (action, status, reason, retryAfter) => {
    const fault = simulator.faults.add(
      action,
      { verb: 'list', resource: 'configmaps' },
      1,
    );
    expect((await get('/api/v1/pods')).status).toBe(200);
    const hit = await get();
    expect([
      hit.status,
      hit.body.reason,
      hit.headers.get('retry-after'),
    ]).toEqual([status, reason, retryAfter]);
    expect((await get()).status).toBe(200);
    expect(fault.hits).toBe(1);
  });

  it('stays until it is removed', async () => {
    const fault = simulator.faults.add({ kind: 'status', code: 500 });
    expect([(await get()).status, (await get()).status]).toEqual([500, 500]);
    fault.remove();
    expect((await get()).status).toBe(200);
  });

  it('slows down', async () => {
    simulator.faults.add({ kind: 'delay', milliseconds: 150 }, {}, 1);
    const start = Date.now();
    expect((await get()).status).toBe(200);
    expect(Date.now() - start).toBeGreaterThanOrEqual(145);
  });

  it('hangs', async () => {
    simulator.faults.add({ kind: 'hang' }, {}, 1);
    await expect(
      fetch(simulator.url + LIST, { signal: AbortSignal.timeout(100) }),
    ).rejects.toThrow('timeout');
  });

  it('cuts the connection', async () => {
    simulator.faults.add({ kind: 'reset' }, {}, 1);
    await expect(get()).rejects.toThrow('fetch failed');
  });

  it('ends JSON early, cleanly or not', async () => {
    simulator.faults.add({ kind: 'truncate', bytes: 40, end: 'clean' }, {}, 1);
    const { text, body } = await get();
    expect([text.length, body]).toEqual([40, undefined]);
    simulator.faults.add({ kind: 'truncate', bytes: 40, end: 'reset' }, {}, 1);
    await expect(get()).rejects.toThrow();
  });

  it.each([
    ['dropWatches', 'cut', []],
    ['endWatches', 'clean', []],
    ['expireWatches', 'clean', ['ERROR']],
  ] as const)('%s', async (method, ended, lines) => {
    const opened = await watch();
    expect(simulator.faults[method]('pods')).toBe(0);
    expect(simulator.faults[method]('configmaps')).toBe(1);
    await eventually(() => opened.ended === ended);
    expect(opened.lines).toEqual(lines);
  });

  it('answers a watch with an ERROR event', async () => {
    simulator.faults.add(
      { kind: 'errorEvent', code: 410 },
      { verb: 'watch' },
      1,
    );
    const opened = await watch();
    await eventually(() => opened.ended === 'clean');
    expect(opened.events[0]).toMatchObject({
      type: 'ERROR',
      object: { code: 410 },
    });
  });

  it('leaves watches open and silent', async () => {
    const silent = await watch();
    simulator.faults.silenceWatches();
    const lively = await watch();
    simulator.apply(configMap('b'));
    await eventually(() => lively.lines.length === 1);
    expect([silent.lines, silent.ended]).toEqual([[], undefined]);
    silent.close();
  });

  it('goes away for a while, and comes back at the same port', async () => {
    const opened = await watch();
    const away = simulator.faults.goAway(200);
    await eventually(() => opened.ended === 'cut');
    await expect(get()).rejects.toThrow('fetch failed');
    await away;
    expect((await get()).body.items).toHaveLength(1);
  });

  it('refuses connections while its watches stay open, as a real server that stops', async () => {
    const opened = await watch();
    const away = simulator.faults.goAway(200, { watches: 'silent' });
    await new Promise(resolve => setTimeout(resolve, 50));
    await expect(get()).rejects.toThrow('fetch failed');
    expect(opened.ended).toBeUndefined();
    await away;
    expect((await get()).status).toBe(200);
    opened.close();
  });

  async function tornWatch(end: 'clean' | 'reset'): Promise<Promise<string>[]> {
    const response = await fetch(
      `${simulator.url}${LIST}?watch=true&resourceVersion=${simulator.resourceVersion}`,
    );
    const text = response.text();
    expect(simulator.faults.tearWatches(end, 'pods')).toBe(0);
    expect(simulator.faults.tearWatches(end, 'configmaps')).toBe(1);
    return [text];
  }

  it('ends watches within an event, in good order', async () => {
    const [text] = await tornWatch('clean');
    const half = await text;
    expect(half).toMatch(/^{"type":"MODIFIED","object":{/);
    expect(() => JSON.parse(half)).toThrow();
  });

  it('ends watches within an event, by a reset', async () => {
    const [text] = await tornWatch('reset');
    await expect(text).rejects.toThrow();
  });

  it.each([
    ['before', ['ADDED b', 'ADDED c', 'ADDED d', 'ADDED e']],
    ['between', ['ADDED d', 'ADDED b', 'ADDED e', 'ADDED c']],
  ] as const)(
    'tells again what was told, %s what is new',
    async (order, lines) => {
      simulator.apply(configMap('b'));
      simulator.apply(configMap('c'));
      const from = simulator.resourceVersion;
      simulator.apply(configMap('d'));
      simulator.apply(configMap('e'));
      simulator.faults.add(
        { kind: 'replay', changes: 2, order },
        { verb: 'watch' },
        1,
      );
      const opened = await OpenWatch.open(
        simulator.url,
        `${LIST}?watch=true&resourceVersion=${from}`,
      );
      await eventually(() => opened.lines.length === 4);
      expect(opened.lines).toEqual(lines);
      opened.close();
    },
  );

  it('comes back as a backup holds it, at its older resource version', async () => {
    const backup = simulator.backUp();
    const before = simulator.resourceVersion;
    simulator.apply(configMap('b'));
    const seen = simulator.resourceVersion;
    simulator.delete('ConfigMap', 'default', 'a');
    await simulator.faults.restore(backup, 10);
    const { body } = await get();
    expect(Number(body.metadata.resourceVersion)).toBeLessThan(Number(before));
    expect(
      body.items.map((item: KubernetesObject) => item.metadata.name),
    ).toEqual(['a']);
    expect((await get(`${LIST}?resourceVersion=${seen}`)).status).toBe(504);
    const opened = await OpenWatch.open(
      simulator.url,
      `${LIST}?watch=true&resourceVersion=${backup.revision - 1}`,
    );
    await eventually(() => opened.ended === 'clean');
    expect(opened.events[0]).toMatchObject({
      type: 'ERROR',
      object: { code: 410 },
    });
    simulator.apply(configMap('c'));
    expect((await get()).body.items).toHaveLength(2);
  });

  it('is silent to a watch from the future, and sends no bookmarks either', async () => {
    const old = await ClusterSimulator.start({
      objects: [configMap('a')],
      bookmarkSeconds: 0.05,
      bookmarksOnQuietKinds: true,
    });
    const backup = old.backUp();
    old.apply(configMap('b'));
    const future = old.resourceVersion;
    await old.faults.restore(backup);
    const opened = await OpenWatch.open(
      old.url,
      `${LIST}?watch=true&allowWatchBookmarks=true&resourceVersion=${future}`,
    );
    old.apply(configMap('c'));
    await new Promise(resolve => setTimeout(resolve, 200));
    expect([opened.lines, opened.ended]).toEqual([[], undefined]);
    opened.close();
    await old.stop();
  });

  it('takes the kinds of a backup back, and lets controllers begin anew', async () => {
    const living = await ClusterSimulator.start({
      controllers: true,
      speed: 100,
      objects: [node('node-a'), deployment('web', { replicas: 2 })],
    });
    const ready = () =>
      living.get('Deployment', 'default', 'web')?.status?.readyReplicas;
    await eventually(() => ready() === 2);
    const backup = living.backUp();
    living.delete('Deployment', 'default', 'web');
    await eventually(() => living.list('Pod', 'default').length === 0);
    await living.faults.restore(backup);
    expect(living.list('Pod', 'default')).toHaveLength(2);
    living.delete('Pod', 'default', living.list('Pod')[0].metadata.name);
    await eventually(() => ready() === 1);
    await eventually(() => ready() === 2);
    living.freeze();
    living.delete('Pod', 'default', living.list('Pod')[0].metadata.name, {
      gracePeriodSeconds: 0,
    });
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(living.list('Pod', 'default')).toHaveLength(1);
    living.thaw();
    await eventually(() => ready() === 2);
    await living.stop();
  });
});
