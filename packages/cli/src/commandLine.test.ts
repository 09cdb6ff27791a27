import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { runCommand } from './__testUtils__/runCommand';

jest.setTimeout(60_000);

const run = (args: string[], env: Record<string, string> = {}) =>
  runCommand(args, { env });

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

const backstageError = (status: number, error: object): Answer => ({
  status,
  body: JSON.stringify({
    error,
    request: { method: 'POST', url: '/query' },
    response: { statusCode: status },
  }),
});

describe('kube-topology', () => {
  let server: Server;
  let portal: string;
  let answer: Answer;
  let asked: { request: IncomingMessage; body: string }[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      asked.push({ request, body });
      response
        .writeHead(answer.status, {
          'content-type': 'application/json',
          ...answer.headers,
        })
        .end(answer.body);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    portal = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise(resolve => server.close(resolve)));
  beforeEach(() => {
    asked = [];
  });

  it('prints the answer as JSON and nothing else', async () => {
    const nodes = [{ ID: 'demo/Pod/default/a', Metadata: { Name: 'a' } }];
    answer = { status: 200, body: JSON.stringify(nodes) };
    const query = `G.V().Has('Name', 'mysql-pass').In().Has('Type', 'pod')`;
    const outcome = await run(['query', query, '--portal', `${portal}/`]);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toEqual(nodes);
    expect(asked).toHaveLength(1);
    expect(asked[0].request).toMatchObject({
      method: 'POST',
      url: '/api/kubernetes-topology/query',
    });
    expect(JSON.parse(asked[0].body)).toEqual({ query });
    expect(asked[0].request.headers.authorization).toBeUndefined();
  });

  it.each<[string, string[], Record<string, string>]>([
    ['options', ['--token', 't', '--portal', 'PORTAL'], {}],
    [
      'the environment',
      [],
      { KUBE_TOPOLOGY_TOKEN: 't', KUBE_TOPOLOGY_PORTAL: 'PORTAL' },
    ],
    [
      'options before the environment',
      ['--token', 't', '--portal', 'PORTAL'],
      { KUBE_TOPOLOGY_TOKEN: 'x', KUBE_TOPOLOGY_PORTAL: 'http://x' },
    ],
  ])('takes portal and token from %s', async (_, args, env) => {
    answer = { status: 200, body: '7' };
    const real = (text: string) => text.replace('PORTAL', portal);
    const outcome = await run(
      ['query', 'G.V().Count()', ...args.map(real)],
      Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, real(value)]),
      ),
    );
    expect(outcome).toEqual({ code: 0, stdout: '7\n', stderr: '' });
    expect(asked[0].request.headers.authorization).toBe('Bearer t');
  });

  it('says on standard error that an answer was cut', async () => {
    answer = {
      status: 200,
      headers: { 'X-Kubernetes-Topology-Cut': 'after 10000 nodes' },
      body: '[]',
    };
    await expect(run(['query', 'G.V()', '--portal', portal])).resolves.toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: 'kube-topology: the answer is not complete: after 10000 nodes\n',
    });
  });

  it('says on standard error which word is probably misspelt', async () => {
    const hint = 'no kind is called "pods"; did you mean pod?';
    answer = {
      status: 200,
      headers: { 'X-Kubernetes-Topology-Hint': hint },
      body: '[]',
    };
    await expect(run(['query', 'G.V()', '--portal', portal])).resolves.toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: `kube-topology: nothing was found: ${hint}\n`,
    });
  });

  it('shows where a query is wrong', async () => {
    answer = backstageError(400, {
      name: 'InputError',
      message: 'line 1, column 5: no such step',
      excerpt: 'G.V().x\n    ^',
    });
    await expect(run(['query', 'x', '--portal', portal])).resolves.toEqual({
      code: 1,
      stdout: '',
      stderr:
        'kube-topology: line 1, column 5: no such step\n  G.V().x\n      ^\n',
    });
  });

  it.each<[string, Answer, string[], RegExp]>([
    [
      'no token',
      backstageError(401, { name: 'AuthenticationError', message: 'Missing' }),
      [],
      /wants a token; set one up under backend\.auth\.externalAccess .*--token/,
    ],
    [
      'a wrong token',
      backstageError(401, { name: 'AuthenticationError', message: 'Illegal' }),
      ['--token', 'x'],
      /does not accept this token; set one up under backend\.auth/,
    ],
    [
      'a policy that denies',
      backstageError(403, {
        name: 'NotAllowedError',
        message: 'The permission kubernetes.topology.read is denied to you',
      }),
      [],
      /kube-topology: The permission kubernetes\.topology\.read is denied/,
    ],
    [
      'a portal without the plugin',
      { status: 404, body: '{}' },
      [],
      /there is no topology API at http/,
    ],
    [
      'the frontend instead of the backend',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
      [],
      /there is no topology API at http/,
    ],
    [
      'a fault of the portal',
      backstageError(500, { name: 'Error', message: 'out of order' }),
      [],
      /answered 500: out of order/,
    ],
  ])('says in one line what to do about %s', async (_, given, args, words) => {
    answer = given;
    const outcome = await run(['query', 'G.V()', '--portal', portal, ...args]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(words);
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says when the portal cannot be reached', async () => {
    const closed = createServer();
    await new Promise<void>(resolve => closed.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise(resolve => closed.close(resolve));
    await expect(run(['query', 'G.V()', '--portal', url])).resolves.toEqual({
      code: 1,
      stdout: '',
      stderr: `kube-topology: portal not reachable at ${url} (ECONNREFUSED); is it running, and is --portal or KUBE_TOPOLOGY_PORTAL right?\n`,
    });
  });

  it('tells how well a portal reads its clusters', async () => {
    const clusters = [
      {
        name: 'prod',
        state: 'syncing',
        message: '',
        progress: { kinds: 43, kindsDone: 17, percent: 61 },
        at: 1,
        kinds: [
          { kind: 'Pod', state: 'listed', objects: 1200, message: '' },
          {
            kind: 'Secret',
            state: 'forbidden',
            objects: 0,
            message: 'Could not list secrets\n\u001b[31m: HTTP 403',
          },
          {
            kind: 'Node',
            state: 'absent',
            objects: 0,
            message: 'The API server does not serve nodes.',
          },
        ],
      },
    ];
    answer = { status: 200, body: JSON.stringify(clusters) };
    const table = await run(['clusters', '--portal', portal]);
    expect(table).toEqual({
      code: 0,
      stderr: '',
      stdout: `${[
        'CLUSTER  STATE    KINDS  OBJECTS  MESSAGE',
        'prod     syncing  17/43  1200     61 % listed.',
        '',
        'CLUSTER  KIND    STATE      MESSAGE',
        'prod     Secret  forbidden  Could not list secrets [31m: HTTP 403',
      ].join('\n')}\n`,
    });
    expect(asked[0].request.url).toBe('/api/kubernetes-topology/clusters');
    const json = await run(['clusters', '--portal', portal, '-o', 'json']);
    expect(JSON.parse(json.stdout)).toEqual(clusters);
  });

  it('writes a long answer to the end', async () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) => ({ ID: `n${i}` }));
    answer = { status: 200, body: JSON.stringify(nodes) };
    const { stdout } = await run(['query', 'G.V()', '--portal', portal]);
    expect(JSON.parse(stdout)).toHaveLength(20_000);
  });

  it.each<[string, string[], RegExp]>([
    ['no command', [], /Usage: kube-topology/],
    ['an unknown command', ['quer'], /unknown command 'quer'/],
    ['no query', ['query'], /missing required argument 'gremlin'/],
    ['two queries', ['query', 'a', 'b'], /too many arguments/],
    [
      'a query and a file',
      ['query', 'a', '-f', 'b'],
      /a query or --file, not both/,
    ],
    [
      'a graph and a dump',
      ['query', 'a', '--graph', 'b', '--from', 'c'],
      /--from and --graph name different sources/,
    ],
    [
      'a time for a portal',
      ['query', 'a', '--now', '2026-01-01'],
      /--now is for files/,
    ],
    [
      'no time',
      ['query', 'a', '--from', 'b', '--now', 'soon'],
      /Give a time like/,
    ],
    ['an unknown option', ['query', 'a', '--prtal', 'b'], /unknown option/],
    ['no URL', ['query', 'a', '--portal', 'here'], /"here" is no portal URL/],
    [
      'a query that an option took',
      ['query', '--kubeconfig', 'G.V()'],
      /--kubeconfig took G\.V\(\) for a file: put the query before it/,
    ],
    [
      'two sources',
      ['query', 'a', '--context', 'b', '--from', 'c'],
      /--kubeconfig and --from name different sources/,
    ],
    [
      'a portal and a cluster',
      ['clusters', '--portal', 'http://x', '--in-cluster'],
      /--portal and --in-cluster name different sources/,
    ],
    [
      'a database for a portal',
      ['query', 'a', '--database', 'b'],
      /--database is for a cluster that this process reads/,
    ],
    [
      'namespaces of a file',
      ['query', 'a', '--from', 'b', '--namespaces', 'c'],
      /--namespaces is for a cluster/,
    ],
    [
      'a database of PostgreSQL to read into',
      ['query', 'a', '--from', 'b', '--database', 'postgresql://c/d'],
      /belongs to a portal: ask that with --portal/,
    ],
    [
      'no duration',
      ['query', 'a', '--timeout', '5'],
      /Give a number and ms, s, m or h/,
    ],
    [
      'a format that there is not',
      ['clusters', '-o', 'xml'],
      /Allowed choices are table, json/,
    ],
    [
      'a comparison with nothing',
      ['verify', '--cluster', 'a'],
      /required option '--database/,
    ],
    [
      'a comparison without a cluster to read',
      ['verify', '--cluster', 'a', '--database', 'b'],
      /give --kubeconfig, --context, --in-cluster or --portal/,
    ],
    [
      'no folder of rules',
      ['query', 'a', '--from', 'b', '--rules', '/nowhere'],
      /--rules: .*\/nowhere/,
    ],
    [
      'no file',
      ['query', 'a', '--from', '/nowhere'],
      /\/nowhere cannot be read \(ENOENT\)/,
    ],
    [
      'no kubeconfig',
      ['query', 'a', '--kubeconfig', '/nowhere'],
      /there is no kubeconfig \/nowhere/,
    ],
    [
      'no pod around',
      ['query', 'a', '--in-cluster'],
      /runs in no pod: KUBERNETES_SERVICE_HOST is not set/,
    ],
  ])('ends with 2 for %s', async (_, args, words) => {
    const outcome = await run(args);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(words);
    expect(asked).toEqual([]);
  });

  it.each<[string[], RegExp]>([
    [['--help'], /query +run a Gremlin query/],
    [['help', 'query'], /Usage: kube-topology query \[options\] \[gremlin\]/],
    [['query', '--help'], /jq -r '\.\[\] \| \.Metadata\.Name'/],
    [['query', '--help'], /KUBE_TOPOLOGY_TOKEN/],
    [['query', '--help'], /kubectl get .* \| kube-topology query .* --from -/],
    [['clusters', '--help'], /failing \(the message says why\)/],
    [['verify', '--help'], /Exit code: 0 equal, 1 different/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ])('teaches on %j', async (args, words) => {
    const outcome = await run(args);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(words);
  });
});
