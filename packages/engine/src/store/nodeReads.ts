import { Knex } from 'knex';
import { KindId, kindText, NodeKey } from '../kinds/identity';
import { StatusLevel } from '../kinds/status';
import { StoredNode } from '../topology';
import { NodeFilter } from './nodeFilter';
import { nodeFilterSql } from './nodeFilterSql';
import { Moment } from './moment';
import { jsonValue, selectRows } from './sqlDialect';

export interface NodeTableRow {
  id: number;
  key: NodeKey;
  cluster: string;
  api_group: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string | null;
  labels: unknown;
  properties: unknown;
  verdict: unknown;
  created_at: number | string | null;
  updated_at: number | string;
  revision: number;
}

/** What `storedNode` reads: for a node `n`, its kind `k` and its cluster `c`. */
export const NODE_COLUMNS = `n.id, n.key, c.name AS cluster, k.api_group, k.kind, n.namespace, n.name, n.uid,
  n.labels, n.properties, n.verdict, n.created_at, n.updated_at, n.revision`;

/** To be put after the table that has the node `n`: the two small tables come last in every plan. */
export const NODE_JOINS =
  'JOIN kinds k ON k.id = n.kind_id JOIN clusters c ON c.id = n.cluster_id';

export const MAX_KEYS = 5000;

export function storedNode(row: NodeTableRow): StoredNode {
  return {
    key: row.key,
    cluster: row.cluster,
    kind: { group: row.api_group, kind: row.kind },
    namespace: row.namespace,
    name: row.name,
    uid: row.uid ?? undefined,
    labels: jsonValue(row.labels),
    properties: jsonValue(row.properties),
    verdict: jsonValue(row.verdict),
    createdAt: row.created_at === null ? undefined : Number(row.created_at),
    updatedAt: Number(row.updated_at),
    revision: Number(row.revision),
  };
}

/** More keys than one read takes. */
export class TooManyKeysError extends Error {
  constructor(count: number) {
    super(
      `${count} keys were asked for; ask for at most ${MAX_KEYS} at a time`,
    );
    this.name = 'TooManyKeysError';
  }
}

/**
 * In the order of the keys; what is absent or hidden is left out.
 *
 * @throws TooManyKeysError
 */
export async function readNodes(
  knex: Knex,
  moment: Moment,
  keys: readonly string[],
  filter: NodeFilter | undefined,
): Promise<StoredNode[]> {
  if (keys.length === 0) {
    return [];
  }
  if (keys.length > MAX_KEYS) {
    throw new TooManyKeysError(keys.length);
  }
  const visible = nodeFilterSql(filter, 'n');
  const rows = await selectRows<NodeTableRow>(
    knex,
    `SELECT ${NODE_COLUMNS} FROM ${moment.search} n ${NODE_JOINS}
     WHERE n.key IN (${keys.map(() => '?').join(', ')}) AND ${visible.sql}`,
    [...keys, ...visible.bindings],
  );
  const byKey = new Map<string, NodeTableRow>(rows.map(row => [row.key, row]));
  return [...new Set(keys)].flatMap(key => {
    const row = byKey.get(key);
    return row ? [storedNode(row)] : [];
  });
}

/** A page of nodes in the order of their ids; `next` is where the following page starts. */
export async function readPage(
  knex: Knex,
  options: {
    filter?: NodeFilter;
    after?: number;
    limit: number;
    kinds?: KindId[];
    levels?: StatusLevel[];
  },
): Promise<{ nodes: StoredNode[]; next?: number }> {
  const visible = nodeFilterSql(
    {
      allOf: [
        ...(options.filter ? [options.filter] : []),
        ...(options.kinds
          ? [{ key: 'kind' as const, values: options.kinds.map(kindText) }]
          : []),
      ],
    },
    'n',
  );
  const { levels } = options;
  const rows = await selectRows<NodeTableRow>(
    knex,
    `SELECT ${NODE_COLUMNS} FROM nodes n ${NODE_JOINS}
     WHERE n.id > ? AND ${visible.sql}
       ${
         levels
           ? `AND n.level IN (${levels.map(() => '?').join(', ') || 'NULL'})`
           : ''
       }
     ORDER BY n.id LIMIT ?`,
    [
      options.after ?? 0,
      ...visible.bindings,
      ...(levels ?? []),
      options.limit + 1,
    ],
  );
  const page = rows.slice(0, options.limit);
  const nodes = page.map(storedNode);
  return rows.length > options.limit
    ? { nodes, next: page[page.length - 1].id }
    : { nodes };
}
