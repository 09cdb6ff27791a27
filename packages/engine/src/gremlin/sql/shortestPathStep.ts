import { Step } from '../query';
import { Compilation } from './compilation';
import { allEdges, allNodes } from './hops';
import { Paths } from './paths';
import { reopen, Selection } from './selection';
import { pathSearch } from './shortestPath';
import { sql } from './sql';

/** `ShortestPathTo`. */
export function shortestPathStep(
  step: Extract<Step, { step: 'shortestPath' }>,
  selection: Selection,
  compilation: Compilation,
): Paths {
  const { view, dialect, scope, statement, narrowing } = compilation;
  const plain = { ...view, extras: [] };
  const edges = allEdges(
    { ...plain, filter: undefined },
    undefined,
    [],
    dialect,
  );
  const targets = narrowing.narrow(
    allNodes(plain, scope, [], dialect),
    step.target,
  );
  const found = statement.addSearch(
    pathSearch({
      start: reopen(compilation.close(selection)),
      targets,
      edges: narrowing.combined(edges, step.edges, false),
      view: plain,
      scope,
      statement,
      dialect,
      rows: compilation.bounds.rows,
    }),
  );
  const table = statement.add(
    'p',
    [],
    () =>
      sql`SELECT v AS trail, 1 AS times, position FROM ${dialect.textsOfJsonList(
        sql`${found}`,
      )} j`,
  );
  return { table };
}
