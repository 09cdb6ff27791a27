import { Incident, IncidentRecord, NodeKey } from '@kubernetes-topology/engine';
import request from 'supertest';
import { InMemoryTopology } from '../__testUtils__/inMemoryTopology';
import { startPlugin } from '../__testUtils__/startPlugin';

const root = {
  key: 'demo/Secret/shop/password' as NodeKey,
  kind: 'Secret',
  namespace: 'shop',
  name: 'password',
  verdict: { level: 'missing', reason: 'NotFound', evidence: [] },
};
const record = {
  cluster: 'demo',
  openedAt: 1,
  changedAt: 3,
  resolvedAt: 2,
  incident: {
    id: 'one',
    root,
    fault: 'MissingSecret',
    severity: 'critical',
    confidence: 'proven',
    summary: 'Secret password does not exist.',
    nextStep: 'Create it.',
    path: [{ node: root, says: 'It is not there.', evidence: [] }],
    evidence: [],
    affected: [],
    more: 0,
    rivals: [],
  } as unknown as Incident,
} satisfies IncidentRecord;

describe('GET /incidents/log', () => {
  const topology = new InMemoryTopology([]);
  topology.records = [record];
  let plugin: Awaited<ReturnType<typeof startPlugin>>;
  beforeAll(async () => {
    plugin = await startPlugin({ topology });
  });
  afterAll(() => plugin.stop());

  const ask = (query: string) =>
    request(plugin.server).get(
      `/api/kubernetes-topology/incidents/log${query}`,
    );

  it('tells when an incident opened and was resolved', async () => {
    const { body } = await ask('').expect(200);
    expect(body).toMatchObject([
      {
        cluster: 'demo',
        openedAt: 1,
        changedAt: 3,
        resolvedAt: 2,
        incident: {
          id: 'one',
          fault: 'MissingSecret',
          root: { key: root.key, cluster: 'demo', group: '' },
        },
      },
    ]);
  });

  it('asks for what is wanted, within bounds', async () => {
    const log = jest.spyOn(topology, 'incidentLog');
    await ask(
      '?cluster=demo&since=1970-01-01T00:00:01Z&open=true&limit=5',
    ).expect(200);
    expect(log).toHaveBeenLastCalledWith({
      filter: undefined,
      clusters: ['demo'],
      since: 1000,
      open: true,
      limit: 5,
    });
    await ask('?limit=501').expect(400);
    await ask('?open=perhaps').expect(400);
  });
});
