import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import { Knex } from 'knex';
import { TopologyStore } from '../store/topologyStore';
import { Agreement } from './__testUtils__/agreement';
import { FixtureGraph } from './__testUtils__/fixtureGraph';
import { allows, DICTIONARY, filters } from './__testUtils__/randomGraphs';
import { queries } from './__testUtils__/randomQueries';
import {
  clear,
  DICTIONARY_KINDS,
  DICTIONARY_RELATIONS,
  record,
  scripts,
  START,
  stateAt,
} from './__testUtils__/recordedRun';
import { interpret } from './__testUtils__/referenceInterpreter';
import { testStore } from './__testUtils__/testStore';
import { parseGremlin } from './parseGremlin';
import { runGremlin } from './runGremlin';

jest.setTimeout(1_200_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
/** `GREMLIN_RUNS=1000` for a long search. */
const RUNS = Number(process.env.GREMLIN_RUNS ?? 30);
const QUERIES = 12;

/** Between, at and around the steps of a run. */
const times = fc
  .integer({ min: -5, max: 60 })
  .map(after => START + after)
  .chain(time => fc.constantFrom(time, START, time + 1000, START + 10_000));

describe.each(databases.eachSupportedId())('the past on %s', id => {
  let knex: Knex;
  let store: TopologyStore;
  const agreement = new Agreement();

  afterAll(() => {
    process.stdout.write(`the past on ${id}: ${agreement}\n`);
  });

  beforeAll(async () => {
    knex = await testStore(databases, id, DICTIONARY);
    store = await TopologyStore.create({
      knex,
      runMigrations: false,
      kinds: DICTIONARY_KINDS,
      relations: DICTIONARY_RELATIONS,
    });
  });

  const runs = fc.record({
    script: scripts,
    questions: fc.array(
      fc.record({
        text: queries,
        time: times,
        filter: fc.option(filters, { nil: undefined }),
      }),
      { minLength: QUERIES, maxLength: QUERIES },
    ),
  });

  it(`answers a query as the reference does over what was recorded (${RUNS} runs, ${QUERIES} queries each)`, async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ script, questions }) => {
        await clear(knex);
        const states = await record(store, script);
        for (const { text, time, filter } of questions) {
          const graph = cutDown(stateAt(states, time), filter);
          const said = text.replace(/^G/i, `G.At(${time})`);
          for (const asked of [
            { knex, text, filter, at: time },
            { knex, text: said, filter },
          ]) {
            const { expected, actual } = await agreement.ask(
              asked,
              graph,
              DICTIONARY,
            );
            expect(actual).toEqual(expected);
          }
        }
        const expected = interpret(
          parseGremlin('G'),
          states.at(-1)!.graph,
          DICTIONARY,
        );
        const now = await runGremlin({ knex, text: 'G' });
        expect(now.value).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  it('says when the history does not reach back so far', async () => {
    await knex('history').update({ since: START });
    try {
      await expect(
        runGremlin({ knex, text: `G.At(${START - 1}).V()` }),
      ).rejects.toThrow(
        'What was at 2023-11-14T22:13:19.999Z is not kept: ask for a time from 2023-11-14T22:13:20.000Z',
      );
      await expect(
        runGremlin({ knex, text: 'G.V().Count()', at: START }),
      ).resolves.toBeDefined();
    } finally {
      await knex('history').update({ since: 0 });
    }
  });

  it('goes back from the given clock', async () => {
    await clear(knex);
    const node = {
      id: 1,
      cluster: 'demo',
      kind: 'Pod',
      namespace: 'shop',
      name: 'web',
      level: 'ok' as const,
      labels: {},
      properties: {},
      updatedAt: 0,
      revision: 1,
    };
    await record(store, {
      pool: { nodes: [node], edges: [] },
      choices: [{ nodes: [1], edges: [], later: 0 }],
    });
    const count = async (text: string) =>
      (await runGremlin({ knex, text, now: () => START + 60_000 })).value;
    expect(await count("G.At('-61s').V().Count()")).toBe(0);
    expect(await count("G.At('-1m').V().Count()")).toBe(1);
    expect(await count('G.At(NOW).V().Count()')).toBe(1);
  });
});

function cutDown(
  graph: FixtureGraph,
  filter: Parameters<typeof allows>[0] | undefined,
): FixtureGraph {
  if (!filter) {
    return graph;
  }
  const nodes = graph.nodes.filter(each => allows(filter, each));
  const seen = new Set(nodes.map(each => each.id));
  return {
    nodes,
    edges: graph.edges.filter(
      each => seen.has(each.source) && seen.has(each.target),
    ),
  };
}
