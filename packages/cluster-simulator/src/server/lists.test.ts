import { ClusterSimulator } from '../clusterSimulator';
import { eventually } from '../testing/eventually';
import { OpenWatch, send } from '../testing/httpClient';
import { configMap } from '../testing/objects';

const PATH = '/api/v1/configmaps';
const PARTIAL_LIST =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const names = (body: any) => body.items.map((item: any) => item.metadata.name);

describe('lists', () => {
  let simulator: ClusterSimulator;
  const get = (path: string, headers?: Record<string, string>) =>
    send(simulator.url, 'GET', path, { headers });

  beforeEach(async () => {
    simulator = await ClusterSimulator.start({
      objects: ['a', 'b', 'c', 'd', 'e'].map(name =>
        configMap(name, {
          labels: { name, odd: String('ace'.includes(name)) },
        }),
      ),
    });
  });
  afterEach(() => simulator.stop());

  it('sends items without kind and apiVersion, and the list with both', async () => {
    const { body } = await get(PATH);
    expect(body).toMatchObject({
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: simulator.resourceVersion },
    });
    expect(names(body)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(body.items[0].kind).toBeUndefined();
    expect(body.items[0].apiVersion).toBeUndefined();
  });

  it('sends kind and apiVersion on items of custom resources', async () => {
    simulator.load([
      {
        apiVersion: 'example.com/v1',
        kind: 'Widget',
        metadata: { name: 'w', namespace: 'default', uid: 'u' },
      },
    ]);
    const { body } = await get('/apis/example.com/v1/widgets');
    expect(body.kind).toBe('WidgetList');
    expect(body.items[0]).toMatchObject({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
    });
  });

  it('reads all pages from the snapshot of the first', async () => {
    const first = (await get(`${PATH}?limit=2`)).body;
    expect(names(first)).toEqual(['a', 'b']);
    expect(first.metadata.remainingItemCount).toBe(3);
    simulator.delete('ConfigMap', 'default', 'c');
    simulator.apply(configMap('bb'));
    simulator.apply(configMap('d', { value: 'changed' }));

    const second = (
      await get(`${PATH}?limit=2&continue=${first.metadata.continue}`)
    ).body;
    expect(names(second)).toEqual(['c', 'd']);
    expect(second.items[1].data.key).toBe('value');
    const third = (
      await get(`${PATH}?limit=2&continue=${second.metadata.continue}`)
    ).body;
    expect(names(third)).toEqual(['e']);
    for (const page of [second, third]) {
      expect(page.metadata.resourceVersion).toBe(
        first.metadata.resourceVersion,
      );
    }
    expect(third.metadata.continue).toBeUndefined();
    expect(names((await get(PATH)).body)).toEqual(['a', 'b', 'bb', 'd', 'e']);
  });

  it.each([
    ['no resourceVersion', '?limit=2', ['a', 'b']],
    [
      'resourceVersion 0 ignores the limit',
      '?limit=2&resourceVersion=0',
      ['a', 'b', 'c', 'd', 'e'],
    ],
    ['labels equal', '?labelSelector=odd=true', ['a', 'c', 'e']],
    ['labels differ', '?labelSelector=odd!=true', ['b', 'd']],
    ['labels in a set', '?labelSelector=name+in+(a,d),odd', ['a', 'd']],
    ['labels not in a set', '?labelSelector=name+notin+(a,d)', ['b', 'c', 'e']],
    ['label absent', '?labelSelector=!odd', []],
    ['field equals', '?fieldSelector=metadata.name=b', ['b']],
    ['field differs', '?fieldSelector=metadata.name!=b', ['a', 'c', 'd', 'e']],
    [
      'both selectors',
      '?labelSelector=odd=true&fieldSelector=metadata.name!=a',
      ['c', 'e'],
    ],
  ])('%s', async (_, query, expected) => {
    const { body } = await get(PATH + query);
    expect(names(body)).toEqual(expected);
  });

  it('does not tell how many remain when there is a selector', async () => {
    const { body } = await get(`${PATH}?limit=1&labelSelector=odd=true`);
    expect(body.metadata.continue).toBeDefined();
    expect(body.metadata.remainingItemCount).toBeUndefined();
    const next = await get(
      `${PATH}?limit=1&labelSelector=odd=true&continue=${body.metadata.continue}`,
    );
    expect(names(next.body)).toEqual(['c']);
  });

  it('tells an older state exactly, until it is compacted', async () => {
    const then = simulator.resourceVersion;
    simulator.delete('ConfigMap', 'default', 'a');
    const exact = `${PATH}?resourceVersion=${then}&resourceVersionMatch=Exact`;
    const notOlder = `${PATH}?resourceVersion=${then}&resourceVersionMatch=NotOlderThan`;
    expect(names((await get(exact)).body)).toContain('a');
    expect(names((await get(notOlder)).body)).not.toContain('a');
    simulator.faults.compact();
    const gone = await get(exact);
    expect([gone.status, gone.body.reason]).toEqual([410, 'Expired']);
    expect((await get(notOlder)).status).toBe(200);
  });

  it('answers 410 to an expired continue token, with a token for the rest', async () => {
    const { metadata } = (await get(`${PATH}?limit=2`)).body;
    simulator.apply(configMap('f'));
    simulator.faults.compact();
    const expired = await get(`${PATH}?limit=2&continue=${metadata.continue}`);
    expect([expired.status, expired.body.reason]).toEqual([410, 'Expired']);
    const rest = await get(
      `${PATH}?continue=${expired.body.metadata.continue}`,
    );
    expect(names(rest.body)).toEqual(['c', 'd', 'e', 'f']);
    expect(Number(rest.body.metadata.resourceVersion)).toBeGreaterThan(
      Number(metadata.resourceVersion),
    );
  });

  it.each([
    ['a revision of the future', '?resourceVersion=99999', 504, 'Timeout'],
    [
      'a resourceVersion that is no number',
      '?resourceVersion=x',
      400,
      'BadRequest',
    ],
    [
      'a match without a version',
      '?resourceVersionMatch=Exact',
      422,
      'Invalid',
    ],
    [
      'exactly 0',
      '?resourceVersion=0&resourceVersionMatch=Exact',
      422,
      'Invalid',
    ],
    ['a broken continue token', '?continue=nonsense', 400, 'BadRequest'],
    [
      'a selector that cannot be read',
      '?labelSelector=a=b=c',
      400,
      'BadRequest',
    ],
    [
      'a field that the kind does not select',
      '?fieldSelector=data.key=a',
      400,
      'BadRequest',
    ],
  ])('refuses %s', async (_, query, status, reason) => {
    const answer = await get(PATH + query);
    expect([answer.status, answer.body.reason]).toEqual([status, reason]);
  });

  it('asks to retry after 1 s for a revision of the future', async () => {
    const answer = await get(`${PATH}?resourceVersion=99999`);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.body.message).toBe(
      `Too large resource version: 99999, current: ${simulator.resourceVersion}`,
    );
  });

  it('sends metadata only when asked, and never the values', async () => {
    const { body, text } = await get(PATH, { accept: PARTIAL_LIST });
    expect(body).toMatchObject({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
    });
    expect(Object.keys(body.items[0])).toEqual([
      'kind',
      'apiVersion',
      'metadata',
    ]);
    expect(body.items[0].kind).toBe('PartialObjectMetadata');
    expect(text).not.toContain('"data":');
  });

  it.each([
    [
      'protobuf or JSON',
      'application/vnd.kubernetes.protobuf,application/json',
      200,
      'ConfigMapList',
    ],
    [
      'a table or JSON',
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
      200,
      'ConfigMapList',
    ],
    ['anything', '*/*', 200, 'ConfigMapList'],
    [
      'metadata or JSON',
      `${PARTIAL_LIST},application/json`,
      200,
      'PartialObjectMetadataList',
    ],
    ['protobuf only', 'application/vnd.kubernetes.protobuf', 406, 'Status'],
    [
      'an object where there is a list',
      'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
      406,
      'Status',
    ],
  ])('takes %s', async (_, accept, status, kind) => {
    const answer = await get(PATH, { accept });
    expect([answer.status, answer.body.kind]).toEqual([status, kind]);
  });

  it('compresses only large bodies, and only for those who take gzip', async () => {
    const gzip = { 'accept-encoding': 'gzip' };
    expect((await get(PATH, gzip)).headers.get('content-encoding')).toBeNull();
    simulator.apply(configMap('large', { value: 'x'.repeat(200 * 1024) }));
    const large = await get(PATH, gzip);
    expect(large.headers.get('content-encoding')).toBe('gzip');
    expect(names(large.body)).toContain('large');
    const plain = await get(PATH, { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.text).toBe(large.text);
  });
});

it('shows Events a second time, in the words of events.k8s.io', async () => {
  const simulator = await ClusterSimulator.start();
  const since = simulator.resourceVersion;
  simulator.apply({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'web.1', namespace: 'default' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'web' },
    reason: 'BackOff',
    message: 'Back-off restarting failed container',
    type: 'Warning',
    count: 3,
    source: { component: 'kubelet' },
  });
  const path = '/apis/events.k8s.io/v1/events';
  const { items, kind } = (await send(simulator.url, 'GET', path)).body;
  expect([kind, items]).toMatchObject([
    'EventList',
    [
      {
        metadata: { name: 'web.1' },
        regarding: { kind: 'Pod', name: 'web' },
        note: 'Back-off restarting failed container',
        reportingController: 'kubelet',
        deprecatedCount: 3,
      },
    ],
  ]);
  expect(items[0].kind ?? items[0].message).toBeUndefined();
  const watch = await OpenWatch.open(
    simulator.url,
    `${path}?watch=1&resourceVersion=${since}`,
  );
  await eventually(() => watch.events.length === 1);
  expect(watch.events[0]).toMatchObject({
    type: 'ADDED',
    object: { apiVersion: 'events.k8s.io/v1', regarding: { name: 'web' } },
  });
  watch.close();
  await simulator.stop();
});
