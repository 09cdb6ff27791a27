import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import { Knex } from 'knex';
import { resolve } from 'path';
import { parseGremlin } from './parseGremlin';
import { runGremlin } from './runGremlin';
import {
  FixtureGraph,
  insertDictionary,
  replaceGraph,
} from './__testUtils__/fixtureGraph';
import {
  allows,
  DICTIONARY,
  filters,
  graphs,
} from './__testUtils__/randomGraphs';
import { queries } from './__testUtils__/randomQueries';
import { interpret } from './__testUtils__/referenceInterpreter';

jest.setTimeout(1_200_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
/** `GREMLIN_GRAPHS=5000` for a long search. */
const GRAPHS = Number(process.env.GREMLIN_GRAPHS ?? 60);
const QUERIES = 12;

async function emptyStore(id: 'SQLITE_3' | 'POSTGRES_18'): Promise<Knex> {
  const knex = await databases.init(id);
  await knex.migrate.latest({
    directory: resolve(__dirname, '../../migrations'),
  });
  await insertDictionary(knex, DICTIONARY);
  return knex;
}

describe.each(databases.eachSupportedId())('on %s', id => {
  it(`gives what the reference gives (${GRAPHS} graphs, ${QUERIES} queries each)`, async () => {
    const knex = await emptyStore(id as 'SQLITE_3');
    await fc.assert(
      fc.asyncProperty(
        graphs,
        fc.array(queries, { minLength: QUERIES, maxLength: QUERIES }),
        async (graph, texts) => {
          await replaceGraph(knex, graph, DICTIONARY);
          for (const text of texts) {
            const expected = interpret(parseGremlin(text), graph, DICTIONARY);
            const { value } = await runGremlin({ knex, text });
            expect({ text, value }).toEqual({ text, value: expected });
          }
        },
      ),
      { numRuns: GRAPHS },
    );
  });

  it('gives through a filter what it gives on the graph cut down beforehand', async () => {
    const knex = await emptyStore(id as 'SQLITE_3');
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
            const expected = interpret(parseGremlin(text), rest, DICTIONARY);
            const { value } = await runGremlin({ knex, text, filter });
            expect({ text, value }).toEqual({ text, value: expected });
          }
        },
      ),
      { numRuns: GRAPHS },
    );
  });
});
