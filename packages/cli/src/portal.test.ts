import {
  ClusterSimulator,
  demoLandscape,
} from '@kubernetes-topology/cluster-simulator';
import {
  PORTAL_TOKEN,
  startTopologyPortal,
} from './__testUtils__/kubernetesPortal';
import { runCommand, RunOptions } from './__testUtils__/runCommand';

jest.setTimeout(240_000);

const READY =
  "G.V().Has('Type', 'deployment', 'Name', Within('hello-node', 'wordpress'), 'Status', 'ok').Count()";

describe('a portal', () => {
  let simulator: ClusterSimulator;
  let portal: Awaited<ReturnType<typeof startTopologyPortal>>;
  const run = (args: string[], options: RunOptions = {}) =>
    runCommand(args, {
      ...options,
      env: {
        KUBE_TOPOLOGY_PORTAL: portal.url,
        KUBE_TOPOLOGY_TOKEN: PORTAL_TOKEN,
      },
    });

  beforeAll(async () => {
    simulator = await ClusterSimulator.start({
      objects: demoLandscape(),
      tokens: { admin: { user: 'admin' } },
      controllers: true,
      speed: 10,
    });
    portal = await startTopologyPortal({
      name: 'demo',
      url: simulator.url,
      token: 'admin',
    });
    for (let state = ''; state !== 'ready'; ) {
      const { stdout } = await run(['clusters', '-o', 'json']);
      state = JSON.parse(stdout)[0]?.state;
    }
    // Until the controllers have made the pods.
    for (let ready = 0; ready < 2; ) {
      const { stdout } = await run(['query', READY]);
      ready = Number(stdout);
    }
  });
  afterAll(async () => {
    await portal?.stop();
    await simulator?.stop();
  });

  const POD = /^pod\/(hello-node-\S+)$/m;

  it('is asked for trees, causes, histories and differences as other sources are', async () => {
    const tree = await run(['tree', 'secret/mysql-pass', '--dependents']);
    expect(tree).toMatchObject({ code: 0, stderr: '' });
    expect(tree.stdout).toMatch(/^secret\/mysql-pass \(wordpress\) ✓ ok\n/);
    expect(tree.stdout).toMatch(
      /─ pod\/wordpress-\S+ ✓ ok\n.*─ replicaset\/wordpress/,
    );
    const explained = async (...object: string[]) =>
      JSON.parse((await run(['explain', ...object, '-o', 'json'])).stdout);
    const names = ({ incidents }: any) =>
      incidents.flatMap(({ affected }: any) =>
        affected.map(({ name }: { name: string }) => name),
      );
    let all = await explained();
    // The pod has a grace, and on a portal the clock is the real one.
    for (let waited = 0; waited < 90; waited++) {
      if (names(all).includes('task-pv-pod')) {
        break;
      }
      await new Promise(resolve => setTimeout(resolve, 1_000));
      all = await explained();
    }
    for (const found of [all, await explained('pod/task-pv-pod')]) {
      expect(found.incidents).toMatchObject([
        {
          root: { name: 'task-pv-claim', reason: 'NoMatchingVolume' },
          confidence: 'proven',
        },
      ]);
      expect(names(found)).toContain('task-pv-pod');
    }
    await expect(run(['explain', 'deploy/hello-node'])).resolves.toMatchObject({
      stdout: 'Nothing is wrong: deployment.apps/hello-node is ok.\n',
    });
    const impact = await run(['impact', 'secret/mysql-pass', '-o', 'name']);
    expect(impact.stdout).toMatch(/^deployment\/wordpress$/m);
    const history = await run(['history', 'deploy/hello-node', '-o', 'json']);
    const { versions } = JSON.parse(history.stdout);
    expect(versions.at(-1).changes).toBeUndefined();
    expect(versions[0]).toMatchObject({ status: 'ok' });
    const diff = await run([
      'diff',
      "G.V().Has('Type', 'namespace')",
      '--since',
      '-1h',
    ]);
    // The past of this portal began a minute ago.
    expect(diff.stdout + diff.stderr).toMatch(/\+ namespace\/default|kept/);
  });

  it('restarts the pods of a workload, when somebody says yes', async () => {
    const of = ['restart', 'deploy/hello-node', '-n', 'default'];
    const plan = await run([...of, '--dry-run']);
    expect(plan).toMatchObject({ code: 0, stderr: '' });
    expect(plan.stdout).toMatch(
      /^NAMESPACE +POD +CONTROLLER +STATE +MESSAGE\ndefault +hello-node-\S+ +Deployment hello-node +to be restarted$/m,
    );
    const asked = await run(of);
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toMatch(/give --yes to restart them/);
    const pods = () =>
      run([
        'query',
        "G.V().Has('Type', 'pod', 'K8s.Namespace', 'default')",
        '-o',
        'name',
      ]);
    const before = POD.exec((await pods()).stdout)?.[1];
    const done = await run([...of, '--yes', '-o', 'json']);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    const { state, pods: restarted } = JSON.parse(done.stdout);
    expect(state).toBe('done');
    expect(
      restarted.map(({ step }: { step: { state: string } }) => step.state),
    ).not.toContain('failed');
    expect(restarted.map(({ name }: { name: string }) => name)).toContain(
      before,
    );
  });

  it('tells live what changes', async () => {
    const query = "G.V().Has('Type', 'configmap', 'K8s.Namespace', 'default')";
    const { code, stdout } = await run(['watch', query, '--for', '60s'], {
      onStdout: (text, child) => {
        if (text.includes('+ configmap/live')) {
          child.kill('SIGINT');
        }
      },
      onStderr: () => undefined,
      onStart: () =>
        setTimeout(
          () =>
            simulator.apply({
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name: 'live', namespace: 'default' },
            }),
          5_000,
        ),
    });
    expect(code).toBe(130);
    expect(stdout).toContain('+ configmap/live (default) ✓ ok\n');
  });
});
