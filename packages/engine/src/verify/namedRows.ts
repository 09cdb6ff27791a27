import { Knex } from 'knex';
import { EventRow } from '../graph/delta';
import { Json } from '../kinds/observation';
import { Verdict } from '../kinds/status';
import { eventRowFrom, EventTableRow } from '../store/eventReads';
import { storableJson, storableText } from '../store/postgresJson';
import { selectRows, SqlDialect } from '../store/sqlDialect';

/** A node's row without the numbers that differ between databases. */
export interface NamedNode {
  key: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string | undefined;
  labels: Json;
  properties: Json;
  verdict: Verdict;
  level: string;
  createdAt: number | undefined;
  hash: string;
}

export interface NamedEdge {
  source: string;
  relation: string;
  /** `#<id>` when there is no such node. */
  target: string;
  required: boolean;
  details: Json | undefined;
}

export interface NamedRows {
  nodes: Map<string, NamedNode>;
  /** By `<source> -<relation>-> <target>`; those that start at the asked nodes. */
  edges: Map<string, NamedEdge>;
  /** By the object that they are about. */
  events: Map<string, EventRow[]>;
}

interface NodeTableRow {
  key: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string | null;
  labels: unknown;
  properties: unknown;
  verdict: unknown;
  level: string;
  created_at: number | string | null;
  hash: string;
}

interface EdgeTableRow {
  source: string;
  relation: string;
  target: string | null;
  dst: number;
  required: number;
  details: unknown;
}

/** What a database holds about these nodes, under names. */
export async function readNamedRows(
  knex: Knex,
  dialect: SqlDialect,
  keys: readonly string[],
): Promise<NamedRows> {
  const asked = dialect.isPostgres
    ? '(SELECT jsonb_array_elements_text(?::jsonb))'
    : '(SELECT value FROM json_each(?))';
  const bindings = [JSON.stringify(keys)];
  const nodes = await selectRows<NodeTableRow>(
    knex,
    `SELECT n.key, k.text AS kind, n.namespace, n.name, n.uid, n.labels, n.properties, n.verdict, n.level,
       n.created_at, n.hash
     FROM nodes n JOIN kinds k ON k.id = n.kind_id WHERE n.key IN ${asked}`,
    bindings,
  );
  const edges = await selectRows<EdgeTableRow>(
    knex,
    `SELECT s.key AS source, r.name AS relation, d.key AS target, e.dst, e.required, e.details
     FROM nodes s CROSS JOIN edges e JOIN relations r ON r.id = e.rel LEFT JOIN nodes d ON d.id = e.dst
     WHERE s.key IN ${asked} AND e.src = s.id`,
    bindings,
  );
  const events = await selectRows<EventTableRow>(
    knex,
    `SELECT about, reason, source, event_type, message, count, first_at, last_at
     FROM object_events WHERE about IN ${asked}`,
    bindings,
  );
  const rows: NamedRows = {
    nodes: new Map(nodes.map(row => [row.key, namedNode(row)])),
    edges: new Map(),
    events: new Map(),
  };
  for (const row of edges) {
    const edge: NamedEdge = {
      source: row.source,
      relation: row.relation,
      target: row.target ?? `#${row.dst}`,
      required: Number(row.required) === 1,
      details: row.details === null ? undefined : json(row.details),
    };
    rows.edges.set(edgeSubject(edge), edge);
  }
  for (const row of events) {
    const event = eventRowFrom(row);
    event.message = storableText(event.message);
    rows.events.set(event.about, [
      ...(rows.events.get(event.about) ?? []),
      event,
    ]);
  }
  return rows;
}

/** Keys of a cluster's nodes, a page at a time. */
export async function* nodeKeys(
  knex: Knex,
  cluster: string,
  pageSize: number,
): AsyncIterable<string[]> {
  let last = 0;
  for (;;) {
    const rows = await selectRows<{ id: number; key: string }>(
      knex,
      `SELECT id, key FROM nodes
       WHERE cluster_id = (SELECT id FROM clusters WHERE name = ?) AND id > ? ORDER BY id LIMIT ?`,
      [cluster, last, pageSize],
    );
    if (rows.length === 0) {
      return;
    }
    last = rows[rows.length - 1].id;
    yield rows.map(({ key }) => key);
  }
}

export function edgeSubject({ source, relation, target }: NamedEdge): string {
  return `${source} -${relation}-> ${target}`;
}

function namedNode(row: NodeTableRow): NamedNode {
  return {
    key: row.key,
    kind: row.kind,
    namespace: row.namespace,
    name: row.name,
    uid: row.uid ?? undefined,
    labels: json(row.labels),
    properties: json(row.properties),
    verdict: json(row.verdict) as unknown as Verdict,
    level: row.level,
    createdAt: row.created_at === null ? undefined : Number(row.created_at),
    hash: row.hash,
  };
}

/** As both databases can store it: one of them replaces what the other one keeps. */
function json(value: unknown): Json {
  return typeof value === 'string'
    ? JSON.parse(storableJson(value))
    : (value as Json);
}
