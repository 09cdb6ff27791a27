import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { parseDump } from './cluster/dump';
import { eventually } from './cluster/__testUtils__/eventually';
import { silentLogger } from './cluster/__testUtils__/quickTuning';
import { TopologyEngine } from './engine';
import { KIND_DEFINITIONS } from './kinds';
import { inputOfObjects } from './reachability/inputOfObjects';
import { Reachability } from './reachability/reachability';
import { reachReport } from './reachability/reachReport';
import { routePath } from './reachability/routePath';
import { workloadConnections } from './reachability/workloadConnections';
import { NodeFilter } from './store/nodeFilter';

jest.setTimeout(60_000);

const folder = resolve(__dirname, '../../../test/fixtures/clusters');
const dump = readFileSync(resolve(folder, 'bookinfo-networkpolicy.json'));
const objects = parseDump(dump, KIND_DEFINITIONS);
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

const pod = (name: string) =>
  ({ type: 'pod', namespace: 'bookinfo', name } as const);
const REVIEWS = pod('reviews-v2-577d8fbb77-qx4rj');
const RATINGS = pod('ratings-v1-5b896f8544-h6rdr');
const PRODUCTPAGE = pod('productpage-v1-6b6ffd55f4-g5g7m');
const DETAILS = pod('details-v1-7d775cb4f6-nv2rb');
const TCP_9080 = { protocol: 'TCP', port: 9080 } as const;

describe.each(databases.eachSupportedId())('reachability from %s', id => {
  let knex: Knex;
  let engine: TopologyEngine;

  beforeAll(async () => {
    knex = await databases.init(id);
    engine = await TopologyEngine.create({
      knex,
      clusters: [{ name: 'lab', objects, isComplete: true }],
      logger: silentLogger,
    });
    engine.start();
    await eventually(async () => {
      const [state] = await engine.clusters();
      if (state?.state !== 'ready') {
        throw new Error('not ready');
      }
    }, 30_000);
  });

  afterAll(async () => {
    await engine.stop();
  });

  it('is the same as from the objects', async () => {
    const { model, partial } = (await engine.reachability('lab'))!;
    expect(partial).toEqual([]);
    expect(workloadConnections(model)).toEqual(
      workloadConnections(Reachability.create(inputOfObjects(objects))),
    );
  });

  it('is compiled once per revision', async () => {
    const first = await engine.reachability('lab');
    expect(await engine.reachability('lab')).toBe(first);
  });

  it('leads from an Ingress to its pods', async () => {
    const { model, routing } = (await engine.reachability('lab'))!;
    const ingress = routing.routes.find(
      ({ namespace }) => namespace === 'bookinfo',
    )!;
    const { controllers, backends } = routePath(model, routing, ingress)!;
    // No controller is in this cluster, and a policy lets in only its namespace.
    expect(controllers).toEqual([]);
    expect(backends).toHaveLength(2);
    for (const backend of backends) {
      expect(backend).toMatchObject({
        service: 'bookinfo/productpage',
        port: '9080',
        endpoints: ['bookinfo/productpage-v1-6b6ffd55f4-g5g7m:9080/TCP'],
        verdict: 'unknown',
      });
    }
  });

  const without = (kind: string, namespace: string): NodeFilter => ({
    not: {
      allOf: [
        { key: 'kind', values: [kind] },
        { key: 'namespace', values: [namespace] },
      ],
    },
  });
  const policies = (namespace: string) =>
    without('NetworkPolicy.networking.k8s.io', namespace);

  it.each([
    ['all is seen', undefined, REVIEWS, RATINGS, 'denied'],
    // A policy that is seen allows it: no other can take that away.
    ['policies elsewhere', policies('shop'), PRODUCTPAGE, DETAILS, 'allowed'],
    ['policies elsewhere', policies('shop'), REVIEWS, RATINGS, 'denied'],
    ['policies of both', policies('bookinfo'), PRODUCTPAGE, DETAILS, 'unknown'],
    ['policies of both', policies('bookinfo'), REVIEWS, RATINGS, 'unknown'],
  ] as const)('%s: %#', async (_, filter, from, to, verdict) => {
    const { model, routing, partial } = (await engine.reachability('lab', {
      filter,
    }))!;
    const report = reachReport(model, routing, { from, to, port: TCP_9080 });
    expect(report).toMatchObject({ verdict, allowed: verdict === 'allowed' });
    expect(partial.length).toBe(filter ? 2 : 0);
  });

  it('does not show pods that are hidden', async () => {
    const filter = without('Pod', 'bookinfo');
    const { model, partial } = (await engine.reachability('lab', { filter }))!;
    expect(model.pods.some(one => one.namespace === 'bookinfo')).toBe(false);
    expect(partial).toEqual(['only objects that you may see are looked at']);
  });

  it('knows no other cluster', async () => {
    expect(await engine.reachability('other')).toBeUndefined();
  });
});
