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
import { databases } from '../store/__testUtils__/databases';
import { IncidentChange } from './incidentRecord';

jest.setTimeout(120_000);

/** The demo: a pod of the Kubernetes documentation whose claim no volume fits, and three applications that are well. */
const CLAIM = 'PersistentVolumeClaim task-pv-claim';

describe.each(databases.eachSupportedId())('incidents over time, %s', id => {
  let simulator: ClusterSimulator;
  let knex: Knex;
  let engine: TopologyEngine;
  let told: IncidentChange[];

  async function start(): Promise<void> {
    told = [];
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
      reading: quickTuning,
      incidents: { every: 100, opensAfter: 300, resolvedAfter: 500 },
    });
    engine.onIncidents(changes => told.push(...changes));
    engine.start();
  }

  async function removeSecret(): Promise<void> {
    const url = `${simulator.url}/api/v1/namespaces/wordpress`;
    await fetch(`${url}/secrets/mysql-pass`, { method: 'DELETE' });
    const { items } = await (await fetch(`${url}/pods`)).json();
    for (const { metadata } of items) {
      await fetch(`${url}/pods/${metadata.name}`, { method: 'DELETE' });
    }
  }

  async function showsOnlyWhatIsVisible(): Promise<void> {
    const log = (kinds: string[]) =>
      engine.incidentLog({ filter: { not: { key: 'kind', values: kinds } } });
    expect(await log(['PersistentVolumeClaim'])).toEqual([]);
    const [{ incident }] = await log(['Pod']);
    expect(incident.affected.map(({ kind }) => kind)).not.toContain('Pod');
    expect(JSON.stringify(incident)).not.toContain('task-pv-pod');
  }

  const toldTexts = () =>
    told
      .filter(({ type }) => type !== 'changed')
      .map(
        ({ type, record: { incident } }) =>
          `${type}: ${incident.root.kind} ${incident.root.name}`,
      );

  beforeEach(async () => {
    simulator = await ClusterSimulator.start({
      objects: demoLandscape(),
      controllers: true,
      speed: 20,
    });
    knex = await databases.init(id);
  });

  afterEach(async () => {
    await engine.stop();
    await simulator.stop();
  });

  it('are told once, go on after a restart, are kept when they are over, and show only what the asker may see', async () => {
    await start();
    await eventually(
      async () => expect(toldTexts()).toEqual([`opened: ${CLAIM}`]),
      60_000,
    );
    await showsOnlyWhatIsVisible();
    await engine.stop();

    await removeSecret();
    await start();
    const opened = 'opened: Secret mysql-pass';
    await eventually(async () => expect(toldTexts()).toEqual([opened]), 60_000);
    const open = await engine.incidentLog({ open: true });
    expect(open.map(({ incident }) => incident.root.name).sort()).toEqual([
      'mysql-pass',
      'task-pv-claim',
    ]);

    await fetch(`${simulator.url}/api/v1/namespaces/wordpress/secrets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'mysql-pass', namespace: 'wordpress' },
        data: { password: 'c2VjcmV0' },
      }),
    });
    await eventually(
      async () =>
        expect(toldTexts()).toEqual([opened, 'resolved: Secret mysql-pass']),
      60_000,
    );
    const [{ resolvedAt, openedAt, incident }] = await engine.incidentLog();
    expect(incident.root.name).toBe('mysql-pass');
    expect(resolvedAt).toBeGreaterThan(openedAt);
    expect(JSON.stringify(await engine.incidentLog())).not.toContain(
      'c2VjcmV0',
    );
  });
});
