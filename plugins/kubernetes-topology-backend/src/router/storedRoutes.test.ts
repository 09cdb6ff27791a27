import { TestDatabases } from '@backstage/backend-test-utils';
import request from 'supertest';
import { startPlugin } from '../__testUtils__/startPlugin';
import { topologyConditions } from '../permissions/conditions';
import { storedTopology } from '../__testUtils__/storedTopology';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const base = '/api/kubernetes-topology';
const T = 1_700_000_000_000;

const deployment = 'demo/Deployment.apps/shop/web';
const replicaSet = 'demo/ReplicaSet.apps/shop/web-1';
const pods = ['a', 'b', 'c'].map(each => `demo/Pod/shop/web-1-${each}`);
const secret = 'demo/Secret/shop/key';
const late = 'demo/ConfigMap/shop/late';
const label = { 'backstage.io/kubernetes-id': 'web' };

const entities = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'web',
      annotations: { 'backstage.io/kubernetes-id': 'web' },
    },
  },
];

describe.each(databases.eachSupportedId())('routes of objects on %s', id => {
  let started: Awaited<ReturnType<typeof startPlugin>>;

  beforeAll(async () => {
    const stored = await storedTopology(await databases.init(id));
    await stored.write(
      T,
      [
        { key: deployment, labels: label },
        { key: replicaSet, labels: label },
        ...pods.map(key => ({ key, labels: label })),
        { key: secret, properties: { Type: 'Opaque' } },
      ],
      [
        [deployment, 'deployment-replicaset', replicaSet],
        ...pods.map(
          pod =>
            [replicaSet, 'replicaset-pod', pod] as [string, string, string],
        ),
        [pods[0], 'pod-secret', secret],
      ],
    );
    await stored.write(
      T + 1000,
      [{ key: pods[0], labels: label, level: 'down' }, { key: late }],
      [[pods[0], 'pod-configmap', late]],
      [pods[2]],
    );
    started = await startPlugin({ topology: stored.engine, entities });
  });
  afterAll(() => started.stop());

  const get = (path: string) => request(started.server).get(`${base}${path}`);
  const query = (body: object | string) =>
    request(started.server).post(`${base}/query`).send(body);
  const keys = ({ body }: { body: any }) =>
    body.items.map((item: any) => item.key);
  const k = encodeURIComponent;

  it.each<[string, string[]]>([
    ['', [deployment, replicaSet, pods[0], pods[1], secret, late]],
    ['?kind=Pod', [pods[0], pods[1]]],
    ['?kind=Pod&kind=Secret', [pods[0], pods[1], secret]],
    ['?level=down', [pods[0]]],
    ['?namespace=', []],
    ['?namespace=shop&kind=Secret&cluster=demo', [secret]],
    ['?cluster=other', []],
    [
      '?labelSelector=backstage.io/kubernetes-id%3Dweb',
      [deployment, replicaSet, pods[0], pods[1]],
    ],
    ['?labelSelector=!backstage.io/kubernetes-id', [secret, late]],
  ])('GET /nodes%s', async (search, expected) => {
    const answer = await get(`/nodes${search}`);
    expect([answer.status, keys(answer)]).toEqual([200, expected]);
  });

  it('pages objects by an opaque cursor', async () => {
    const found: string[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page++) {
      const answer = await get(`/nodes?limit=4${cursor}`);
      found.push(...keys(answer));
      if (!answer.body.nextCursor) {
        break;
      }
      cursor = `&cursor=${answer.body.nextCursor}`;
    }
    expect(found).toEqual([
      deployment,
      replicaSet,
      pods[0],
      pods[1],
      secret,
      late,
    ]);
    for (const other of [
      `/nodes?kind=Pod${cursor}`,
      `/nodes?cursor=abc`,
      `/descendants?key=${k(deployment)}${cursor}`,
    ]) {
      const { status, body } = await get(other);
      expect([status, body.error.message]).toEqual([
        400,
        expect.stringContaining('cursor'),
      ]);
    }
  });

  it('GET /descendants, page by page at one moment', async () => {
    const url = `/descendants?key=${k(deployment)}&limit=2`;
    const first = await get(url);
    expect(keys(first)).toEqual([replicaSet, pods[0]]);
    const second = await get(`${url}&cursor=${first.body.nextCursor}`);
    expect(keys(second)).toEqual([pods[1]]);
    expect(second.body.nextCursor).toBeUndefined();
    const then = await get(`/descendants?key=${k(deployment)}&at=${T}`);
    expect(keys(then)).toEqual([replicaSet, ...pods]);
  });

  it('GET /ancestors', async () => {
    expect(keys(await get(`/ancestors?key=${k(pods[0])}`))).toEqual([
      replicaSet,
      deployment,
    ]);
    expect(keys(await get(`/ancestors?key=${k(pods[0])}&depth=1`))).toEqual([
      replicaSet,
    ]);
    expect((await get('/ancestors?key=demo/Pod/shop/gone')).status).toBe(404);
  });

  it('GET /node, /neighbours and the graph of an entity at a time', async () => {
    const level = async (at: string) =>
      (await get(`/node?key=${k(pods[0])}${at}`)).body.node.verdict.level;
    expect([await level(''), await level(`&at=${T}`)]).toEqual(['down', 'ok']);
    const neighbours = await get(`/neighbours?key=${k(pods[0])}&at=${T}`);
    expect(neighbours.text).not.toContain(late);
    const graph = async (at: string) =>
      (await get(`/entities/component/default/web/graph${at}`)).body.own.length;
    expect([await graph(''), await graph(`?at=${T}`)]).toEqual([4, 5]);
    expect((await get(`/node?key=${k(pods[2])}`)).status).toBe(404);
    expect((await get(`/node?key=${k(pods[2])}&at=${T}`)).status).toBe(200);
  });

  it('GET /history, with what changed', async () => {
    const { body } = await get(`/history?key=${k(pods[0])}`);
    expect(body).toMatchObject({
      since: 0,
      versions: [
        {
          from: T + 1000,
          node: { verdict: { level: 'down' } },
          labels: label,
          changes: [{ part: 'level', before: 'ok', after: 'down' }],
        },
        { from: T, to: T + 1000, node: { verdict: { level: 'ok' } } },
      ],
    });
    const page = await get(`/history?key=${k(pods[0])}&limit=1`);
    const rest = await get(
      `/history?key=${k(pods[0])}&limit=1&cursor=${page.body.nextCursor}`,
    );
    expect(rest.body.versions).toEqual([body.versions[1]]);
    expect(rest.body.nextCursor).toBeUndefined();
    // What is gone has a history, what never was has none.
    expect((await get(`/history?key=${k(pods[2])}`)).status).toBe(200);
    expect((await get(`/history?key=demo/Pod/shop/no`)).status).toBe(404);
  });

  it('GET /diff between two times', async () => {
    const { body } = await get(`/diff?from=${T}`);
    expect(body).toMatchObject({
      from: T,
      added: [{ key: late }],
      removed: [{ key: pods[2] }],
      changed: [
        {
          node: { key: pods[0] },
          changes: [{ part: 'level', before: 'ok', after: 'down' }],
        },
      ],
      addedEdges: [{ source: pods[0], target: late, relationType: 'pod' }],
      removedEdges: [
        { source: replicaSet, target: pods[2], relationType: 'replicaset' },
      ],
    });
    const some = await get(
      `/diff?from=${T}&query=${k("G.V().Has('Type','secret')")}`,
    );
    expect([some.body.added, some.body.changed]).toEqual([[], []]);
    const number = await get(`/diff?from=${T}&query=G.V().Count()`);
    expect([number.status, number.body.error.name]).toEqual([
      400,
      'InputError',
    ]);
  });

  it.each(['yesterday', '-10', '1e99', '', '9'.repeat(30)])(
    'refuses %j as a time',
    async at => {
      const { status, body } = await get(
        `/node?key=${k(secret)}&at=${encodeURIComponent(at)}`,
      );
      expect([status, body.error.name]).toEqual([400, 'InputError']);
    },
  );

  it.each([
    ['text/vnd.graphviz', /^digraph g \{/],
    ['text/vnd.mermaid', /^flowchart LR/],
    ['text/x-mermaid', /^flowchart LR/],
    ['application/graphml+xml', /^<\?xml/],
  ])('draws an answer and an entity as %s', async (type, form) => {
    const drawn = await query({ GremlinQuery: 'G' }).set('Accept', type);
    expect([drawn.status, drawn.headers['content-type']]).toEqual([
      200,
      expect.stringMatching(/^(text|application)\/.*charset=utf-8$/),
    ]);
    const text = drawn.text ?? drawn.body.toString();
    expect(text).toMatch(form);
    expect(text).toContain('web-1-a');
    const entity = await get('/entities/component/default/web/graph').set(
      'Accept',
      type,
    );
    expect(entity.text ?? entity.body.toString()).toMatch(form);
    const number = await query({ query: 'G.V().Count()' }).set('Accept', type);
    expect([number.status, number.body.error.name]).toEqual([
      406,
      'NotAcceptableError',
    ]);
  });

  it('writes any answer as CSV', async () => {
    const table = await query({
      query: "G.V().Has('Type','pod').Values('Name')",
    }).set('Accept', 'text/csv');
    expect(table.text).toBe('Value\r\nweb-1-a\r\nweb-1-b\r\n');
  });

  it("answers a Skydive client's requests", async () => {
    // As curl -d sends it, and with an Accept that nobody knows.
    const curl = await query(
      JSON.stringify({ GremlinQuery: "G.V().Has('Type','pod')" }),
    )
      .type('application/x-www-form-urlencoded')
      .set('Accept', 'application/vnd.unknown');
    expect(curl.status).toBe(200);
    expect(curl.body[0]).toMatchObject({
      ID: pods[0],
      Metadata: {
        Name: 'web-1-a',
        Type: 'pod',
        Manager: 'k8s',
        State: 'DOWN',
        K8s: { Namespace: 'shop', Labels: label },
      },
      CreatedAt: expect.any(Number),
      Revision: expect.any(Number),
    });
    const pcap = await query({ GremlinQuery: 'G' }).set(
      'Accept',
      'application/vnd.tcpdump.pcap',
    );
    expect(pcap.status).toBe(406);
    expect((await query({ GremlinQuery: '' })).status).toBe(204);
    expect((await query('')).status).toBe(204);
    const past = await query({ query: 'G.V().Count()', at: `${T}` });
    expect(past.body).toBe(6);
  });

  it('answers 304 to whoever knows the answer', async () => {
    for (const path of [
      `/node?key=${k(secret)}`,
      `/neighbours?key=${k(secret)}`,
      '/entities/component/default/web/graph',
    ]) {
      const first = await get(path);
      const again = await get(path).set('If-None-Match', first.headers.etag);
      const other = await get(
        `${path}${path.includes('?') ? '&' : '?'}at=${T}`,
      ).set('If-None-Match', first.headers.etag);
      expect([path, first.status, again.status, other.status]).toEqual([
        path,
        200,
        304,
        200,
      ]);
    }
  });

  it('refuses a question that takes more than a statement carries', async () => {
    // A rule takes 500 names; a policy may have many rules, and each hop carries them all.
    const rules = Array.from({ length: 20 }, (_, rule) =>
      topologyConditions.isInNamespace({
        namespaces: Array.from({ length: 500 }, (__, i) => `shop-${rule}-${i}`),
      }),
    );
    started.decisions['kubernetes.topology.read'] = {
      not: { anyOf: rules as [(typeof rules)[0]] },
    };
    const few = await query({ query: 'G.V().Count()' });
    const many = await query({ query: `G.V()${'.Both()'.repeat(10)}.Count()` });
    delete started.decisions['kubernetes.topology.read'];
    expect([few.status, many.status, many.body.error.message]).toEqual([
      200,
      400,
      expect.stringContaining('fewer steps'),
    ]);
  });

  it('refuses what is no parameter, and says which there is', async () => {
    const { status, body } = await get(`/node?key=a&depht=3&at=x&at=y`);
    expect([status, body.error.message]).toEqual([
      400,
      expect.stringMatching(/depht is not known here.*at.*string/),
    ]);
  });
});
