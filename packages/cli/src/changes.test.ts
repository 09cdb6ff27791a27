import { appendFile, writeFile } from 'node:fs/promises';
import { runCommand } from './__testUtils__/runCommand';
import { captured, scratchFolder } from './__testUtils__/scratch';

jest.setTimeout(240_000);

const BEFORE = captured('cascade-db-crash.before');
const AFTER = captured('cascade-db-crash');

const service = (name: string) =>
  `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {type: ExternalName, externalName: ${name}.example.com}\n`;

describe('what changes', () => {
  const scratch = scratchFolder();

  it('compares two dumps', async () => {
    const query =
      "G.V().Has('Type', 'deployment', 'K8s.Namespace', 'ticketing')";
    const args = ['diff', query, '--from', BEFORE, '--to', AFTER];
    const text = await runCommand([...args, '--exit-code']);
    expect(text).toMatchObject({ code: 3, stderr: '' });
    expect(text.stdout).toMatch(
      /^~ deployment.apps\/ticket-db \(ticketing\) {2}✓ ok → ✗ down {2}K8s.ReadyReplicas: 1 → 0/m,
    );
    const json = JSON.parse((await runCommand([...args, '-o', 'json'])).stdout);
    expect(json.Added).toEqual({ Nodes: [], Edges: [] });
    expect(
      json.Changed.Nodes.map(({ ID }: { ID: string }) => ID).sort(),
    ).toEqual(
      ['ticket-api', 'ticket-db', 'ticket-web'].map(
        name => `cluster/Deployment.apps/ticketing/${name}`,
      ),
    );
  });

  it.each([
    [['--from', BEFORE, '--to', BEFORE], 0, 'Nothing has changed.\n', ''],
    [
      ['G.V().Count()', '--from', BEFORE, '--to', AFTER],
      2,
      '',
      /only answers of nodes and edges/,
    ],
    [['--from', BEFORE], 2, '', /say what is compared/],
    [['--to', BEFORE], 2, '', /give the earlier with --from/],
    [['--since', 'soon', '--from', BEFORE], 2, '', /takes a time like -10m/],
  ])('diff %j ends with %s', async (args, code, stdout, stderr) => {
    const outcome = await runCommand(['diff', ...args]);
    expect(outcome).toMatchObject({ code, stdout });
    expect(outcome.stderr).toMatch(stderr);
  });

  it('tells the history of an object that a database kept', async () => {
    const kept = ['--cluster', 'prod', '--database', scratch.path('prod.db')];
    const time = (minute: number) => ['--now', `2026-11-23T02:${minute}:00Z`];
    await runCommand(['clusters', '--from', BEFORE, ...kept, ...time(30)]);
    const of = ['deploy/ticket-db', '--from', AFTER, ...kept];
    const json = await runCommand([
      'history',
      ...of,
      ...time(40),
      '-o',
      'json',
    ]);
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      id: 'prod/Deployment.apps/ticketing/ticket-db',
      more: false,
      versions: [
        {
          status: 'down',
          changes: expect.arrayContaining([
            { part: 'property', name: 'ReadyReplicas', before: 1, after: 0 },
          ]),
        },
        { status: 'ok', from: '2026-11-23T02:30:00.000Z' },
      ],
    });
    const table = await runCommand(['history', ...of, ...time(50)]);
    expect(table.stdout).toMatch(/^FROM +TO +CHANGES +STATUS\n/);
    expect(table.stdout).toMatch(/level: ok → down/);
  });

  it('tells what breaks if an object goes', async () => {
    const of = [
      'impact',
      'secret/mysql-pass',
      '-n',
      'wordpress',
      '--from',
      captured('wordpress-missing-mysql-pass'),
    ];
    const text = await runCommand(of);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(
      /^If secret\/mysql-pass goes:\n\n✗ at the next start, hard\n/,
    );
    expect(text.stdout).toMatch(/^ {2}deployment\/wordpress \(wordpress\): /m);
    const json = JSON.parse((await runCommand([...of, '-o', 'json'])).stdout);
    expect(json.impacted[0].effects[0]).toEqual({
      when: 'nextStart',
      strength: 'hard',
    });
  });

  it('ends watching when its time is over', async () => {
    const file = await scratch.write('still.yaml', service('a'));
    await expect(
      runCommand(['watch', 'G.E().Count()', '--from', file, '--for', '1s']),
    ).resolves.toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\n$/),
    });
  });

  it('tells live what comes into an answer, and goes out of it', async () => {
    const file = await scratch.write('live.yaml', service('a'));
    const query = "G.V().Has('Type', 'service').HasNot('Nothing')";
    let lines = 0;
    const { code, stdout } = await runCommand(
      ['watch', query, '--from', file, '-o', 'json'],
      {
        onStdout: async (text, child) => {
          const now = text.split('\n').length - 1;
          for (; lines < now; lines++) {
            await [
              () => appendFile(file, service('b')),
              () => writeFile(file, service('b')),
              () => child.kill('SIGINT'),
            ][lines]?.();
          }
        },
      },
    );
    expect(code).toBe(130);
    const told = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(told[0].value).toHaveLength(1);
    const changes = told.slice(1).filter(({ type }) => type === 'changes');
    expect(
      changes.flatMap(({ added }) =>
        added.map((each: { ID: string }) => each.ID),
      ),
    ).toContain('live/Service/default/b');
    expect(changes.flatMap(({ removed }) => removed)).toContain(
      'live/Service/default/a',
    );
  });
});
