import { Knex } from 'knex';
import { Json } from '../../kinds/observation';
import { migrateUp } from '../../store/migrate';
import { openSqlite } from '../../store/openSqlite';
import { GremlinBounds } from '../bounds';
import { GremlinAnswer } from '../result';
import { runGremlin } from '../runGremlin';
import { GraphModel } from '../sql/graphModel';
import { ParsedGraph, parseSavedGraph } from './parseSavedGraph';
import { savedGraphModel } from './savedGraphModel';

export interface SavedGraph {
  readonly nodes: number;
  readonly edges: number;
  /** What of the file is left out, in words; empty when it is whole. */
  readonly omitted: readonly string[];
  /** As `Topology.query`; there is no past to ask for. @throws GremlinError */
  query(text: string): Promise<GremlinAnswer>;
  close(): Promise<void>;
}

const BATCH = 500;

/**
 * Opens a topology in Skydive's export form (`parseSavedGraph` says which forms that are) for queries, on an SQLite
 * database in memory that goes with it.
 *
 * @throws SavedGraphError
 */
export async function openSavedGraph(
  json: string | Uint8Array,
  options: { bounds?: Partial<GremlinBounds>; now?: () => number } = {},
): Promise<SavedGraph> {
  const graph = parseSavedGraph(json);
  const knex = openSqlite(':memory:');
  try {
    await migrateUp(knex);
    await fill(knex, graph);
  } catch (error) {
    await knex.destroy();
    throw error;
  }
  const model: GraphModel = savedGraphModel(dottedKeysOf(graph));
  return {
    nodes: graph.nodes.length,
    edges: graph.edges.length,
    omitted: graph.omitted,
    query: text => runGremlin({ ...options, knex, text, model }),
    close: () => knex.destroy(),
  };
}

async function fill(knex: Knex, { nodes, edges }: ParsedGraph): Promise<void> {
  const ids = new Map(nodes.map(({ ID }, index) => [ID, index + 1]));
  // Each edge of a node has a number of its own: so parallel ones are told apart, and answers keep the file's order.
  const outgoing = new Map<string, number>();
  const edgeRows = edges.map(edge => {
    const rel = (outgoing.get(edge.Parent) ?? 0) + 1;
    outgoing.set(edge.Parent, rel);
    return {
      src: ids.get(edge.Parent),
      rel,
      dst: ids.get(edge.Child),
      required: 0,
      details: JSON.stringify({ ...edge, ...relationOf(edge) }),
      created_at: edge.CreatedAt,
    };
  });
  const relations = edgeRows.reduce((most, { rel }) => Math.max(most, rel), 0);
  await knex.transaction(async trx => {
    await trx('clusters').insert({ id: 1, name: '', state: 'ready', at: 0 });
    await trx('kinds').insert({
      id: 1,
      api_group: '',
      kind: '',
      type: '',
      text: '',
    });
    await trx.batchInsert(
      'relations',
      Array.from({ length: relations }, (_, index) => ({
        id: index + 1,
        name: `${index + 1}`,
        relation_type: '',
        class: '',
        suffers: 'none',
        strength: 'soft',
        metadata: '{}',
      })),
      BATCH,
    );
    await trx.batchInsert(
      'nodes',
      nodes.map((node, index) => ({
        id: index + 1,
        cluster_id: 1,
        kind_id: 1,
        namespace: '',
        name: '',
        key: node.ID,
        level: 'unknown',
        labels: '{}',
        properties: JSON.stringify(node),
        verdict: '{}',
        hash: '',
        updated_at: node.UpdatedAt,
        revision: node.Revision,
      })),
      BATCH,
    );
    await trx.batchInsert('edges', edgeRows, BATCH);
  });
  await knex.raw('ANALYZE');
}

/** Our own ids say which relation an edge is of. */
function relationOf({ ID, Parent, Child }: ParsedGraph['edges'][number]): {
  Relation?: string;
} {
  const named =
    ID.startsWith(`${Parent}|`) &&
    ID.endsWith(`|${Child}`) &&
    ID.length > Parent.length + Child.length + 2;
  return named
    ? { Relation: ID.slice(Parent.length + 1, -Child.length - 1) }
    : {};
}

function dottedKeysOf({ nodes, edges }: ParsedGraph): Set<string> {
  const found = new Set<string>();
  const look = (value: Json): void => {
    if (Array.isArray(value)) {
      value.forEach(look);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        if (key.includes('.')) {
          found.add(key);
        }
        look(member);
      }
    }
  };
  nodes.forEach(node => look(node.Metadata));
  edges.forEach(edge => look(edge.Metadata));
  return found;
}
