import { Knex } from 'knex';
import { EventRow } from '../graph/delta';
import { NodeKey } from '../kinds/identity';
import { Json } from '../kinds/observation';
import { Relation } from '../kinds/relation';
import { StatusLevel, Verdict } from '../kinds/status';
import { NodeFilter } from '../store/nodeFilter';
import { SqlFragment, nodeFilterSql } from '../store/nodeFilterSql';
import {
  CausalGraphEdge,
  CausalGraphNode,
  CausalGraphParts,
  CausalReader,
  Controlled,
  Inventory,
  InventoryContent,
} from './causalGraph';

/** Ingress → Service → Deployment → ReplicaSet → Pod → claim → class, and some to spare for custom owners. */
const MAX_HOPS = 12;
/** Nodes in one neighbourhood. */
const MAX_NODES = 2000;
/** Neighbours of one node over one relation that are alike in level and reason: more of them add no cause. */
const ALIKE = 20;
const MAX_EVENTS = 5000;
const INVENTORY_SIZE = 500;

/** Objects at these levels break nothing: the way ends before them. */
const HARMLESS: readonly StatusLevel[] = [
  'ok',
  'history',
  'idle',
  'suspended',
  'maintenance',
];

/**
 * Kinds that are followed although they are well by themselves: a ReplicaSet passes on what its pods are, a claim that
 * waits is well by design, and the names and keys of what a pod reads are compared with what its kubelet misses.
 */
const ALWAYS_FOLLOWED: readonly string[] = [
  'ReplicaSet.apps',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass.storage.k8s.io',
  'Secret',
  'ConfigMap',
];

type RelationRow = CausalGraphEdge['relation'] & { id: number };

interface Found {
  id: number;
  /** Whether the way goes on from here. */
  followed: boolean;
}

/**
 * Reads what explains objects from SQL: from them along the edges over which failure flows, hop by hop, only to nodes
 * that can break something. Each hop is one query that carries the asker's filter, so that no way leads through a node
 * that is hidden. A frontier per hop, and no recursive CTE: only so can each hop keep a few of many alike (the 10,000
 * pods that wait for one Secret) and still reach what lies behind them; `perf.md` section C measured it as fast.
 */
export class SqlCausalReader implements CausalReader {
  readonly #knex: Knex;
  readonly #filter: NodeFilter | undefined;
  #relations: Promise<Map<number, RelationRow>> | undefined;

  private constructor(knex: Knex, filter: NodeFilter | undefined) {
    this.#knex = knex;
    this.#filter = filter;
  }

  static create(
    knex: Knex,
    options: { filter?: NodeFilter } = {},
  ): SqlCausalReader {
    return new SqlCausalReader(knex, options.filter);
  }

  async neighbourhood(keys: readonly NodeKey[]): Promise<CausalGraphParts> {
    const starts = await this.#starts(keys);
    const ids = new Set(starts.map(({ id }) => id));
    const expanded = new Set<number>(ids);
    let frontier = starts
      .filter(({ followed }) => followed)
      .map(({ id }) => id);
    for (
      let hop = 0;
      hop < MAX_HOPS && frontier.length > 0 && ids.size < MAX_NODES;
      hop++
    ) {
      const next = (await this.#suffered(frontier)).filter(
        found => !ids.has(found.id),
      );
      const room = next.slice(0, MAX_NODES - ids.size);
      room.forEach(({ id }) => ids.add(id));
      frontier = [...new Set(room.map(({ id }) => id))];
      frontier.forEach(id => expanded.add(id));
    }
    for (const id of await this.#sufferersOfMissing(starts)) {
      ids.add(id);
    }
    const controllers = await this.#controllers([...ids]);
    controllers.forEach(id => ids.add(id));
    return this.#parts([...ids], expanded);
  }

  async #starts(
    keys: readonly NodeKey[],
  ): Promise<(Found & { missing: boolean })[]> {
    const filter = this.#visible('n');
    const rows = await this.#select<{
      id: number;
      level: StatusLevel;
      text: string;
    }>(
      `SELECT n.id, n.level, k.text FROM nodes n JOIN kinds k ON k.id = n.kind_id
       WHERE n.key IN (${placeholders(keys)}) AND ${filter.sql}`,
      [...keys, ...filter.bindings],
    );
    return rows.map(({ id, level, text }) => ({
      id,
      followed: !HARMLESS.includes(level) || ALWAYS_FOLLOWED.includes(text),
      missing: level === 'missing',
    }));
  }

  /** One hop along the failure flow, from what suffers to what it suffers from. */
  async #suffered(ids: readonly number[]): Promise<{ id: number }[]> {
    const relations = [...(await this.#relationRows()).values()];
    const out = relations.filter(({ suffers }) => suffers === 'source');
    const back = relations.filter(({ suffers }) => suffers === 'target');
    const followed = `(n.level NOT IN (${placeholders(HARMLESS)})
        OR k.text IN (${placeholders(ALWAYS_FOLLOWED)}))`;
    return this.#hop(ids, out, back, {
      sql: followed,
      bindings: [...HARMLESS, ...ALWAYS_FOLLOWED],
    });
  }

  /** Who needs an absent object, so that the answer can tell what they ask of it. */
  async #sufferersOfMissing(
    starts: readonly (Found & { missing: boolean })[],
  ): Promise<number[]> {
    const missing = starts.filter(start => start.missing).map(({ id }) => id);
    if (missing.length === 0) {
      return [];
    }
    const relations = [...(await this.#relationRows()).values()];
    const found = await this.#hop(
      missing,
      relations.filter(({ suffers }) => suffers === 'target'),
      relations.filter(({ suffers }) => suffers === 'source'),
      { sql: '1 = 1', bindings: [] },
    );
    return found.map(({ id }) => id);
  }

  async #hop(
    ids: readonly number[],
    out: readonly RelationRow[],
    back: readonly RelationRow[],
    condition: SqlFragment,
  ): Promise<{ id: number }[]> {
    const filter = this.#visible('n');
    const reason = this.#json('n.verdict', 'reason');
    const rows = await this.#select<{ id: number }>(
      `SELECT DISTINCT id FROM (
         SELECT n.id AS id, ROW_NUMBER() OVER (
           PARTITION BY step.origin, step.rel, n.level, ${
             reason.sql
           } ORDER BY n.id
         ) AS place
         FROM (
           SELECT src AS origin, rel, dst AS other FROM edges
           WHERE src IN (${placeholders(ids)}) AND rel IN (${placeholders(out)})
           UNION ALL
           SELECT dst AS origin, rel, src AS other FROM edges
           WHERE dst IN (${placeholders(ids)}) AND rel IN (${placeholders(
        back,
      )})
         ) step
         JOIN nodes n ON n.id = step.other
         JOIN kinds k ON k.id = n.kind_id
         WHERE ${condition.sql} AND ${filter.sql}
       ) placed WHERE place <= ? ORDER BY id LIMIT ?`,
      [
        ...reason.bindings,
        ...ids,
        ...out.map(({ id }) => id),
        ...ids,
        ...back.map(({ id }) => id),
        ...condition.bindings,
        ...filter.bindings,
        ALIKE,
        MAX_NODES,
      ],
    );
    return rows;
  }

  /** The controllers above: ReplicaSet and Deployment of a pod. */
  async #controllers(ids: readonly number[]): Promise<Set<number>> {
    const control = await this.#controlIds();
    const found = new Set<number>();
    let frontier = [...ids];
    for (let hop = 0; hop < 3 && frontier.length > 0; hop++) {
      const filter = this.#visible('n');
      const rows = await this.#select<{ id: number }>(
        `SELECT DISTINCT e.src AS id FROM edges e JOIN nodes n ON n.id = e.src
         WHERE e.dst IN (${placeholders(frontier)})
           AND e.rel IN (${placeholders(control)}) AND ${filter.sql}`,
        [...frontier, ...control, ...filter.bindings],
      );
      frontier = rows.map(({ id }) => id).filter(id => !found.has(id));
      frontier.forEach(id => found.add(id));
    }
    return found;
  }

  async #parts(
    ids: readonly number[],
    expanded: ReadonlySet<number>,
  ): Promise<CausalGraphParts> {
    if (ids.length === 0) {
      return {};
    }
    const rows = await this.#nodeRows(`n.id IN (${placeholders(ids)})`, [
      ...ids,
    ]);
    const keys = new Map(rows.map(({ id, node }) => [id, node.key]));
    return {
      nodes: rows.map(({ node }) => node),
      edges: await this.#edges(ids, keys),
      events: await this.#events([...keys.values()]),
      controlled: await this.#controlled(ids, keys),
      expanded: rows
        .filter(({ id }) => expanded.has(id))
        .map(({ node }) => node.key),
    };
  }

  async #edges(
    ids: readonly number[],
    keys: ReadonlyMap<number, NodeKey>,
  ): Promise<CausalGraphEdge[]> {
    const relations = await this.#relationRows();
    const rows = await this.#select<{
      src: number;
      rel: number;
      dst: number;
      required: number;
      details: unknown;
    }>(
      `SELECT src, rel, dst, required, details FROM edges
       WHERE src IN (${placeholders(ids)}) AND dst IN (${placeholders(ids)})
         AND rel IN (${placeholders([...relations.keys()])})`,
      [...ids, ...ids, ...relations.keys()],
    );
    return rows.map(({ src, rel, dst, required, details }) => ({
      source: keys.get(src)!,
      target: keys.get(dst)!,
      relation: relations.get(rel)!,
      required: Number(required) === 1,
      ...(details
        ? { details: fromJson<{ [key: string]: Json }>(details) }
        : {}),
    }));
  }

  async #events(keys: readonly NodeKey[]): Promise<EventRow[]> {
    const rows = await this.#select<Record<string, string | number>>(
      `SELECT about, reason, source, event_type, message, count, first_at, last_at
       FROM object_events WHERE about IN (${placeholders(keys)})
       ORDER BY last_at DESC LIMIT ?`,
      [...keys, MAX_EVENTS],
    );
    return rows.map(row => ({
      about: row.about as NodeKey,
      reason: String(row.reason),
      source: String(row.source),
      eventType: row.event_type as EventRow['eventType'],
      message: String(row.message),
      count: Number(row.count),
      firstAt: Number(row.first_at),
      lastAt: Number(row.last_at),
    }));
  }

  /** For every controller among the nodes: of how many objects, and how many of them are well. */
  async #controlled(
    ids: readonly number[],
    keys: ReadonlyMap<number, NodeKey>,
  ): Promise<[NodeKey, Controlled][]> {
    const control = await this.#controlIds();
    const filter = this.#visible('n');
    const rows = await this.#select<{ src: number; total: number; ok: number }>(
      `SELECT e.src AS src, COUNT(*) AS total,
         SUM(CASE WHEN n.level = 'ok' THEN 1 ELSE 0 END) AS ok
       FROM edges e JOIN nodes n ON n.id = e.dst
       WHERE e.src IN (${placeholders(ids)}) AND e.rel IN (${placeholders(
        control,
      )})
         AND n.level NOT IN ('history', 'terminating') AND ${filter.sql}
       GROUP BY e.src`,
      [...ids, ...control, ...filter.bindings],
    );
    return rows.map(({ src, total, ok }) => [
      keys.get(src)!,
      { total: Number(total), ok: Number(ok) },
    ]);
  }

  async inventory(inventory: Inventory): Promise<InventoryContent> {
    const { cluster, namespace, kind, where, troubled, last } = inventory;
    const conditions: SqlFragment[] = [
      {
        sql: 'n.cluster_id = (SELECT id FROM clusters WHERE name = ?)',
        bindings: [cluster],
      },
      {
        sql: 'n.kind_id = (SELECT id FROM kinds WHERE api_group = ? AND kind = ?)',
        bindings: [kind.group, kind.kind],
      },
      ...(namespace === undefined
        ? []
        : [{ sql: 'n.namespace = ?', bindings: [namespace] }]),
      ...(troubled
        ? [
            {
              sql: `n.level NOT IN (${placeholders(HARMLESS)})`,
              bindings: [...HARMLESS],
            },
          ]
        : []),
      ...(where ? [this.#propertyIs(where)] : []),
      this.#visible('n'),
    ];
    const order = last ? this.#propertyIs(last) : undefined;
    const rows = await this.#nodeRows(
      conditions.map(({ sql }) => sql).join(' AND '),
      conditions.flatMap(({ bindings }) => bindings),
      {
        sql: `${
          order ? `CASE WHEN ${order.sql} THEN 1 ELSE 0 END, ` : ''
        }n.id LIMIT ?`,
        bindings: [...(order?.bindings ?? []), INVENTORY_SIZE + 1],
      },
    );
    return {
      nodes: rows.slice(0, INVENTORY_SIZE).map(({ node }) => node),
      // What is hidden is not even counted, so with a filter nothing is known to be all there is.
      complete: rows.length <= INVENTORY_SIZE && this.#filter === undefined,
    };
  }

  #propertyIs({
    property,
    value,
  }: {
    property: string;
    value: string;
  }): SqlFragment {
    const json = this.#json('n.properties', property);
    return {
      sql: `COALESCE(${json.sql}, '') = ?`,
      bindings: [...json.bindings, value],
    };
  }

  /** A text in a JSON column; the name is bound, so it may hold anything. */
  #json(column: string, name: string): SqlFragment {
    return this.#isPostgres()
      ? { sql: `${column} ->> ?::text`, bindings: [name] }
      : {
          sql: `json_extract(${column}, ?)`,
          bindings: [`$."${name}"`],
        };
  }

  async #nodeRows(
    condition: string,
    bindings: readonly unknown[],
    order: SqlFragment = { sql: 'n.id', bindings: [] },
  ): Promise<{ id: number; node: CausalGraphNode }[]> {
    const rows = await this.#select<Record<string, unknown>>(
      `SELECT n.id, n.key, n.namespace, n.name, n.uid, n.labels, n.properties, n.verdict,
         n.created_at, c.name AS cluster, k.api_group, k.kind
       FROM nodes n JOIN clusters c ON c.id = n.cluster_id JOIN kinds k ON k.id = n.kind_id
       WHERE ${condition} ORDER BY ${order.sql}`,
      [...bindings, ...order.bindings],
    );
    return rows.map(row => ({ id: Number(row.id), node: nodeFrom(row) }));
  }

  #visible(alias: string): SqlFragment {
    return nodeFilterSql(this.#filter, alias);
  }

  #isPostgres(): boolean {
    return this.#knex.client.config.client === 'pg';
  }

  async #controlIds(): Promise<number[]> {
    return [...(await this.#relationRows()).values()]
      .filter(relation => relation.class === 'control')
      .map(({ id }) => id);
  }

  /** Relations over which failure flows, or that tell who controls what. */
  #relationRows(): Promise<Map<number, RelationRow>> {
    this.#relations ??= this.#select<Record<string, string | number>>(
      `SELECT id, name, relation_type, class, suffers, strength FROM relations
       WHERE suffers <> 'none' OR class = 'control'`,
      [],
    ).then(
      rows =>
        new Map(
          rows.map(row => [
            Number(row.id),
            {
              id: Number(row.id),
              name: String(row.name),
              relationType: String(row.relation_type),
              class: row.class as Relation['class'],
              suffers: row.suffers as Relation['suffers'],
              strength: row.strength as Relation['strength'],
            },
          ]),
        ),
    );
    return this.#relations;
  }

  async #select<Row>(
    sql: string,
    bindings: readonly unknown[],
  ): Promise<Row[]> {
    const result = await this.#knex.raw(sql, [
      ...bindings,
    ] as Knex.RawBinding[]);
    return this.#isPostgres() ? result.rows : result;
  }
}

/** `?, ?, ?`; `NULL` for none, which `IN` never matches. */
function placeholders(values: readonly unknown[]): string {
  return values.length === 0 ? 'NULL' : values.map(() => '?').join(', ');
}

function nodeFrom(row: Record<string, unknown>): CausalGraphNode {
  return {
    key: row.key as NodeKey,
    cluster: String(row.cluster),
    kind: { group: String(row.api_group), kind: String(row.kind) },
    namespace: String(row.namespace),
    name: String(row.name),
    ...(row.uid ? { uid: String(row.uid) } : {}),
    labels: fromJson<Record<string, string>>(row.labels),
    properties: fromJson<{ [name: string]: Json }>(row.properties),
    verdict: fromJson<Verdict>(row.verdict),
    ...(row.created_at === null || row.created_at === undefined
      ? {}
      : { createdAt: Number(row.created_at) }),
  };
}

/** PostgreSQL hands jsonb out parsed, SQLite as text. */
function fromJson<T>(value: unknown): T {
  return typeof value === 'string' ? (JSON.parse(value) as T) : (value as T);
}
