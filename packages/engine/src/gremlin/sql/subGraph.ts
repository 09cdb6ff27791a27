import { Dialect } from './dialect';
import { follow, Scope } from './hops';
import { narrowed, Selection, Stage } from './selection';
import { sql, Sql } from './sql';
import { Statement } from './statement';

/**
 * The graph that a stage induces: nodes with the edges between them, or edges with the nodes at their ends.
 * `inside` narrows and closes a selection of edges.
 */
export function addSubGraph(
  stage: Stage,
  scope: Scope | undefined,
  statement: Statement,
  dialect: Dialect,
  inside: (edges: Selection) => Stage,
): Scope {
  const { table } = stage;
  const from = Sql.name(table);
  if (stage.element === 'edges') {
    return {
      edges: table,
      nodes: statement.add(
        'g',
        [table, table],
        () => sql`SELECT src AS id FROM ${from} UNION SELECT dst FROM ${from}`,
      ),
    };
  }
  const leaving = follow(
    stage,
    { direction: 'out', to: 'edges' },
    { moment: statement.moment },
    scope,
    dialect,
  );
  const edges = inside({
    ...narrowed(leaving, [sql`e.dst IN (SELECT id FROM ${from})`]),
    sources: [...leaving.sources, table],
  });
  return { nodes: table, edges: edges.table };
}
