import { migrateUp } from '../store/migrate';
import { momentAt } from '../store/moment';
import { openSqlite } from '../store/openSqlite';
import { sqlDialect } from '../store/sqlDialect';
import { DEFAULT_BOUNDS } from './bounds';
import { parseGremlin } from './parseGremlin';
import { compile } from './sql/compile';
import { Plan } from './sql/plan';
import { Binding, Sql } from './sql/sql';
import { SQLITE } from './sql/sqliteDialect';

const knex = openSqlite(':memory:');

beforeAll(() => migrateUp(knex));
afterAll(() => knex.destroy());

/** The tables that SQLite would read from end to end, and the indexes that it would make for one query. */
async function scansOf(text: string, hidden: boolean): Promise<string[]> {
  const plan = compile(parseGremlin(text), {
    dialect: SQLITE,
    view: {
      moment: momentAt(sqlDialect(knex), 1_700_000_000_000),
      filter: hidden
        ? { not: { key: 'namespace', values: ['hidden'] } }
        : undefined,
    },
    bounds: DEFAULT_BOUNDS,
  });
  const rows: { detail: string }[] = await knex.raw(
    `EXPLAIN QUERY PLAN ${statementOf(plan.answer).text}`,
    statementOf(plan.answer).bindings.map((each: Binding) =>
      typeof each === 'object' ? '[]' : each,
    ),
  );
  return rows
    .map(({ detail }) => detail)
    .filter(detail =>
      /AUTOMATIC|^SCAN (nodes|edges|node_versions|edge_versions|n|e|i|v|p|q)\b/.test(
        detail,
      ),
    );
}

function statementOf(answer: Plan['answer']): Sql {
  return answer.form === 'graph' ? answer.nodes : answer.statement;
}

/** SQLite takes the union of now and the log apart only in statements of a certain form (see `Moment`). */
it.each([
  `G.V().Has('Name', 'a', 'Type', 'pod').Out()`,
  `G.V().Has('Name', 'a', 'Type', 'pod').In().Count()`,
  `G.V().Has('Name', 'a', 'Type', 'pod').Both().Dedup().Values('Status')`,
  `G.V('demo/Pod/shop/a').OutE().OutV()`,
  `G.V('demo/Pod/shop/a').BothE().Sort('Relation')`,
  `G.V('demo/Namespace//shop').Descendants(0)`,
  `G.V('demo/Namespace//shop').Descendants(5).Has('Type', 'pod').Limit(3)`,
  `G.V('demo/Namespace//shop').Ascendants('RelationType', 'pod').SubGraph()`,
  `G.V('demo/Namespace//shop').Out().Sort('Name').Limit(5).ValueMap('Name')`,
  `G.V().Has('Type', 'pod', 'K8s.Namespace', 'shop').Out().Dedup('K8s.IP')`,
  `G.V('demo/Secret/shop/a').Impact()`,
  `G.V('demo/Secret/shop/a').In('Type', 'deployment', 'Stale', true)`,
  `G.V('demo/Deployment.apps/shop/a').Values('Stale')`,
])('reads nothing from end to end for %s', async text => {
  expect(await scansOf(text, false)).toEqual([]);
  expect(await scansOf(text, true)).toEqual([]);
});

it('sees a scan where there is one', async () => {
  expect(await scansOf(`G.V().Has('K8s.IP', '10.0.0.1')`, false)).not.toEqual(
    [],
  );
});
