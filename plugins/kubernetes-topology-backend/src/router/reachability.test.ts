import { readFileSync } from 'node:fs';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import {
  KIND_DEFINITIONS,
  openSqlite,
  parseDump,
  TopologyEngine,
} from '@kubernetes-topology/engine';
import request from 'supertest';
import { startPlugin } from '../__testUtils__/startPlugin';

jest.setTimeout(60_000);

const base = '/api/kubernetes-topology';
const READ = 'kubernetes.topology.read';
const dump = path.resolve(
  __dirname,
  '../../../../test/fixtures/clusters/bookinfo-networkpolicy.json',
);

const pod = (name: string) => ({ type: 'pod', namespace: 'bookinfo', name });
const PRODUCTPAGE = pod('productpage-v1-6b6ffd55f4-g5g7m');
const DETAILS = pod('details-v1-7d775cb4f6-nv2rb');
const REVIEWS = pod('reviews-v2-577d8fbb77-qx4rj');
const RATINGS = pod('ratings-v1-5b896f8544-h6rdr');

describe('what network policies let through', () => {
  const knex = openSqlite('');
  let engine: TopologyEngine;
  let started: Awaited<ReturnType<typeof startPlugin>>;

  beforeAll(async () => {
    const logger = mockServices.logger.mock();
    const objects = parseDump(readFileSync(dump), KIND_DEFINITIONS);
    const reader = await TopologyEngine.create({
      knex,
      clusters: [{ name: 'lab', objects, isComplete: true }],
      logger,
    });
    reader.start();
    for (;;) {
      const [state] = await reader.clusters();
      if (state?.state === 'ready') {
        break;
      }
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    await reader.stop();
    // The plugin takes its clusters from the configuration, which has none: this one only answers.
    engine = await TopologyEngine.create({ knex, clusters: [], logger });
    started = await startPlugin({ topology: engine });
  });
  afterAll(async () => {
    await started.stop();
    await knex.destroy();
  });

  const post = (route: string, body: object) =>
    request(started.server)
      .post(`${base}${route}`)
      .send({ cluster: 'lab', ...body });
  const get = (route: string) => request(started.server).get(`${base}${route}`);
  const ask = (from: object, to: object, port = '9080/TCP') =>
    post('/reach', { from, to, port });

  it.each([
    [PRODUCTPAGE, DETAILS, 'allowed'],
    [REVIEWS, RATINGS, 'denied'],
    [
      REVIEWS,
      { type: 'service', namespace: 'bookinfo', name: 'ratings' },
      'denied',
    ],
    [
      { type: 'workload', namespace: 'bookinfo', name: 'productpage-v1' },
      { type: 'workload', namespace: 'bookinfo', name: 'reviews-v1' },
      'allowed',
    ],
    [
      { type: 'namespace', name: 'bookinfo' },
      { type: 'namespace', name: 'bookinfo' },
      'partly',
    ],
    [{ type: 'outside' }, DETAILS, 'denied'],
    [REVIEWS, { type: 'addresses', text: '8.8.8.8/32' }, 'denied'],
  ])('%j → %j: %s', async (from, to, verdict) => {
    const { status, body } = await ask(from, to);
    expect([status, body.verdict, body.allowed]).toEqual([
      200,
      verdict,
      verdict === 'allowed',
    ]);
    expect(body.partial).toEqual([]);
  });

  it('names the smallest change', async () => {
    const { body } = await ask(REVIEWS, RATINGS);
    expect(body.change).toMatchObject([
      { action: 'replace', instead: 'review', value: 'reviews' },
    ]);
  });

  it.each([
    [{ from: REVIEWS, to: { type: 'pod' } }, 400, 'to: a pod needs namespace'],
    [{ from: REVIEWS, to: RATINGS }, 400, 'say which'],
    [{ from: REVIEWS, to: RATINGS, port: '0/TCP' }, 400, '1 to 65535'],
    [{ from: REVIEWS, to: RATINGS, port: '80/ICMP' }, 400, 'Write a port'],
    [{ from: REVIEWS, to: pod('gone'), port: '80' }, 400, 'there is no pod'],
    [{ from: REVIEWS, to: { type: 'all' }, port: '80' }, 400, ''],
    [{ cluster: 'other', from: REVIEWS, to: RATINGS, port: '80' }, 404, ''],
  ])('%j: %i %s', async (body, status, message) => {
    const response = await post('/reach', body);
    expect(response.status).toBe(status);
    expect(response.body.error.message).toContain(message);
  });

  it('folds and spreads', async () => {
    const matrix = await post('/reach/matrix', {
      namespace: 'bookinfo',
      ports: ['9080/TCP', '53/UDP'],
    });
    expect(matrix.body.pods).toHaveLength(6);
    expect(matrix.body.ports).toEqual(['9080/TCP', '53/UDP']);
    expect(matrix.body.allowed[0][1]).toEqual([
      ...[true, true, false, true, true, true],
    ]);
    const { body } = await post('/reach/connections', {
      namespace: 'bookinfo',
    });
    expect(body.connections).toContainEqual({
      source: 'bookinfo/productpage-v1[Deployment]',
      destination: 'bookinfo/details-v1[Deployment]',
      ports: [{ protocol: 'TCP', from: 9080, to: 9080 }],
    });
  });

  it('tells what a change would do', async () => {
    const { body } = await post('/reach/change', {
      remove: [{ namespace: 'bookinfo', name: 'details-from-productpage' }],
    });
    expect(body).toMatchObject({
      governed: [`bookinfo/${DETAILS.name}`],
      added: [],
      removed: [
        {
          source: 'bookinfo/productpage-v1[Deployment]',
          destination: 'bookinfo/details-v1[Deployment]',
        },
      ],
    });
    const wrong = await post('/reach/change', { apply: [{ kind: 'Pod' }] });
    expect(wrong.status).toBe(400);
  });

  it('tells whom a policy governs, and where an Ingress leads', async () => {
    const of = (name: string) => `cluster=lab&namespace=bookinfo&name=${name}`;
    const policy = await get(`/reach/policy?${of('default-deny-ingress')}`);
    expect(policy.body.pods).toHaveLength(6);
    expect(policy.body.directions).toEqual(['ingress']);
    expect((await get(`/reach/policy?${of('none')}`)).status).toBe(404);
    expect((await get(`/reach/route?${of('none')}`)).status).toBe(404);
    const { routing } = (await engine.reachability('lab'))!;
    const ingress = routing.routes.find(
      ({ namespace }) => namespace === 'bookinfo',
    )!;
    const route = await get(`/reach/route?${of(ingress.name)}`);
    expect(route.body.backends[0]).toMatchObject({
      service: 'bookinfo/productpage',
      verdict: 'unknown',
    });
  });

  describe('to who may not see all policies', () => {
    let all: typeof started;
    beforeAll(async () => {
      all = started;
      started = await startPlugin({
        topology: engine,
        decisions: {
          [READ]: {
            not: {
              rule: 'IS_OF_KIND',
              resourceType: 'kubernetes-topology-node',
              params: { kinds: ['NetworkPolicy.networking.k8s.io'] },
            },
          },
        },
      });
    });
    afterAll(async () => {
      await started.stop();
      started = all;
    });

    it('nothing is said to be allowed', async () => {
      const { body } = await ask(PRODUCTPAGE, DETAILS);
      expect(body).toMatchObject({ verdict: 'unknown', allowed: false });
      expect(body.partial).toContainEqual(
        expect.stringContaining('policies that you may not see'),
      );
      const matrix = await post('/reach/matrix', {
        namespace: 'bookinfo',
        ports: ['9080/TCP'],
      });
      const [table] = matrix.body.allowed;
      // But a pod reaches itself.
      expect(table.flat().filter(Boolean)).toHaveLength(table.length);
    });
  });
});
