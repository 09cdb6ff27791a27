import { runCommand } from './__testUtils__/runCommand';
import { captured, scratchFolder } from './__testUtils__/scratch';

jest.setTimeout(240_000);

const STATE = captured('wordpress-missing-mysql-pass');
const PODS = "G.V().Has('Type', 'pod', 'K8s.Namespace', 'wordpress')";

describe('saved graphs, many queries, forms of answers', () => {
  const scratch = scratchFolder();

  it('reads its own export back in, and answers alike, every query in its line', async () => {
    const exported = await runCommand([
      ...['query', 'G', '-o', 'skydive', '--from', STATE],
    ]);
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    const graph = await scratch.write('graph.json', exported.stdout);
    const queries = [
      'G.V().Count()',
      "G.V().Has('Status', 'missing').Values('@ID')",
      "G.V().Has('Name', 'mysql-pass').In('Type', 'pod').Values('Name')",
      'G.V().Hsa(1)',
      "G.V().Has('K8s.Labels.app', 'wordpress').OutE().Count()",
    ];
    const input = `# questions\n\n${queries.join('\r\n')}\n`;
    const answers: string[] = [];
    for (const source of [
      ['--from', STATE],
      ['--graph', graph],
    ]) {
      const outcome = await runCommand(['query', '-f', '-', ...source], {
        input,
      });
      expect(outcome).toMatchObject({
        code: 1,
        stderr:
          'kube-topology: 1 query has no answer; "error" in their lines says why\n',
      });
      answers.push(outcome.stdout);
    }
    expect(answers[1]).toBe(answers[0]);
    const lines = answers[0]
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines.map(({ query }) => query)).toEqual(queries);
    expect(lines[0].result).toBeGreaterThan(100);
    expect(lines[2].result).toHaveLength(2);
    expect(lines[3]).toEqual({
      query: 'G.V().Hsa(1)',
      error: {
        message: 'line 1, column 7: there is no step "Hsa"; did you mean Has?',
        line: 1,
        column: 7,
      },
    });
  });

  it('reads the graph of Skydive, whose ids are its own', async () => {
    const input = JSON.stringify([
      {
        Nodes: [
          {
            ID: 'u-1',
            Metadata: {
              Type: 'pod',
              Name: 'web-0',
              State: 'DOWN',
              K8s: { Namespace: 'shop' },
            },
          },
          {
            ID: 'u-2',
            Metadata: {
              Type: 'secret',
              Name: 'creds',
              K8s: { Namespace: 'shop' },
            },
          },
        ],
        Edges: [
          {
            ID: 'e',
            Parent: 'u-1',
            Child: 'u-2',
            Metadata: { Manager: 'k8s', RelationType: 'pod' },
          },
        ],
      },
    ]);
    const tree = await runCommand(['tree', 'pod/web-0', '--graph', '-'], {
      input,
    });
    expect(tree).toEqual({
      code: 0,
      stdout: 'pod/web-0 (shop) ✗ down\n└─ secret/creds\n',
      stderr: '',
    });
    const explained = await runCommand(['explain', '--graph', '-'], { input });
    expect(explained).toMatchObject({ code: 2, stdout: '' });
    expect(explained.stderr).toMatch(
      /a saved graph does not tell why objects are down/,
    );
  });

  it.each<[string, string, RegExp]>([
    [
      'table',
      PODS,
      /^NAMESPACE +OBJECT +STATUS\nwordpress +pod\/wordpress-\S+ +✗ down$/m,
    ],
    [
      'name',
      PODS,
      /^pod\/wordpress-764497fd54-4nfqh\npod\/wordpress-mysql-\S+\n$/,
    ],
    [
      'yaml',
      `${PODS}.Values('Name')`,
      /^- wordpress-764497fd54-4nfqh\n- wordpress-mysql/,
    ],
    ['dot', `${PODS}.Both()`, /^digraph g \{[\s\S]* -> [\s\S]*\}\n$/],
    ['mermaid', PODS, /^flowchart LR\n/],
    ['csv', PODS, /^(?=.*\bID\b).*\r\n/],
  ])('prints -o %s', async (form, query, expected) => {
    const outcome = await runCommand([
      ...['query', query, '-o', form, '--from', STATE],
    ]);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(expected);
  });

  it('says what cannot be drawn', async () => {
    const outcome = await runCommand([
      ...['query', 'G.V().Count()', '-o', 'dot', '--from', STATE],
    ]);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/-o dot draws nodes and edges/);
  });

  it.each<[string, string, RegExp]>([
    ['nothing', '', /standard input: the saved graph is empty/],
    ['no JSON', '{', /the saved graph is no JSON/],
    ['a dump', '{"kind":"List","items":[]}', /neither Nodes and Edges/],
  ])('says what is wrong with %s as a graph', async (_, input, words) => {
    const outcome = await runCommand(['query', 'G', '--graph', '-'], { input });
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(words);
  });

  it('says that an answer was cut, also in its line', async () => {
    const outcome = await runCommand(
      ['query', '-f', '-', '--from', STATE, '--rows', '2'],
      { input: "G.V().Values('Name')" },
    );
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const { result, cut } = JSON.parse(outcome.stdout);
    expect(result).toHaveLength(2);
    expect(cut).toMatch(/first 2 results/);
  });
});
