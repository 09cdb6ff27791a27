import { Knex } from 'knex';
import { RelationClass } from '../kinds/relation';
import { ObjectSelection, SelectedGraph, StoredEdge } from '../topology';
import { Dictionaries } from './dictionaries';
import { Candidate, chooseDrawn, Part, readCandidates } from './drawnNodes';
import { hubKindIds, numbers, relationIn, stepTo } from './frontier';
import { Moment, waysThrough } from './moment';
import { NodeFilter } from './nodeFilter';
import { nodeFilterSql } from './nodeFilterSql';
import {
  NODE_COLUMNS,
  NODE_JOINS,
  NodeTableRow,
  storedNode,
} from './nodeReads';
import { joined, selectionSql } from './selectionSql';
import { jsonValue, selectRows, SqlDialect } from './sqlDialect';

/** Objects that are looked at in all; only some of them are drawn. */
const MAX_OBJECTS = 20_000;
const DEPENDENCY_HOPS = 3;
const DEPENDENT_HOPS = 2;

const DEPENDENCIES: ReadonlySet<RelationClass> = new Set<RelationClass>([
  'config',
  'storage',
  'scheduling',
  'identity',
  'routing',
  'policy',
]);
/** Also what controls selected pods, when only these carry the labels. */
const DEPENDENTS: ReadonlySet<RelationClass> = new Set<RelationClass>([
  'config',
  'storage',
  'identity',
  'routing',
  'control',
]);

interface Scope {
  knex: Knex;
  dialect: SqlDialect;
  moment: Moment;
  dictionaries: Dictionaries;
  filter: NodeFilter | undefined;
  hubs: ReadonlySet<number>;
}

/**
 * The graph behind an entity: its own objects (selected by label, with what they control and contain), what these
 * depend on, and what depends on them. Never through a hub: two pods on one node have nothing else in common.
 */
export async function readSelectedGraph(
  knex: Knex,
  dialect: SqlDialect,
  moment: Moment,
  dictionaries: Dictionaries,
  selections: readonly ObjectSelection[],
  options: { filter?: NodeFilter; limit: number },
): Promise<SelectedGraph> {
  if (selections.length === 0) {
    return { nodes: [], edges: [], own: [], hidden: [] };
  }
  const { filter, limit } = options;
  const hubs = await hubKindIds(knex);
  const scope: Scope = {
    knex,
    dialect,
    moment,
    dictionaries,
    filter,
    hubs,
  };
  const own = await readOwn(scope, selections);
  const found = new Map<number, Part>();
  for (const id of own.slice(0, MAX_OBJECTS)) {
    found.set(id, 'own');
  }
  const walked = [...found.keys()];
  await walk(scope, walked, 'causes', DEPENDENCIES, DEPENDENCY_HOPS, found);
  await walk(scope, walked, 'sufferers', DEPENDENTS, DEPENDENT_HOPS, found);
  const candidates = await readCandidates(knex, dialect, moment, found);
  const { drawn, hidden } = chooseDrawn(candidates, limit);
  if (own.length > MAX_OBJECTS || found.size >= MAX_OBJECTS) {
    hidden.push({
      count: 1,
      what: `or more objects beyond the ${MAX_OBJECTS} that are looked at`,
    });
  }
  return { ...(await readDrawn(scope, drawn)), hidden };
}

/** The recursion carries nothing but ids and what follows from them; the filter is in both of its arms. */
async function readOwn(
  { knex, dialect, moment, dictionaries, filter, hubs }: Scope,
  selections: readonly ObjectSelection[],
): Promise<number[]> {
  const selected = joined(
    selections.map(selection => selectionSql(dialect, selection, 'n')),
    ' OR ',
  );
  const first = nodeFilterSql(filter, 'n');
  const next = nodeFilterSql(filter, 'child');
  const downwards = dictionaries.relationIds(
    relation => relation.class === 'control' || relation.class === 'ownership',
  );
  const { parts } = moment;
  const arms = waysThrough([parts.edges, parts.nodes]).map(
    ([edges, children]) =>
      `SELECT child.id, child.kind_id
       FROM own CROSS JOIN ${edges} e CROSS JOIN ${children} child
       WHERE own.kind_id NOT IN (${numbers([-1, ...hubs])})
         AND e.src = own.id AND ${relationIn('e', downwards)}
         AND child.id = e.dst AND ${next.sql}`,
  );
  const rows = await selectRows<{ id: number }>(
    knex,
    `WITH RECURSIVE own(id, kind_id) AS (
       SELECT n.id, n.kind_id FROM ${moment.search} n WHERE ${
      selected.sql
    } AND ${first.sql}
       UNION ${arms.join(' UNION ')}
     )
     SELECT id FROM own LIMIT ?`,
    [
      ...selected.bindings,
      ...first.bindings,
      ...arms.flatMap(() => next.bindings),
      MAX_OBJECTS + 1,
    ],
  );
  return rows.map(row => row.id);
}

async function walk(
  scope: Scope,
  start: readonly number[],
  side: 'causes' | 'sufferers',
  classes: ReadonlySet<RelationClass>,
  hops: number,
  found: Map<number, Part>,
): Promise<void> {
  let frontier = [...start];
  for (let hop = 0; hop < hops && frontier.length > 0; hop++) {
    const step = await stepTo(scope.knex, scope.dialect, scope.moment, {
      from: frontier,
      side,
      relations: scope.dictionaries,
      classes,
      filter: scope.filter,
      limit: MAX_OBJECTS,
    });
    frontier = [];
    for (const { id, kindId } of step) {
      if (!found.has(id) && found.size < MAX_OBJECTS) {
        found.set(id, 'around');
        if (!scope.hubs.has(kindId)) {
          frontier.push(id);
        }
      }
    }
  }
}

async function readDrawn(
  { knex, dialect, moment, dictionaries }: Scope,
  drawn: readonly Candidate[],
): Promise<Omit<SelectedGraph, 'hidden'>> {
  const ids = dialect.ids(drawn.map(({ id }) => id));
  const rows = await selectRows<NodeTableRow>(
    knex,
    `SELECT ${NODE_COLUMNS} FROM ${ids.sql} drawn CROSS JOIN ${moment.nodes} n ${NODE_JOINS}
     WHERE n.id = drawn.id ORDER BY n.id`,
    ids.bindings,
  );
  const keys = new Map(rows.map(row => [row.id, row.key]));
  const edgeRows = await selectRows<{
    src: number;
    rel: number;
    dst: number;
    required: number;
    details: unknown;
  }>(
    knex,
    `SELECT e.src, e.rel, e.dst, e.required, e.details
     FROM ${ids.sql} a CROSS JOIN ${moment.edges} e
     WHERE e.src = a.id AND e.dst IN (SELECT id FROM ${ids.sql} b)
     ORDER BY e.src, e.rel, e.dst`,
    [...ids.bindings, ...ids.bindings],
  );
  const edges = edgeRows.flatMap((row): StoredEdge[] => {
    const relation = dictionaries.relation(row.rel);
    return relation
      ? [
          {
            source: keys.get(row.src)!,
            target: keys.get(row.dst)!,
            relation,
            required: Number(row.required) === 1,
            ...(row.details === null
              ? {}
              : { details: jsonValue(row.details) }),
          },
        ]
      : [];
  });
  const own = drawn.flatMap(({ id, part }) =>
    part === 'own' ? [keys.get(id)!] : [],
  );
  return { nodes: rows.map(storedNode), edges, own };
}
