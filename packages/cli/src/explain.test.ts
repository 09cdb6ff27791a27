import { runCommand } from './__testUtils__/runCommand';
import { captured, scratchFolder } from './__testUtils__/scratch';

jest.setTimeout(240_000);

describe('explain', () => {
  const scratch = scratchFolder();
  const explain = async (state: string, ...args: string[]) => {
    const outcome = await runCommand([
      ...['explain', ...args, '--from', captured(state), '-o', 'json'],
    ]);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(outcome.stdout);
  };

  it('writes the form that others build on', async () => {
    const { incidents, unexplained } = await explain(
      'wordpress-missing-mysql-pass',
    );
    expect(unexplained).toEqual([]);
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({
      root: {
        kind: 'Secret',
        namespace: 'wordpress',
        name: 'mysql-pass',
        reason: 'MissingSecret',
      },
      confidence: 'proven',
      severity: 'critical',
      summary: expect.stringContaining('mysql-pass'),
      nextStep: expect.stringContaining('kubectl create secret'),
    });
    expect(incidents[0].affected).toContainEqual({
      kind: 'Pod',
      namespace: 'wordpress',
      name: 'wordpress-764497fd54-4nfqh',
    });
    expect(incidents[0].path[0]).toMatchObject({ name: 'mysql-pass' });
    expect(incidents[0].evidence[0]).toMatchObject({
      source: expect.any(String),
      field: expect.any(String),
      value: expect.any(String),
    });
  });

  it('measures grace periods against the time of the dump, or against --now', async () => {
    // Dumped a second after its pods were made: what the scheduler says is told at once, and is not grave yet.
    const root = { name: 'cruncher', reason: 'InsufficientResources' };
    const early = await explain('unschedulable-cpu');
    expect(early.incidents[0]).toMatchObject({ root, severity: 'warning' });
    const late = await explain(
      'unschedulable-cpu',
      ...['--now', '2026-11-23T02:40:00Z'],
    );
    expect(late.incidents[0]).toMatchObject({ root, severity: 'critical' });
  });

  it('explains the objects that are named, and those of a namespace', async () => {
    const one = await explain('cascade-db-crash', 'deploy/ticket-web');
    expect(one.incidents).toHaveLength(1);
    expect(one.incidents[0].root).toMatchObject({ name: 'ticket-db' });
    const root = await explain(
      'wordpress-missing-mysql-pass',
      ...['secret/mysql-pass', '-n', 'wordpress'],
    );
    expect(root.incidents[0]?.root).toMatchObject({ name: 'mysql-pass' });
    const well = await explain(
      'wordpress-missing-mysql-pass',
      ...['pvc/mysql-pv-claim', '-n', 'wordpress'],
    );
    expect(well).toEqual({ incidents: [], unexplained: [] });
    const elsewhere = await explain('cascade-db-crash', '-n', 'shop');
    expect(elsewhere.incidents).toEqual([]);
  });

  it('tells people what happens, on which way, and what to do', async () => {
    const { code, stdout } = await runCommand([
      ...['explain', '--exit-code'],
      ...['--from', captured('wordpress-missing-mysql-pass')],
    ]);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^✗ critical {2}MissingSecret {2}secret\/mysql-pass \(wordpress\)/,
    );
    expect(stdout).toMatch(/^ {2}└▶ pod\/wordpress/m);
    expect(stdout).toMatch(/^ {2}Next {6}Create Secret mysql-pass/m);
    // Nobody looks at it on a terminal.
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/\u001b/);
  });

  it.each<[string[], string | RegExp]>([
    [['--from', captured('bookinfo-healthy')], 'Nothing is wrong.\n'],
    [
      ['deploy/productpage-v1', '--from', captured('bookinfo-healthy')],
      'Nothing is wrong: deployment.apps/productpage-v1 is ok.\n',
    ],
  ])('says that nothing is: %j', async (args, text) => {
    await expect(
      runCommand(['explain', '--exit-code', ...args]),
    ).resolves.toEqual({
      code: 0,
      stdout: text,
      stderr: '',
    });
  });

  it.each<[string[], RegExp]>([
    [
      ['deploy/productpage-v2'],
      /there is no deployment\/productpage-v2; did you mean productpage-v1\?/,
    ],
    [['deploy/productpage-v1', '-n', 'nowhere'], /there is one in /],
    [['gadget/x'], /there is no gadget\/x, and nothing of this kind/],
  ])('says what is not there: %j', async (args, words) => {
    const outcome = await runCommand([
      ...['explain', ...args, '--from', captured('bookinfo-healthy')],
    ]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(words);
  });

  it('explains manifests, which say nothing of how they are', async () => {
    const file = await scratch.write(
      'web.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: b}]}\n',
    );
    await expect(runCommand(['explain', '--from', file])).resolves.toEqual({
      code: 0,
      stdout: 'Nothing is wrong.\n',
      stderr: '',
    });
  });
});
