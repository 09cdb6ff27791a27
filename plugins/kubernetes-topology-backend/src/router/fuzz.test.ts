import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import { request as httpRequest, Agent, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { ApiDocument } from '../openapi/apiDocument';
import { startPlugin } from '../__testUtils__/startPlugin';
import { storedTopology } from '../__testUtils__/storedTopology';

jest.setTimeout(3_600_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const base = '/api/kubernetes-topology';
/** `FUZZED_REQUESTS=100000` for a long search. */
const REQUESTS = Number(process.env.FUZZED_REQUESTS ?? 1500);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 30 }),
  fc.constantFrom(
    '',
    '\u0000',
    '%',
    '%ZZ',
    '../..',
    "'; DROP TABLE nodes; --",
    '-1',
    '0',
    '99999999999999999999',
    '1e309',
    'NaN',
    'null',
    '[object Object]',
    'demo/Pod/shop/web',
    '-10m',
    '2026-13-45',
    'eyJhZnRlciI6MX0',
    '\ud800',
    'x'.repeat(5000),
  ),
);

/** Pieces of the language in any order: much of it is nearly right. */
const query = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          'G',
          'g',
          '.',
          'V()',
          '.V()',
          '.E()',
          "V('x')",
          ".Has('Type','pod')",
          ".Has('Name',Regex('(a+)+$'))",
          ".Has('K8s.Labels.app', Within('a','b'))",
          '.Out()',
          '.In()',
          '.Both()',
          '.OutE()',
          '.BothV()',
          '.Dedup()',
          ".Dedup('Name')",
          '.Count()',
          '.Limit(3)',
          '.Range(1,0)',
          '.Limit(-1)',
          ".Sort(DESC,'Name')",
          ".Values('Name')",
          '.Keys()',
          ".ValueMap('a','b')",
          '.Descendants(0)',
          '.Descendants(99)',
          '.Ascendants()',
          ".As('a')",
          ".Select('a')",
          '.SubGraph()',
          ".ShortestPathTo(Metadata('Type','secret'))",
          ".At('-10m')",
          '.At(NOW, FOREVER)',
          '.Context(0)',
          '.Group()',
          '.Repeat(',
          '.Times(9)',
          '.Path()',
          '.Where(',
          '.Not(',
          ')',
          '(',
          "'",
          '"',
          ',',
          '\\',
          '..',
          '1.2.3',
          "Has('@ID', Gt(5))",
          ".Has('a',Inside('x','y'))",
        ),
      },
      { weight: 1, arbitrary: text },
    ),
    { maxLength: 12 },
  )
  .map(pieces => pieces.join(''));

/** Steps that may mostly follow each other. */
const chain = fc.array(
  fc.constantFrom(
    '.Out()',
    '.In()',
    '.Both()',
    '.Dedup()',
    '.Limit(3)',
    ".Has('Type','pod')",
    ".Has('Name',Regex('(a+)+$'))",
    '.Descendants(0)',
    ".As('a')",
    '.Count()',
    ".Values('Name')",
    '.SubGraph()',
  ),
  { maxLength: 5 },
);

const json: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ query, GremlinQuery: query, at: text }, { requiredKeys: [] }),
  query.map(each => ({ query: `G.V()${each}` })),
  query.map(each => ({ GremlinQuery: each })),
  chain.map(steps => ({ query: `G.V()${steps.join('')}` })),
  fc.record({ name: text, query, use: text, shared: fc.jsonValue() }),
  fc.record({ target: fc.jsonValue(), dryRun: fc.jsonValue() }),
  fc.record({
    target: fc.record({ pods: fc.array(text, { maxLength: 3 }) }),
    dryRun: fc.constant(true),
  }),
  fc.jsonValue(),
);

const body = fc.oneof(
  { weight: 8, arbitrary: json.map(value => JSON.stringify(value)) },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: fc.constant('') },
);

const { operations } = ApiDocument.load();
/** The live stream does not end by itself; its start is the query's. */
const asked = operations.filter(({ path }) => path !== '/live');

interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

const anything: fc.Arbitrary<Asked> = fc
  .record({
    // Half of them are queries.
    operation: fc.oneof(
      fc.constant(asked.find(({ path }) => path === '/query')!),
      fc.constantFrom(...asked),
    ),
    segment: text,
    values: fc.array(text, { minLength: 8, maxLength: 8 }),
    extra: fc.option(fc.tuple(text, text), { nil: undefined, freq: 1 }),
    leftOut: fc.nat(255),
    type: fc.constantFrom(
      'application/json',
      'application/json',
      'application/json; charset=utf-16',
      'application/x-www-form-urlencoded',
      'text/plain',
      'nonsense',
    ),
    accept: fc.constantFrom(
      'application/json',
      'text/vnd.graphviz',
      'text/vnd.mermaid',
      'application/graphml+xml',
      'text/csv',
      '*/*',
      'application/vnd.tcpdump.pcap',
      ';;;q=x',
    ),
    body,
  })
  .map(({ operation, segment, values, extra, leftOut, ...rest }) => {
    const encoded = (each: string) =>
      each === '%ZZ'
        ? each
        : encodeURIComponent(each.replace(/\p{Surrogate}/gu, '\ufffd'));
    const search = operation.parameters
      .filter(parameter => parameter.in === 'query')
      .flatMap(({ name }, index) =>
        (leftOut >> index) % 2 === 0
          ? [`${name}=${encoded(values[index % values.length])}`]
          : [],
      );
    if (extra) {
      search.push(extra.map(encoded).join('='));
    }
    const path = operation.path.replace(
      /\{\w+\}/g,
      () => encoded(segment) || 'x',
    );
    return {
      method: operation.method.toUpperCase(),
      path: `${base}${path}${search.length > 0 ? `?${search.join('&')}` : ''}`,
      headers: { 'content-type': rest.type, accept: rest.accept },
      body: rest.body,
    };
  });

describe.each(databases.eachSupportedId())('any request on %s', id => {
  let started: Awaited<ReturnType<typeof startPlugin>>;
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });

  beforeAll(async () => {
    const stored = await storedTopology(await databases.init(id));
    await stored.write(
      1_700_000_000_000,
      [
        { key: 'demo/Pod/shop/web', labels: { app: 'a' }, level: 'down' },
        { key: 'demo/Secret/shop/key', level: 'missing' },
      ],
      [['demo/Pod/shop/web', 'pod-secret', 'demo/Secret/shop/key']],
    );
    started = await startPlugin({ topology: stored.engine });
  });
  afterAll(async () => {
    agent.destroy();
    await started.stop();
  });

  function send(
    server: Server,
    { method, path, headers, body: sent }: Asked,
  ): Promise<{ status: number; text: string }> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          agent,
          port,
          method,
          path,
          headers: {
            ...headers,
            ...(method !== 'GET' && {
              'content-length': Buffer.byteLength(sent),
            }),
          },
        },
        response => {
          const chunks: Buffer[] = [];
          response.on('data', chunk => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode!,
              text: Buffer.concat(chunks).toString(),
            }),
          );
          response.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(method === 'GET' ? undefined : sent);
    });
  }

  it(`is answered, or refused in words (${REQUESTS} requests)`, async () => {
    const statuses: Record<number, number> = {};
    await fc.assert(
      fc.asyncProperty(anything, async asking => {
        const { status, text: answer } = await send(
          started.server as Server,
          asking,
        );
        statuses[status] = (statuses[status] ?? 0) + 1;
        expect([asking, status < 500 || answer]).toEqual([asking, true]);
        const refusal =
          status < 400 ? 'none' : JSON.parse(answer).error.message;
        expect(refusal).toMatch(/\S/);
      }),
      { numRuns: REQUESTS, endOnFailure: true },
    );
    // eslint-disable-next-line no-console
    console.info(`${id}: ${JSON.stringify(statuses)}`);
    expect(statuses[200]).toBeGreaterThan(REQUESTS / 20);
    expect(statuses[400]).toBeGreaterThan(REQUESTS / 20);
  });
});
