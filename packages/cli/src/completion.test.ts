import { execFileSync } from 'node:child_process';
import { runCommand } from './__testUtils__/runCommand';
import { scratchFolder } from './__testUtils__/scratch';

jest.setTimeout(120_000);

describe('completion', () => {
  const scratch = scratchFolder();

  it('lets bash complete commands, options, their values, and kinds', async () => {
    const { code, stdout, stderr } = await runCommand(['completion', 'bash']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const script = await scratch.write('completion.bash', stdout);
    const completed = (...words: string[]) =>
      execFileSync('bash', [
        '-c',
        `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kube_topology; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        ...[script, 'kube-topology', ...words],
      ])
        .toString()
        .trim()
        .split('\n');
    expect(completed('re')).toEqual(['reach', 'restart']);
    expect(completed('tree', 'stat')).toEqual(['statefulset/']);
    expect(completed('tree', '--dep')).toEqual(['--dependents', '--depth']);
    expect(completed('query', '-o', 'sky')).toEqual(['skydive']);
    expect(completed('explain', '--output', '')).toEqual([
      'table',
      'json',
      'yaml',
    ]);
    expect(completed('query', '--from', script.slice(0, -2))).toEqual([script]);
    expect(completed('completion', 'f')).toEqual(['fish']);
    expect(completed('query', '--token', '')).toEqual(['']);
  });

  it.each([
    [
      'zsh',
      [
        /^#compdef kube-topology\n/,
        /'query:run a Gremlin query, or many'/,
        /'\(-o --output\)'\{-o,--output\}'\[how the answer is printed\]:value:\(json table/,
        /'--from'.*:file:_files'/,
      ],
    ],
    [
      'fish',
      [
        /-a explain -d 'tell why objects are down'/,
        /__fish_seen_subcommand_from query' -s o -l output -x -a 'json table/,
        /-l from -r -F/,
      ],
    ],
  ])('is there for %s', async (shell, parts) => {
    const { code, stdout } = await runCommand(['completion', shell]);
    expect(code).toBe(0);
    for (const part of parts) {
      expect(stdout).toMatch(part);
    }
  });

  it('is for no other shell', async () => {
    const outcome = await runCommand(['completion', 'tcsh']);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/Allowed choices are bash, zsh, fish/);
  });
});
