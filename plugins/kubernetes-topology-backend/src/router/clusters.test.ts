import request from 'supertest';
import { topologyConditions } from '../permissions/conditions';
import { InMemoryTopology } from '../__testUtils__/inMemoryTopology';
import { Decision, startPlugin } from '../__testUtils__/startPlugin';

const READ = 'kubernetes.topology.read';
const POD = { group: '', kind: 'Pod' };
const CERTIFICATE = { group: 'cert-manager.io', kind: 'Certificate' };
const NODE = { group: '', kind: 'Node' };

function twoClusters(): InMemoryTopology {
  const topology = new InMemoryTopology();
  topology.states = [
    {
      name: 'demo',
      state: 'syncing',
      message: '',
      at: 5,
      progress: { kinds: 1, ofKinds: 3, percent: 40 },
      kinds: [
        { state: 'listed', kind: POD, resourceVersion: '9', objects: 2, at: 7 },
        {
          state: 'listing',
          kind: CERTIFICATE,
          objects: 20,
          expected: 50,
          at: 6,
        },
        {
          state: 'forbidden',
          kind: NODE,
          message: 'nodes is forbidden',
          at: 4,
        },
      ],
    },
    { name: 'other', state: 'ready', message: '', at: 6, kinds: [] },
  ];
  const lease = { fencing: 1, isExpired: false, unwantedFor: undefined };
  topology.leases = [
    { ...lease, cluster: 'demo', holder: 'replica-a' },
    { ...lease, cluster: 'other', holder: 'replica-b', isExpired: true },
  ];
  return topology;
}

async function ask(
  cluster: string,
  decisions: Record<string, Decision> = {},
  path = 'health',
) {
  const { server, stop } = await startPlugin({
    topology: twoClusters(),
    decisions,
    config: {
      kubernetes: {
        clusterLocatorMethods: [
          {
            type: 'config',
            clusters: [
              { name: 'mine', url: 'https://x', authProvider: 'google' },
            ],
          },
        ],
      },
    },
  });
  try {
    return await request(server).get(
      `/api/kubernetes-topology/clusters/${cluster}/${path}`,
    );
  } finally {
    await stop();
  }
}

describe('GET /clusters/:name/health', () => {
  it('tells each kind with its state, count and last error', async () => {
    const { status, body } = await ask('demo');
    expect(status).toBe(200);
    expect(body).toEqual({
      name: 'demo',
      state: 'syncing',
      message: '',
      progress: { kinds: 3, kindsDone: 1, percent: 40 },
      updatedAt: 7,
      holder: 'replica-a',
      kinds: [
        {
          kind: 'Pod',
          group: '',
          type: 'pod',
          state: 'listed',
          objects: 2,
          at: 7,
        },
        {
          kind: 'Certificate',
          group: 'cert-manager.io',
          type: 'certificate',
          state: 'listing',
          objects: 20,
          expected: 50,
          at: 6,
        },
        {
          kind: 'Node',
          group: '',
          type: 'node',
          state: 'forbidden',
          objects: 0,
          message: 'nodes is forbidden',
          at: 4,
        },
      ],
    });
  });

  it('names no replica once its lease has expired', async () => {
    const { body } = await ask('other');
    expect(body).toEqual({
      name: 'other',
      state: 'ready',
      message: '',
      updatedAt: 6,
      kinds: [],
    });
  });

  it('says why a cluster cannot be watched', async () => {
    const { body } = await ask('mine');
    expect(body).toEqual({
      name: 'mine',
      state: 'failing',
      message: expect.stringContaining('"google"'),
      updatedAt: expect.any(Number),
      kinds: [],
    });
  });

  const isInCluster = topologyConditions.isInCluster({ clusters: ['demo'] });
  const isPod = topologyConditions.isOfKind({ kinds: ['Pod'] });
  const inShop = topologyConditions.isInNamespace({ namespaces: ['shop'] });
  it.each<[string, string, Decision, number, string[]]>([
    ['all', 'demo', 'allow', 200, ['Pod 2', 'Certificate 20', 'Node 0']],
    ['nothing', 'demo', 'deny', 403, []],
    [
      'the cluster',
      'demo',
      isInCluster,
      200,
      ['Pod 2', 'Certificate 20', 'Node 0'],
    ],
    ['another cluster', 'other', isInCluster, 404, []],
    ['another unwatched cluster', 'mine', isInCluster, 404, []],
    ['a cluster that is not there', 'gone', 'allow', 404, []],
    ['pods only', 'demo', isPod, 200, ['Pod 2']],
    ['all but pods', 'demo', { not: isPod }, 200, ['Certificate 20', 'Node 0']],
    [
      'one namespace, whose share of a count is not known',
      'demo',
      inShop,
      200,
      ['Pod hidden', 'Certificate hidden', 'Node hidden'],
    ],
  ])('who may see %s', async (_, cluster, decision, status, kinds) => {
    const answer = await ask(cluster, { [READ]: decision });
    expect(answer.status).toBe(status);
    expect(
      (answer.body.kinds ?? []).map(
        ({ kind, objects, countHidden }: any) =>
          `${kind} ${countHidden ? 'hidden' : objects}`,
      ),
    ).toEqual(kinds);
    const hidden = `There is no cluster ${cluster} that you may see`;
    expect(answer.body.error?.message === hidden).toBe(status === 404);
  });
});
