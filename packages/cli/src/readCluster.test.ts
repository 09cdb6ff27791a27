import { access, readdir } from 'node:fs/promises';
import {
  ClusterSimulator,
  demoLandscape,
  readObjectsFromFile,
} from '@kubernetes-topology/cluster-simulator';
import { runCommand } from './__testUtils__/runCommand';
import {
  captured,
  kubeconfigText,
  scratchFolder,
} from './__testUtils__/scratch';

jest.setTimeout(180_000);

const COUNT_PODS = "G.V().Has('Type', 'pod').Count()";

describe('a cluster that the command reads itself', () => {
  const scratch = scratchFolder();
  let simulator: ClusterSimulator;
  let kubeconfig: string;

  beforeAll(async () => {
    simulator = await ClusterSimulator.start({
      objects: [
        ...demoLandscape(),
        ...readObjectsFromFile(captured('missing-secret-env')),
      ],
      tokens: {
        admin: { user: 'admin' },
        podReader: {
          user: 'pod-reader',
          rules: [
            {
              verbs: ['list', 'watch'],
              apiGroups: ['', 'apps'],
              resources: ['pods', 'deployments', 'replicasets'],
            },
          ],
        },
        payments: {
          user: 'payments',
          rules: [
            {
              verbs: ['list', 'watch'],
              apiGroups: [''],
              resources: ['pods', 'secrets'],
              namespaces: ['payments'],
            },
          ],
        },
      },
    });
    kubeconfig = await scratch.write(
      'kubeconfig',
      kubeconfigText(simulator.url, {
        admin: 'admin',
        reader: 'podReader',
        team: 'payments',
        stranger: 'nobody',
      }),
    );
  });
  afterAll(() => simulator.stop());
  beforeEach(() => simulator.faults.clear());

  const pods = () => simulator.list('pods').length;

  it('answers from the current context, tells progress when asked, and leaves nothing behind', async () => {
    await scratch.write('tmp/.keep', '');
    const outcome = await runCommand(
      ['query', COUNT_PODS, '--kubeconfig', kubeconfig, '--progress'],
      {
        env: {
          TMPDIR: scratch.path('tmp'),
          SQLITE_TMPDIR: scratch.path('tmp'),
        },
      },
    );
    expect(outcome).toMatchObject({ code: 0, stdout: `${pods()}\n` });
    expect(outcome.stderr).toMatch(/^demo-cluster: connecting\n/);
    expect(outcome.stderr).toMatch(/demo-cluster: \d+ of \d+ kinds, \d+ %\n/);
    const left = await readdir(scratch.path('tmp'));
    // The compiler's own, as the command runs from its sources here.
    expect(left.filter(name => !name.startsWith('swc-'))).toEqual(['.keep']);
  });

  it('says nothing of progress unless asked or on a terminal, and finds the kubeconfig as kubectl does', async () => {
    const query = "G.V().Has('Name', 'gateway-api-key').Values('Status')";
    await expect(
      runCommand(['query', query, '--kubeconfig'], {
        env: { KUBECONFIG: kubeconfig },
      }),
    ).resolves.toEqual({
      code: 0,
      stdout: '[\n  "missing"\n]\n',
      stderr: '',
    });
  });

  it('keeps what it read in a file, and answers the next time with what changed', async () => {
    const database = scratch.path('kept.db');
    const args = [
      ...['query', COUNT_PODS, '--kubeconfig', kubeconfig],
      ...['--database', database],
    ];
    const former = pods();
    expect(await runCommand(args)).toMatchObject({
      code: 0,
      stdout: `${former}\n`,
    });
    simulator.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'one-more', namespace: 'default' },
      spec: { containers: [{ name: 'app', image: 'app' }] },
    });
    expect(await runCommand(args)).toMatchObject({
      code: 0,
      stdout: `${former + 1}\n`,
    });
    await access(database);

    const other = await runCommand([...args, '--cluster', 'other']);
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toMatch(/kept\.db holds demo-cluster, not other/);
  });

  it('names what cannot be read, and what refers to it is unknown', async () => {
    const outcome = await runCommand([
      ...['query', "G.V().Has('Name', 'gateway-api-key').Values('Status')"],
      ...['--kubeconfig', kubeconfig, '--context', 'reader'],
    ]);
    expect(outcome).toMatchObject({ code: 0, stdout: '[\n  "unknown"\n]\n' });
    expect(outcome.stderr).toMatch(
      /^kube-topology: what refers to these is unknown, as they cannot be read: .* and \d+ more; "kube-topology clusters"/,
    );
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('reads only some namespaces where no more is allowed', async () => {
    const outcome = await runCommand([
      ...['query', "G.V().Has('Name', 'gateway-api-key').Values('Status')"],
      ...['--kubeconfig', kubeconfig, '--context', 'team'],
      ...['--namespaces', 'payments', '--cluster', 'ours'],
    ]);
    expect(outcome).toMatchObject({ code: 0, stdout: '[\n  "missing"\n]\n' });
  });

  it('tells which kinds it could read', async () => {
    const args = [
      'clusters',
      '--kubeconfig',
      kubeconfig,
      '--context',
      'reader',
    ];
    const table = await runCommand(args);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/^demo-cluster +ready +3 +\d+ *$/m);
    expect(table.stdout).toMatch(
      /^demo-cluster +Secret +forbidden +Could not list secrets: HTTP 403.* Grant this identity the verbs list and watch/m,
    );
    const json = await runCommand([...args, '-o', 'json']);
    const [{ name, state, kinds }] = JSON.parse(json.stdout);
    expect({ name, state }).toEqual({ name: 'demo-cluster', state: 'ready' });
    expect(kinds).toContainEqual({
      kind: 'Pod',
      state: 'listed',
      objects: pods(),
      message: '',
    });
  });

  it('says what to do about credentials that are not accepted', async () => {
    const args = ['--kubeconfig', kubeconfig, '--context', 'stranger'];
    const outcome = await runCommand(['query', COUNT_PODS, ...args]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(
      /^kube-topology: demo-cluster cannot be read: .*401.*Check the cluster's credentials/,
    );
    const clusters = await runCommand(['clusters', ...args]);
    expect(clusters.code).toBe(0);
    expect(clusters.stdout).toMatch(/^demo-cluster +failing +0 +0 +.*401/m);
  });

  it('says when nothing answers at the address', async () => {
    const away = await scratch.write(
      'away',
      kubeconfigText('http://127.0.0.1:1'),
    );
    const outcome = await runCommand([
      'query',
      COUNT_PODS,
      '--kubeconfig',
      away,
    ]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(
      /demo-cluster cannot be read: .*127\.0\.0\.1:1|ECONNREFUSED/,
    );
  });

  it('names the contexts that there are', async () => {
    const outcome = await runCommand([
      ...['query', COUNT_PODS, '--kubeconfig', kubeconfig, '--context', 'x'],
    ]);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(
      /no context 'x'\. It has: admin, reader, team, stranger/,
    );
  });

  it('tells a wrong query before it reads anything', async () => {
    simulator.requests.clear();
    const outcome = await runCommand([
      ...['query', 'G.V().Hass()', '--kubeconfig', kubeconfig],
    ]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/line 1, column 7: .*did you mean Has/);
    expect(outcome.stderr).toMatch(/\n {2}G\.V\(\)\.Hass\(\)\n {8}\^+\n$/);
    expect(simulator.requests.all()).toEqual([]);
  });

  describe('while a list does not end', () => {
    beforeEach(() =>
      simulator.faults.add(
        { kind: 'hang' },
        { verb: 'list', resource: 'pods' },
      ),
    );

    it('gives up when time is up', async () => {
      const outcome = await runCommand([
        ...['query', COUNT_PODS, '--kubeconfig', kubeconfig],
        ...['--timeout', '3s'],
      ]);
      expect(outcome).toMatchObject({ code: 1, stdout: '' });
      expect(outcome.stderr).toMatch(
        /the first lists were not through after 3 s; give --timeout more/,
      );
    });

    it.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('ends cleanly after %s', async (signal, code) => {
      const database = scratch.path(`${signal}.db`);
      let isSent = false;
      const outcome = await runCommand(
        [
          ...['query', COUNT_PODS, '--kubeconfig', kubeconfig, '--progress'],
          ...['--database', database],
        ],
        {
          onStderr(text, child) {
            if (!isSent && /\d+ of \d+ kinds/.test(text)) {
              isSent = true;
              child.kill(signal);
            }
          },
        },
      );
      expect(outcome).toMatchObject({ code, stdout: '' });
      expect(outcome.stderr).toMatch(/kube-topology: interrupted\n$/);
      // Closed in order: SQLite takes its log away then.
      const left = (await readdir(scratch.path('.'))).filter(name =>
        name.startsWith(signal),
      );
      expect(left).toEqual([`${signal}.db`]);
    });
  });
});
