import { Knex } from 'knex';
import { EventRow } from '../graph/delta';
import { NodeKey } from '../kinds/identity';
import { EventTableRow, eventRowFrom } from '../store/eventReads';
import { numbers } from '../store/frontier';
import { NodeFilter } from '../store/nodeFilter';
import { SqlFragment } from '../store/nodeFilterSql';
import { CausalNode } from './rootCause';
import { causalNode } from './answer';
import { IncidentReader } from './incidents';
import { VictimOptions } from './victim';
import { readVictimEdges, readVictims } from './victimSql';
import {
  NODE_COLUMNS,
  NODE_JOINS,
  NodeTableRow,
  storedNode,
} from '../store/nodeReads';
import { jsonValue, selectRows, sqlDialect } from '../store/sqlDialect';
import {
  CausalGraphEdge,
  CausalGraphNode,
  CausalGraphParts,
  Controlled,
  Inventory,
  InventoryContent,
} from './causalGraph';
import {
  CausalRelations,
  CausalSource,
  HARMLESS,
  placeholders,
  visible,
} from './causalSql';
import { walk } from './causalWalk';

const MAX_EVENTS = 5000;
const INVENTORY_SIZE = 500;
const KEYS_AT_ONCE = 1000;

/** Reads what explains objects from SQL; sees what one asker may see. */
export class SqlCausalReader implements IncidentReader {
  readonly #knex: Knex;
  readonly #filter: NodeFilter | undefined;
  #loading: Promise<CausalSource> | undefined;

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

  #source(): Promise<CausalSource> {
    this.#loading ??= CausalRelations.load(this.#knex).then(relations => ({
      knex: this.#knex,
      dialect: sqlDialect(this.#knex),
      filter: this.#filter,
      relations,
    }));
    return this.#loading;
  }

  async neighbourhood(keys: readonly NodeKey[]): Promise<CausalGraphParts> {
    const source = await this.#source();
    const { ids, expanded } = await walk(source, keys);
    const here = source.dialect.ids([...ids]);
    const nodes = await readNodes(source, {
      sql: `n.id IN (SELECT id FROM ${here.sql} here)`,
      bindings: here.bindings,
    });
    const keyOf = new Map(nodes.map(({ id, node }) => [id, node.key]));
    return {
      nodes: nodes.map(({ node }) => node),
      edges: await readEdges(source, keyOf),
      events: await readEvents(source, [...keyOf.values()]),
      controlled: await readControlled(source, keyOf),
      expanded: nodes
        .filter(({ id }) => expanded.has(id))
        .map(({ node }) => node.key),
    };
  }

  async victims(options: VictimOptions) {
    return readVictims(await this.#source(), options);
  }

  async outdated(clusters: readonly string[] | undefined) {
    const { knex } = await this.#source();
    const rows = await selectRows<{
      name: string;
      message: string;
      at: number | string;
    }>(
      knex,
      "SELECT name, message, at FROM clusters WHERE state = 'failing' ORDER BY name",
    );
    return rows
      .filter(({ name }) => clusters?.includes(name) ?? true)
      .map(({ name, message, at }) => ({
        cluster: name,
        since: Number(at),
        because: message,
      }));
  }

  async victimEdges(ids: readonly number[]) {
    return readVictimEdges(await this.#source(), ids);
  }

  async nodes(keys: readonly NodeKey[]): Promise<CausalNode[]> {
    const source = await this.#source();
    const may = visible(source);
    const found: CausalNode[] = [];
    for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
      const some = keys.slice(at, at + KEYS_AT_ONCE);
      const rows = await readNodes(source, {
        sql: `n.key IN (${placeholders(some)}) AND ${may.sql}`,
        bindings: [...some, ...may.bindings],
      });
      found.push(...rows.map(({ node }) => causalNode(node)));
    }
    return found;
  }

  async inventory(inventory: Inventory): Promise<InventoryContent> {
    const source = await this.#source();
    const {
      cluster,
      namespace,
      kind,
      where,
      troubled,
      last,
      linkedTo,
      linkedFrom,
    } = inventory;
    const conditions: SqlFragment[] = [
      {
        sql: 'n.cluster_id = (SELECT id FROM clusters WHERE name = ?)',
        bindings: [cluster],
      },
      {
        sql: 'n.kind_id = (SELECT id FROM kinds WHERE api_group = ? AND kind = ?)',
        bindings: [kind.group, kind.kind],
      },
      visible(source),
    ];
    if (namespace !== undefined) {
      conditions.push({ sql: 'n.namespace = ?', bindings: [namespace] });
    }
    if (troubled) {
      conditions.push({
        sql: `n.level NOT IN (${placeholders(HARMLESS)})`,
        bindings: [...HARMLESS],
      });
    }
    if (where) {
      conditions.push(propertyIs(source, where));
    }
    if (linkedTo) {
      conditions.push({
        sql: `n.id IN (SELECT e.src FROM edges e
          WHERE e.dst = (SELECT id FROM nodes WHERE key = ?)
            AND e.rel = (SELECT id FROM relations WHERE name = ?))`,
        bindings: [linkedTo.key, linkedTo.relation],
      });
    }
    if (linkedFrom) {
      conditions.push({
        sql: `n.id IN (SELECT e.dst FROM edges e
          WHERE e.src = (SELECT id FROM nodes WHERE key = ?)
            AND e.rel = (SELECT id FROM relations WHERE name = ?))`,
        bindings: [linkedFrom.key, linkedFrom.relation],
      });
    }
    const order = last ? propertyIs(source, last) : undefined;
    const rows = await readNodes(
      source,
      {
        sql: conditions.map(({ sql }) => sql).join(' AND '),
        bindings: conditions.flatMap(({ bindings }) => bindings),
      },
      {
        sql: `ORDER BY ${
          order ? `CASE WHEN ${order.sql} THEN 1 ELSE 0 END, ` : ''
        }n.id LIMIT ?`,
        bindings: [...(order?.bindings ?? []), INVENTORY_SIZE + 1],
      },
    );
    return {
      nodes: rows.slice(0, INVENTORY_SIZE).map(({ node }) => node),
      // What is hidden is not even counted, so with a filter nothing is known to be all there is.
      complete:
        rows.length <= INVENTORY_SIZE &&
        this.#filter === undefined &&
        (await isReadable(source, inventory)),
    };
  }
}

/** Whether the kind's list was read: a dump may have been written without it, and a cluster may forbid it. */
async function isReadable(
  { knex }: CausalSource,
  { cluster, kind }: Inventory,
): Promise<boolean> {
  const rows = await selectRows<{ state: string }>(
    knex,
    `SELECT state FROM kind_states
     WHERE cluster_id = (SELECT id FROM clusters WHERE name = ?)
       AND kind_id = (SELECT id FROM kinds WHERE api_group = ? AND kind = ?)`,
    [cluster, kind.group, kind.kind],
  );
  return rows.every(({ state }) => state === 'listed' || state === 'listing');
}

/** A property's text; absent and null read as `''`. */
function propertyIs(
  { dialect }: CausalSource,
  { property, value }: { property: string; value: string },
): SqlFragment {
  const json = dialect.label('n.properties', property);
  return {
    sql: `COALESCE(${json.sql}, '') = ?`,
    bindings: [...json.bindings, value],
  };
}

async function readNodes(
  { knex }: CausalSource,
  condition: SqlFragment,
  order: SqlFragment = { sql: 'ORDER BY n.id', bindings: [] },
): Promise<{ id: number; node: CausalGraphNode }[]> {
  const rows = await selectRows<NodeTableRow>(
    knex,
    `SELECT ${NODE_COLUMNS} FROM nodes n ${NODE_JOINS}
     WHERE ${condition.sql} ${order.sql}`,
    [...condition.bindings, ...order.bindings],
  );
  return rows.map(row => ({ id: row.id, node: storedNode(row) }));
}

/**
 * The edges between the nodes. The signs keep SQLite from looking up each relation with each node in the index, for
 * each node: the edges of one are few.
 */
async function readEdges(
  { knex, dialect, relations }: CausalSource,
  keyOf: ReadonlyMap<number, NodeKey>,
): Promise<CausalGraphEdge[]> {
  const here = dialect.ids([...keyOf.keys()]);
  const rows = await selectRows<{
    src: number;
    rel: number;
    dst: number;
    required: number;
    details: unknown;
  }>(
    knex,
    `SELECT e.src, e.rel, e.dst, e.required, e.details
     FROM ${here.sql} here CROSS JOIN edges e
     WHERE e.src = here.id AND +e.rel IN (${numbers(relations.ids())})
       AND +e.dst IN (SELECT id FROM ${here.sql} there)`,
    [...here.bindings, ...here.bindings],
  );
  return rows.map(({ src, rel, dst, required, details }) => ({
    source: keyOf.get(src)!,
    target: keyOf.get(dst)!,
    relation: relations.get(rel)!,
    required: Number(required) === 1,
    details: details ? jsonValue(details) : undefined,
  }));
}

async function readEvents(
  { knex }: CausalSource,
  keys: readonly NodeKey[],
): Promise<EventRow[]> {
  const rows = await selectRows<EventTableRow>(
    knex,
    `SELECT about, reason, source, event_type, message, count, first_at, last_at
     FROM object_events WHERE about IN (${placeholders(keys)})
     ORDER BY last_at DESC LIMIT ?`,
    [...keys, MAX_EVENTS],
  );
  return rows.map(eventRowFrom);
}

/** For every controller among the nodes: of how many objects, and how many of them are well. */
async function readControlled(
  source: CausalSource,
  keyOf: ReadonlyMap<number, NodeKey>,
): Promise<[NodeKey, Controlled][]> {
  const { knex, dialect, relations } = source;
  const here = dialect.ids([...keyOf.keys()]);
  const may = visible(source);
  const rows = await selectRows<{ src: number; total: number; ok: number }>(
    knex,
    `SELECT e.src AS src, COUNT(*) AS total,
       SUM(CASE WHEN n.level = 'ok' THEN 1 ELSE 0 END) AS ok
     FROM ${here.sql} here CROSS JOIN edges e CROSS JOIN nodes n
     WHERE e.src = here.id AND e.rel IN (${numbers(relations.controlling())})
       AND n.id = e.dst AND n.level NOT IN ('history', 'terminating') AND ${
         may.sql
       }
     GROUP BY e.src`,
    [...here.bindings, ...may.bindings],
  );
  return rows.map(({ src, total, ok }) => [
    keyOf.get(src)!,
    { total: Number(total), ok: Number(ok) },
  ]);
}
