import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { resolve } from 'path';
import {
  FixtureDictionary,
  FixtureGraph,
  insertDictionary,
  replaceGraph,
} from './fixtureGraph';

const MIGRATIONS = resolve(__dirname, '../../../migrations');
const EMPTY: FixtureGraph = { nodes: [], edges: [] };

/** A database with the engine's schema and a graph in it. */
export async function testStore(
  databases: TestDatabases,
  id: string,
  dictionary: FixtureDictionary,
  graph: FixtureGraph = EMPTY,
): Promise<Knex> {
  const knex = await databases.init(id as 'SQLITE_3');
  await knex.migrate.latest({ directory: MIGRATIONS });
  await insertDictionary(knex, dictionary);
  await replaceGraph(knex, graph, dictionary);
  return knex;
}
