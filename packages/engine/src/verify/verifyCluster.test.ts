import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ClusterSimulator,
  demoLandscape,
} from '@kubernetes-topology/cluster-simulator';
import { Knex } from 'knex';
import { eventually } from '../cluster/__testUtils__/eventually';
import {
  quickTuning,
  silentLogger,
} from '../cluster/__testUtils__/quickTuning';
import { TopologyEngine } from '../engine';
import { differenceText, VerifyError } from './verification';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const probe = { every: 200, everyWhileAway: 200, timeout: 5_000 };
const patience = 700;

describe.each(databases.eachSupportedId())('verify, %s', database => {
  let simulator: ClusterSimulator;
  let knex: Knex;
  let engine: TopologyEngine;

  const isReady = () =>
    eventually(
      async () =>
        expect(await engine.clusters()).toMatchObject([{ state: 'ready' }]),
      30_000,
    );

  beforeEach(async () => {
    simulator = await ClusterSimulator.start({ objects: demoLandscape() });
    knex = await databases.init(database);
    engine = await TopologyEngine.create({
      knex,
      clusters: [
        {
          name: 'demo',
          connection: { url: simulator.url },
          headers: async () => ({}),
        },
      ],
      logger: silentLogger,
      workers: false,
      reading: { ...quickTuning, pageSize: 50, probe },
    });
    engine.start();
    await isReady();
  });

  afterEach(async () => {
    await engine.stop();
    await simulator.stop();
  });

  /** A node that time does not change. */
  async function someNode(kind: string) {
    const [node] = await knex('nodes')
      .join('kinds', 'kinds.id', 'nodes.kind_id')
      .where('kinds.kind', kind)
      .whereNotNull('nodes.uid')
      .orderBy('nodes.id')
      .select('nodes.id', 'nodes.key');
    return node as { id: number; key: string };
  }

  it('finds nothing where nothing differs, and compares all there is', async () => {
    const { nodes, edges, revisions, ...result } = await engine.verify('demo', {
      patience,
    });
    expect(result).toMatchObject({
      cluster: 'demo',
      isEqual: true,
      differences: [],
      more: 0,
      unsettled: [],
      notCompared: [],
    });
    const [{ count }] = await knex('nodes').count({ count: '*' });
    expect(nodes).toBe(Number(count));
    const [{ between }] = await knex('edges').count({ between: '*' });
    expect(edges).toBe(Number(between));
    expect(revisions.to).toBe(await engine.revision());
  });

  it('finds each thing that was changed behind the back of the engine', async () => {
    const pod = await someNode('Pod');
    const claim = await someNode('PersistentVolumeClaim');
    const config = await someNode('ConfigMap');
    const service = await someNode('Service');
    await knex('nodes')
      .where({ id: pod.id })
      .update({ labels: JSON.stringify({ app: 'other' }) });
    await knex('nodes').where({ id: claim.id }).update({ level: 'history' });
    await knex('nodes').where({ id: config.id }).delete();
    const [edge] = await knex('edges').where({ src: pod.id }).limit(1);
    await knex('edges')
      .where({ src: edge.src, rel: edge.rel, dst: edge.dst })
      .delete();
    await knex('nodes').insert({
      ...(await knex('nodes').where({ id: service.id }).first()),
      id: 1_000_000,
      key: `${service.key}-never-there`,
    });
    const [kind] = await knex('kind_states')
      .join('kinds', 'kinds.id', 'kind_states.kind_id')
      .where('kinds.kind', 'Secret');
    await knex('kind_states')
      .where({ kind_id: kind.kind_id })
      .update({ objects: 4711 });

    const { isEqual, differences } = await engine.verify('demo', { patience });
    expect(isEqual).toBe(false);
    const found = differences.map(
      ({ what, problem, about, fields }) =>
        `${what} ${problem} ${about} ${fields.map(({ field }) => field)}`,
    );
    expect(found).toContain(`node different ${pod.key} labels`);
    expect(found).toContain(`node different ${claim.key} level`);
    expect(found).toContain(`node absent ${config.key} level`);
    expect(found).toContain(`edge absent ${pod.key} `);
    expect(found).toContain(`node surplus ${service.key}-never-there level`);
    expect(found).toContain('kind different Secret state');
    expect(
      differences.every(difference => differenceText(difference).length > 0),
    ).toBe(true);
    // Besides these only edges from and to what is gone.
    expect(
      differences.filter(
        ({ what, subject }) =>
          what !== 'edge' ||
          !(subject.includes(config.key) || subject.includes('#')),
      ).length,
    ).toBe(6);
  });

  it('says how much it left out', async () => {
    await knex('nodes').update({ created_at: 1 });
    const { isEqual, differences, more } = await engine.verify('demo', {
      patience,
      limit: 3,
    });
    expect(isEqual).toBe(false);
    expect(differences).toHaveLength(3);
    expect(more).toBeGreaterThan(10);
  });

  it('compares no object of a kind that cannot be read, and says so', async () => {
    simulator.faults.add({ kind: 'status', code: 403 }, { resource: 'pods' });
    const { differences, notCompared } = await engine.verify('demo', {
      patience,
    });
    expect(differences.map(differenceText)).toEqual([
      expect.stringMatching(
        /^kind Pod differs: state: stored "\d+ listed", cluster "forbidden"$/,
      ),
    ]);
    expect(notCompared).toEqual(['Pod: the kind cannot be read']);
  });

  it('takes no lag for a difference while the cluster changes', async () => {
    const stop = new AbortController();
    const pods = simulator.list('Pod');
    const changes = (async () => {
      for (let round = 0; !stop.signal.aborted; round++) {
        const pod = structuredClone(pods[round % pods.length]) as any;
        pod.metadata.labels = { ...pod.metadata.labels, round: `${round}` };
        simulator.load([pod]);
        await new Promise(done => setTimeout(done, 3));
      }
    })();
    const { differences } = await engine.verify('demo', { patience });
    stop.abort();
    await changes;
    expect(differences).toEqual([]);
  });

  it('finds what the engine missed since it stopped', async () => {
    await engine.stop();
    const [pod] = simulator.list('Pod').map(each => structuredClone(each));
    pod.metadata.labels = { late: 'yes' };
    simulator.load([pod]);
    const { differences } = await engine.verify('demo', { patience });
    expect(differences.map(differenceText).join('\n')).toContain(
      'labels: stored',
    );
  });

  it('needs a cluster that is configured', async () => {
    await expect(engine.verify('other')).rejects.toThrow(VerifyError);
  });
});
