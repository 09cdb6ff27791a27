import { expect, test } from '@playwright/test';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { pods, remove } from './cluster';

const ROOT = path.resolve(__dirname, '..', '..');
const COMMAND = path.join(ROOT, 'packages/cli/bin/kube-topology');
const env = {
  ...process.env,
  KUBE_TOPOLOGY_PORTAL: 'http://localhost:17007',
  KUBE_TOPOLOGY_TOKEN: 'demo-portal-token',
};

function query(text: string) {
  return JSON.parse(
    execFileSync(COMMAND, ['query', text], { env, cwd: '/' }).toString(),
  ) as { Metadata: { Name: string; Type: string } }[];
}

const typesOf = (text: string) =>
  [...new Set(query(text).map(node => node.Metadata.Type))].sort();

// The portal answers before the cluster is read.
test.beforeAll(async () => {
  await expect
    .poll(() => typesOf('G.V().Has("Name", "mysql-pass")'), {
      timeout: 60_000,
    })
    .toEqual(['secret']);
});

test("a Skydive user's queries run word for word", () => {
  expect(typesOf('G.V().Has("K8s.Labels.app", "hello-node")')).toEqual(
    expect.arrayContaining(['deployment', 'pod', 'replicaset', 'service']),
  );
  expect(typesOf('G.V().Has("Type", "deployment")')).toEqual(['deployment']);
  expect(
    query('G.V().Has("Name", Regex("task-pv-*"))').map(
      node => node.Metadata.Name,
    ),
  ).toEqual(
    expect.arrayContaining(['task-pv-pod', 'task-pv-claim', 'task-pv-volume']),
  );
  expect(
    typesOf('G.V().Has("Type", "secret", "Name", "mysql-pass").In()'),
  ).toEqual(expect.arrayContaining(['namespace', 'pod']));
});

test('a pipeline from a query deletes the pods that depend on a secret', async () => {
  const before = (await pods('wordpress')).map(pod => pod.metadata.name).sort();
  const names = query(
    "G.V().Has('Name', 'mysql-pass').In().Has('Type', 'pod')",
  ).map(node => node.Metadata.Name);
  expect([...names].sort()).toEqual(before);
  // As `| xargs -n 1 kubectl delete pod` would.
  for (const name of names) {
    await remove(`/api/v1/namespaces/wordpress/pods/${name}`);
  }
  await expect
    .poll(
      () =>
        query("G.V().Has('Name', 'mysql-pass').In().Has('Type', 'pod')")
          .map(node => node.Metadata.Name)
          .filter(name => !before.includes(name)).length,
      { timeout: 30_000 },
    )
    .toBe(2);
});

test('a wrong query, a wrong token and an absent portal each get one clear line', () => {
  const run = (text: string, extra = {}) =>
    spawnSync(COMMAND, ['query', text], {
      env: { ...env, ...extra },
      encoding: 'utf8',
    });
  const misspelt = run('G.V().Hass("Type", "pod")');
  expect(misspelt.status).toBe(1);
  expect(misspelt.stderr).toContain('Has');
  const wrongToken = run('G.V()', { KUBE_TOPOLOGY_TOKEN: 'wrong' });
  expect(wrongToken.status).toBe(1);
  expect(wrongToken.stderr).toContain('does not accept this token');
  const absent = run('G.V()', { KUBE_TOPOLOGY_PORTAL: 'http://localhost:9' });
  expect(absent.status).toBe(1);
  expect(absent.stderr).toContain('http://localhost:9');
});
