import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import fc from 'fast-check';
import { Agreement } from './__testUtils__/agreement';
import { FixtureGraph, replaceGraph } from './__testUtils__/fixtureGraph';
import {
  allows,
  DICTIONARY,
  filters,
  graphs,
} from './__testUtils__/randomGraphs';
import { queries } from './__testUtils__/randomQueries';
import { testStore } from './__testUtils__/testStore';

jest.setTimeout(1_200_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
/** `GREMLIN_GRAPHS=5000` for a long search. */
const GRAPHS = Number(process.env.GREMLIN_GRAPHS ?? 60);
const QUERIES = 20;

describe.each(databases.eachSupportedId())('on %s', id => {
  let knex: Knex;
  const agreement = new Agreement();

  afterAll(() => {
    process.stdout.write(`${id}: ${agreement}\n`);
  });

  beforeAll(async () => {
    knex = await testStore(databases, id, DICTIONARY);
  });

  it(`gives what the reference gives (${GRAPHS} graphs, ${QUERIES} queries each)`, async () => {
    await fc.assert(
      fc.asyncProperty(
        graphs,
        fc.array(queries, { minLength: QUERIES, maxLength: QUERIES }),
        async (graph, texts) => {
          await replaceGraph(knex, graph, DICTIONARY);
          for (const text of texts) {
            const { expected, actual } = await agreement.ask(
              { knex, text },
              graph,
              DICTIONARY,
            );
            expect(actual).toEqual(expected);
          }
        },
      ),
      { numRuns: GRAPHS },
    );
  });

  it('gives through a filter what it gives on the graph cut down beforehand', async () => {
    await fc.assert(
      fc.asyncProperty(
        graphs,
        filters,
        fc.array(queries, { minLength: QUERIES, maxLength: QUERIES }),
        async (graph, filter, texts) => {
          await replaceGraph(knex, graph, DICTIONARY);
          const nodes = graph.nodes.filter(each => allows(filter, each));
          const seen = new Set(nodes.map(each => each.id));
          const rest: FixtureGraph = {
            nodes,
            edges: graph.edges.filter(
              each => seen.has(each.source) && seen.has(each.target),
            ),
          };
          for (const text of texts) {
            const { expected, actual } = await agreement.ask(
              { knex, text, filter },
              rest,
              DICTIONARY,
            );
            expect(actual).toEqual(expected);
          }
        },
      ),
      { numRuns: GRAPHS },
    );
  });
});
