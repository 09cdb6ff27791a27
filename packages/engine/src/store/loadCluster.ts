import { Knex } from 'knex';
import { NodeId } from '../graph/delta';
import { RestoredEdge, StoredCluster } from '../graph/storedCluster';
import { NodeKey } from '../kinds/identity';
import { StatusLevel } from '../kinds/status';
import { Dictionaries } from './dictionaries';
import { eventRowFrom, EventTableRow } from './eventReads';
import { jsonValue, selectRows } from './sqlDialect';

const PAGE = 5000;

interface NodeTableRow {
  id: number;
  key: NodeKey;
  api_group: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string | null;
  level: StatusLevel;
  hash: string;
}

interface EdgeTableRow {
  src: number;
  rel: number;
  dst: number;
  required: number;
  details: unknown;
}

/**
 * What the database has of a cluster, page by page: ids, keys and hashes of nodes, and edges. Neither labels nor
 * properties: fresh lists bring them.
 */
export async function loadCluster(
  knex: Knex,
  dictionaries: Dictionaries,
  cluster: string,
): Promise<StoredCluster> {
  const stored: StoredCluster = { nodes: [], edges: [], events: [] };
  let last = 0;
  for (;;) {
    const rows = await selectRows<NodeTableRow>(
      knex,
      `SELECT n.id, n.key, k.api_group, k.kind, n.namespace, n.name, n.uid, n.level, n.hash
       FROM nodes n JOIN kinds k ON k.id = n.kind_id
       WHERE n.cluster_id = (SELECT id FROM clusters WHERE name = ?) AND n.id > ?
       ORDER BY n.id LIMIT ?`,
      [cluster, last, PAGE],
    );
    if (rows.length === 0) {
      break;
    }
    const first = rows[0].id;
    last = rows[rows.length - 1].id;
    for (const { id, key, api_group: group, kind, ...row } of rows) {
      stored.nodes.push({
        id: id as NodeId,
        key,
        kind: { group, kind },
        namespace: row.namespace,
        name: row.name,
        uid: row.uid ?? undefined,
        level: row.level,
        hash: row.hash,
      });
    }
    const edges = await selectRows<EdgeTableRow>(
      knex,
      `SELECT e.src, e.rel, e.dst, e.required, e.details
       FROM nodes n CROSS JOIN edges e
       WHERE n.cluster_id = (SELECT id FROM clusters WHERE name = ?)
         AND n.id BETWEEN ? AND ? AND e.src = n.id`,
      [cluster, first, last],
    );
    for (const edge of edges) {
      const relation = dictionaries.relation(edge.rel)?.name;
      if (relation !== undefined) {
        stored.edges.push(restoredEdge(edge, relation));
      }
    }
  }
  const events = await selectRows<EventTableRow>(
    knex,
    `SELECT about, reason, source, event_type, message, count, first_at, last_at
     FROM object_events WHERE substr(about, 1, ?) = ?`,
    [keyPrefix(cluster).length, keyPrefix(cluster)],
  );
  stored.events.push(...events.map(eventRowFrom));
  return stored;
}

/** All keys of a cluster start with it. */
export function keyPrefix(cluster: string): string {
  return `${encodeURIComponent(cluster)}/`;
}

function restoredEdge(row: EdgeTableRow, relation: string): RestoredEdge {
  const edge: RestoredEdge = {
    source: row.src as NodeId,
    relation,
    target: row.dst as NodeId,
    required: Number(row.required) === 1,
  };
  return row.details === null
    ? edge
    : { ...edge, details: jsonValue(row.details) };
}
