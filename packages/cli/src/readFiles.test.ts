import { readFile } from 'node:fs/promises';
import { runCommand } from './__testUtils__/runCommand';
import { captured, scratchFolder } from './__testUtils__/scratch';

jest.setTimeout(180_000);

const DOWN = "G.V().Has('Type', 'pod', 'Status', 'down').Values('Name')";
const MISSING = "G.V().Has('Status', 'missing').Values('Name')";

const MANIFESTS = `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: app
      image: nginx
      envFrom: [{secretRef: {name: creds}}, {configMapRef: {name: settings}}]
---
apiVersion: v1
kind: Secret
metadata: {name: other}
stringData: {password: hunter2-in-plain}
`;

describe('dumps and manifests', () => {
  const scratch = scratchFolder();

  it.each([
    [
      'bad-image-tag',
      DOWN,
      ['blog-web-6bfc96d54-2z9fm', 'blog-web-6bfc96d54-vnl4c'],
    ],
    ['wordpress-missing-mysql-pass', MISSING, ['mysql-pass']],
    ['bookinfo-healthy', DOWN, []],
    [
      'unschedulable-cpu',
      DOWN,
      ['cruncher-847bbdb69c-79kqz', 'cruncher-847bbdb69c-v8psq'],
    ],
  ])('%s: %s', async (state, query, expected) => {
    const file = captured(state);
    const named = await runCommand(['query', query, '--from', file]);
    expect(named).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(named.stdout).sort()).toEqual(expected);
    const input = await readFile(file);
    const piped = await runCommand(['query', query, '--from', '-'], { input });
    expect(piped).toEqual(named);
  });

  it('reads a folder; what it does not hold is unknown, values are nowhere', async () => {
    await scratch.write('deploy/web.yaml', MANIFESTS);
    await scratch.write(
      'deploy/more/service.json',
      '{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"selector":{"app":"web"}}}',
    );
    const database = scratch.path('deploy.db');
    const outcome = await runCommand([
      ...['query', 'G.V()', '--from', scratch.path('deploy')],
      ...['--database', database],
    ]);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const statuses = Object.fromEntries(
      JSON.parse(outcome.stdout).map(
        (node: { ID: string; Metadata: { Status: string } }) => [
          node.ID,
          node.Metadata.Status,
        ],
      ),
    );
    expect(statuses).toMatchObject({
      'deploy/Pod/default/web': 'unknown',
      'deploy/Secret/default/other': 'ok',
      // There are Secrets in the folder, and no ConfigMaps.
      'deploy/Secret/default/creds': 'missing',
      'deploy/ConfigMap/default/settings': 'unknown',
    });
    expect(statuses).toHaveProperty('deploy/Service/default/web');
    const stored = await readFile(database);
    expect(outcome.stdout + stored.toString('latin1')).not.toContain('hunter2');
  });

  it('names the cluster as it is told, and reads standard input as files are read', async () => {
    const query = "G.V().Has('Name', 'web').Values('@ID')";
    const outcome = await runCommand(
      ['query', query, '--from', '-', '--cluster', 'mine'],
      { input: MANIFESTS },
    );
    expect(outcome).toEqual({
      code: 0,
      stdout: '[\n  "mine/Pod/default/web"\n]\n',
      stderr: '',
    });
  });

  it('takes rules of the user', async () => {
    await scratch.write(
      'rules/widgets.yaml',
      `
kinds:
  - kind: Widget.example.com
    references:
      - path: spec.secretName
        to: Secret
`,
    );
    const input = `
apiVersion: example.com/v1
kind: Widget
metadata: {name: one, namespace: default}
spec: {secretName: creds}
---
apiVersion: v1
kind: Secret
metadata: {name: creds, namespace: default}
`;
    const query = "G.V().Has('Name', 'creds').In().Values('Name')";
    const outcome = await runCommand(
      [
        ...['query', query, '--from', '-'],
        ...['--rules', scratch.path('rules')],
      ],
      { input },
    );
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toContain('one');
  });

  it.each<[string, string, number, RegExp]>([
    ['nothing', '', 1, /standard input holds no objects of Kubernetes/],
    [
      'neither YAML nor JSON',
      '{nope: [',
      1,
      /neither valid YAML nor valid JSON \(line 1\)/,
    ],
    ['no objects', 'image: {tag: 1}', 1, /standard input holds no objects/],
  ])('says what is wrong with %s', async (_, input, code, words) => {
    const outcome = await runCommand(['query', 'G.V()', '--from', '-'], {
      input,
    });
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(words);
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each<[string, string, RegExp]>([
    [
      'a folder without any',
      'readme.md',
      /empty holds no objects of Kubernetes/,
    ],
    [
      'a file that is broken',
      'broken.yaml',
      /broken\.yaml is neither valid YAML/,
    ],
  ])('says what is wrong with %s', async (_, name, words) => {
    await scratch.write(`empty/${name}`, 'a: [');
    const outcome = await runCommand([
      ...['query', 'G.V()', '--from', scratch.path('empty')],
    ]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(words);
  });

  it('uses no file as a database that is none', async () => {
    const file = await scratch.write(
      'notes.txt',
      'notes of mine, of some length',
    );
    const outcome = await runCommand([
      ...['query', 'G.V()', '--from', captured('task-pv-healthy')],
      ...['--database', file],
    ]);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/notes\.txt is no database of SQLite/);
    expect(await readFile(file, 'utf8')).toBe('notes of mine, of some length');
  });
});
