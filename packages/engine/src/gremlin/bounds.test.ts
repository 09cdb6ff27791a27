import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { GremlinBounds } from './bounds';
import { GremlinError } from './gremlinError';
import { runGremlin } from './runGremlin';
import { FixtureDictionary, FixtureGraph } from './__testUtils__/fixtureGraph';
import { testStore } from './__testUtils__/testStore';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

const DICTIONARY: FixtureDictionary = {
  clusters: ['demo'],
  kinds: ['Pod'],
  relations: [{ name: 'next', relationType: 'ownership' }],
};

/** A ring: every closure of it is endless unless something ends it. */
const SIZE = 60;
const RING: FixtureGraph = {
  nodes: Array.from({ length: SIZE }, (_, i) => ({
    id: i + 1,
    key: `p${i}`,
    cluster: 'demo',
    kind: 'Pod',
    namespace: 'default',
    name: `pod-${i}`,
    level: 'ok' as const,
    labels: {},
    properties: {},
    updatedAt: 1,
    revision: 1,
  })),
  edges: Array.from({ length: SIZE }, (_, i) => ({
    source: i + 1,
    relation: 'next',
    target: ((i + 1) % SIZE) + 1,
    createdAt: 1,
  })),
};

describe.each(databases.eachSupportedId())('on %s', id => {
  let knex: Knex;
  const run = (text: string, bounds?: Partial<GremlinBounds>) =>
    runGremlin({ knex, text, bounds });

  beforeAll(async () => {
    knex = await testStore(databases, id, DICTIONARY, RING);
  });

  it('ends cycles, whatever the depth', async () => {
    for (const [query, count] of [
      ['G.V("p0").Descendants(0).Count()', SIZE],
      ['G.V("p0").Ascendants(0).Count()', SIZE],
      ['G.V("p0").Neighbors(0).Count()', SIZE],
      ['G.V("p0").Descendants(32).Count()', 33],
      ['G.V("p0").Neighbors(32).Count()', SIZE],
      ['G.V("p0").Neighbors(2).Count()', 5],
      // Twelve steps of a doubling walk: every occurrence is counted, none is stored.
      [`G.V("p0")${'.Both()'.repeat(12)}.Count()`, 2 ** 12],
    ] as const) {
      expect({ query, ...(await run(query)) }).toEqual({
        query,
        value: count,
      });
    }
  });

  it('says when an answer is cut, and only then', async () => {
    const cut = 'only the first 10 results are shown';
    for (const [query, length] of [
      ['G.V()', 10],
      ['G.E()', 10],
      ['G.V("p0").Both().Both().Both().Both()', 10],
      ['G.V().Values("Name")', 10],
      ['G.V().ValueMap("Name")', 10],
    ] as const) {
      const answer = await run(query, { rows: 10 });
      expect({
        query,
        length: (answer.value as unknown[]).length,
        cut: answer.cut,
      }).toEqual({ query, length, cut });
    }
    expect(await run('G.V().Limit(10).Values("Name").Count()')).toEqual({
      value: 10,
    });
    expect((await run('G.V().Limit(10)', { rows: 10 })).cut).toBeUndefined();
    // What is only counted is not cut.
    expect(await run('G.V().Count()', { rows: 10 })).toEqual({ value: SIZE });
  });

  it('shows of a cut graph only edges whose ends it shows', async () => {
    const { value, cut } = await run('G', { rows: 10 });
    const [graph] = value as { Nodes: unknown[]; Edges: { Child: string }[] }[];
    expect(cut).toBe('only the first 10 results are shown');
    expect(graph.Nodes).toHaveLength(10);
    expect(graph.Edges.map(edge => edge.Child)).toEqual(
      Array.from({ length: 9 }, (_, i) => `p${i + 1}`),
    );
  });

  it('says when a pattern has not seen all values', async () => {
    const all = await run('G.V().Has("Name", Regex("pod")).Count()');
    expect(all).toEqual({ value: SIZE });
    const some = await run('G.V().Has("Name", Regex("pod")).Count()', {
      patternValues: 20,
    });
    expect(some).toEqual({
      value: 20,
      cut: 'a pattern was matched against 20 different values, and there are more',
    });
    // The database leaves out what cannot match: one value is left.
    expect(
      await run('G.V().Has("Name", Regex("pod-5[9]")).Count()', {
        patternValues: 20,
      }),
    ).toEqual({ value: 1 });
  });

  it('stops what takes too long', async () => {
    let time = 0;
    const late = runGremlin({
      knex,
      text: 'G.V()',
      // Every look at the clock is a second later.
      now: () => (time += 1000),
      bounds: { milliseconds: 500 },
    });
    await expect(late).rejects.toThrow(
      'line 1, column 1: the query takes longer than 500 ms; expected a narrower query: Has(…) before In, Out or Both, fewer steps',
    );
    await expect(late).rejects.toMatchObject({
      name: 'GremlinError',
      reason: 'bound',
    });
    // The connection is none the worse.
    await expect(run('G.V().Count()')).resolves.toEqual({ value: SIZE });
  });

  it.each([
    ['G.V().Descendants(33)', 'a depth of 33 is more than 32'],
    [
      `G.V().As("a")${'.Select("a", "a", "a").As("a")'.repeat(6)}`,
      'up to here the query is too intricate to plan',
    ],
    [`G.V()${'.Out()'.repeat(13)}`, 'a query follows edges at most 12 times'],
    [`G.V()${'.Limit(1)'.repeat(40)}`, 'a query has at most 40 steps'],
    [`G.V("${'x'.repeat(10_000)}")`, 'the query is longer than 10000'],
  ])('refuses %.40s', async (text, problem) => {
    const refused = run(text);
    await expect(refused).rejects.toThrow(problem);
    await expect(refused).rejects.toBeInstanceOf(GremlinError);
    await expect(refused).rejects.toMatchObject({ reason: 'bound' });
  });
});

it('stops a long statement on PostgreSQL in its middle', async () => {
  if (!databases.supports('POSTGRES_18')) {
    throw new Error(
      'Set BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING to a PostgreSQL',
    );
  }
  const knex = await testStore(databases, 'POSTGRES_18', DICTIONARY, RING);
  // A lock that the query has to wait for: longer than it may.
  await knex.transaction(async blocker => {
    await blocker.raw('LOCK TABLE nodes IN ACCESS EXCLUSIVE MODE');
    await expect(
      runGremlin({ knex, text: 'G.V()', bounds: { milliseconds: 200 } }),
    ).rejects.toThrow('the query takes longer than 200 ms');
  });
});

it('says on SQLite when a counted traversal was ended', async () => {
  const knex = await testStore(databases, 'SQLITE_3', DICTIONARY, RING);
  const text = 'G.V("p0").Descendants(20).Count()';
  expect(await runGremlin({ knex, text, bounds: { visits: 10 } })).toEqual({
    value: 10,
    cut: 'a traversal touched more than 10 nodes, and ended there',
  });
  expect(await runGremlin({ knex, text, bounds: { visits: 100 } })).toEqual({
    value: 21,
  });
});
