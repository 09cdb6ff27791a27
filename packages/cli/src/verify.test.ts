import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ClusterSimulator,
  demoLandscape,
} from '@kubernetes-topology/cluster-simulator';
import { openSqlite, TopologyEngine } from '@kubernetes-topology/engine';
import type { Knex } from 'knex';
import {
  PROXY_TOKEN,
  startKubernetesPortal,
} from './__testUtils__/kubernetesPortal';
import { Outcome, runCommand } from './__testUtils__/runCommand';
import { kubeconfigText, scratchFolder } from './__testUtils__/scratch';

jest.setTimeout(240_000);

const silent = { error() {}, warn() {}, info() {}, debug() {} };

describe('verify', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const scratch = scratchFolder();
  let simulator: ClusterSimulator;
  let kubeconfig: string;

  beforeAll(async () => {
    simulator = await ClusterSimulator.start({
      objects: demoLandscape(),
      tokens: { admin: { user: 'admin' } },
    });
    kubeconfig = await scratch.write(
      'kubeconfig',
      kubeconfigText(simulator.url, { admin: 'admin' }),
    );
  });
  afterAll(() => simulator.stop());

  /** The cluster as an engine stores it that ran until the lists were through. */
  async function store(knex: Knex): Promise<void> {
    const engine = await TopologyEngine.create({
      knex,
      clusters: [
        {
          name: 'prod',
          connection: { url: simulator.url },
          headers: async () => ({ Authorization: 'Bearer admin' }),
        },
      ],
      logger: silent,
      workers: false,
    });
    engine.start();
    for (;;) {
      const [state] = await engine.clusters();
      if (state?.state === 'ready') {
        break;
      }
      await delay(50);
    }
    await engine.stop();
  }

  async function storeInFile(
    name: string,
    change: (knex: Knex) => Promise<unknown> = async () => undefined,
  ): Promise<string> {
    const file = scratch.path(name);
    await rm(file, { force: true });
    const knex = openSqlite(file);
    await store(knex);
    await change(knex);
    await knex.destroy();
    return file;
  }

  const verify = (
    database: string,
    args: readonly string[] = [],
    source: readonly string[] = ['--kubeconfig', kubeconfig],
    cluster = 'prod',
  ): Promise<Outcome> =>
    runCommand([
      ...['verify', '--cluster', cluster, '--database', database],
      ...['--patience', '700ms', ...source, ...args],
    ]);

  const relabelPod = async (knex: Knex) => {
    const pod = await knex('nodes').whereLike('key', 'prod/Pod/%').first('id');
    await knex('nodes').where(pod).update({ labels: '{"app":"changed"}' });
  };

  it('ends with 0 where nothing differs', async () => {
    const outcome = await verify(await storeInFile('equal.db'));
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(
      /^prod: equal\. \d+ nodes and \d+ edges were compared in [\d.]+ s\.\n$/,
    );
  });

  it('ends with 1, and prints every difference', async () => {
    const file = await storeInFile('different.db', async knex => {
      await relabelPod(knex);
      const [service] = await knex('nodes').whereLike('key', 'prod/Service/%');
      await knex('nodes').insert({
        ...service,
        id: 1_000_000,
        key: `${service.key}-never-there`,
      });
    });
    const table = await verify(file);
    expect(table).toMatchObject({ code: 1, stderr: '' });
    expect(table.stdout).toMatch(
      /^WHAT +SUBJECT +PROBLEM +FIELD +STORED +CLUSTER$/m,
    );
    expect(table.stdout).toMatch(
      /^node +prod\/Pod\/\S+ +different +labels +\{"app":"changed"\} +\{.*\}$/m,
    );
    expect(table.stdout).toMatch(
      /^node +prod\/Service\/\S+-never-there +not in the cluster +/m,
    );
    expect(table.stdout).toMatch(/^prod: 2 differences\. \d+ nodes/m);

    const json = await verify(file, ['-o', 'json']);
    expect(json).toMatchObject({ code: 1, stderr: '' });
    const { isEqual, differences, more } = JSON.parse(json.stdout);
    expect({ isEqual, more }).toEqual({ isEqual: false, more: 0 });
    expect(differences).toHaveLength(2);
    expect(differences).toContainEqual(
      expect.objectContaining({
        what: 'node',
        problem: 'different',
        fields: [expect.objectContaining({ field: 'labels' })],
      }),
    );
  });

  it('says when differences were cut', async () => {
    const file = await storeInFile('cut.db', knex =>
      knex('nodes').update({ created_at: 1 }),
    );
    const { code, stdout } = await verify(file, ['--limit', '3']);
    expect(code).toBe(1);
    expect(stdout.match(/^node .* created/gm)).toHaveLength(3);
    expect(stdout).toMatch(/^Cut: \d+ more were found and are not shown/m);
  });

  it('does not write to the database', async () => {
    const file = await storeInFile('read.db', relabelPod);
    const dump = async () => {
      const knex = openSqlite(file);
      const rows = [
        await knex('revisions').max('id'),
        await knex('nodes').count(),
        await knex('cluster_leases'),
        await knex('replicas'),
        await knex('relations').count(),
        await knex('kinds').count(),
      ];
      await knex.destroy();
      return rows;
    };
    const before = await dump();
    expect(await verify(file)).toMatchObject({ code: 1 });
    expect(await dump()).toEqual(before);
  });

  it('compares a database of PostgreSQL, and tells no password', async () => {
    const knex = await databases.init('POSTGRES_18');
    await store(knex);
    const { host, port, user, password, database } =
      knex.client.config.connection;
    const url = `postgresql://${user}:${password}@${host}:${port}/${database}`;
    expect(await verify(url)).toMatchObject({ code: 0, stderr: '' });
    await relabelPod(knex);
    const different = await verify(url);
    expect(different).toMatchObject({ code: 1 });
    expect(different.stdout).toMatch(/^prod: 1 difference\. /m);

    const wrong = await verify(
      url.replace(/:[^:@]*@/, ':not-it-4711@'),
      [],
      undefined,
      'x',
    );
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).not.toContain('4711');
  });

  it("reads the cluster through the portal's Kubernetes plugin", async () => {
    const file = await storeInFile('portal.db');
    const portal = await startKubernetesPortal({
      name: 'prod',
      url: simulator.url,
      token: 'admin',
    });
    try {
      const source = ['--portal', portal.url, '--token', PROXY_TOKEN];
      expect(await verify(file, [], source)).toMatchObject({
        code: 0,
        stderr: '',
      });
      const denied = await verify(file, [], ['--portal', portal.url]);
      expect(denied).toMatchObject({ code: 2, stdout: '' });
      expect(denied.stderr).toMatch(/prod cannot be read: .*HTTP 401/);
    } finally {
      await portal.stop();
    }
  });

  describe('ends with 2', () => {
    it.each<[string, string, RegExp]>([
      [
        'no file',
        '/nowhere/a.db',
        /\/nowhere\/a\.db cannot be read \(ENOENT\)/,
      ],
      ['no database', 'kubeconfig', /kubeconfig is no database of SQLite/],
      [
        'another database',
        'other.db',
        /other\.db holds no topology.*topology_migrations/,
      ],
      [
        'nothing at the address',
        'postgresql://u:pw@127.0.0.1:1/d',
        /postgresql:\/\/127\.0\.0\.1:1\/d holds no topology that can be read: .*ECONNREFUSED/,
      ],
    ])('for %s', async (_, name, words) => {
      const other = openSqlite(scratch.path('other.db'));
      await other.raw('CREATE TABLE IF NOT EXISTS t (a)');
      await other.destroy();
      const database = /^[/p]/.test(name) ? name : scratch.path(name);
      const outcome = await verify(database);
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toMatch(words);
      expect(outcome.stderr).not.toContain('pw');
    });

    it('for a cluster that is not stored, and names those that are', async () => {
      const file = await storeInFile('named.db');
      const outcome = await verify(file, [], undefined, 'test');
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toMatch(
        /named\.db holds no cluster test; give --cluster one of prod/,
      );
    });

    it.each<[string, (knex: Knex) => Promise<unknown>, RegExp]>([
      [
        'an older version',
        async knex => {
          const [{ id }] = await knex('topology_migrations').max({ id: 'id' });
          await knex('topology_migrations').where({ id }).delete();
        },
        /is of an older version: start the newer portal once/,
      ],
      [
        'a newer version',
        knex =>
          knex('topology_migrations').insert({
            name: '29990101_next.js',
            batch: 9,
          }),
        /is of a newer version: update this command/,
      ],
    ])('for a database of %s', async (name, change, words) => {
      const file = await storeInFile(`${name}.db`, change);
      const outcome = await verify(file);
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toMatch(words);
    });

    it('for a cluster that cannot be read', async () => {
      const file = await storeInFile('unreachable.db');
      const away = await scratch.write(
        'away',
        kubeconfigText('http://127.0.0.1:1'),
      );
      const outcome = await verify(file, [], ['--kubeconfig', away]);
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toMatch(/prod cannot be read: /);
    });
  });
});
