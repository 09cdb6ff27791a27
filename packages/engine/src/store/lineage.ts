import { Knex } from 'knex';
import { StoredNode } from '../topology';
import { Dictionaries } from './dictionaries';
import { relationIn } from './frontier';
import { Moment } from './moment';
import { NodeFilter } from './nodeFilter';
import { nodeFilterSql } from './nodeFilterSql';
import {
  NODE_COLUMNS,
  NODE_JOINS,
  NodeTableRow,
  storedNode,
} from './nodeReads';
import { selectRows, SqlDialect } from './sqlDialect';

/** Objects that are counted; a cluster's descendants are more. */
const MAX_OBJECTS = 20_000;
/** Cluster → namespace → cron job → job → pod → container, and custom resources that control each other. */
const MAX_DEPTH = 32;

/** What an object is in or controlled by, or what it contains or controls. */
export interface Lineage {
  /** The nearest first, without the asked one; those from `skip` on, at most `limit`. */
  nodes: StoredNode[];
  /** How many there are in all. */
  total: number;
  /** What a bound left out, in words. */
  cut?: string;
}

export interface LineageOptions {
  side: 'ancestors' | 'descendants';
  /** Steps; default and at most 32. */
  depth?: number;
  /** Default 0. */
  skip?: number;
  /** Default 100. */
  limit?: number;
}

/** `undefined` when there is no object of that key that the filter shows. */
export async function readLineage(
  knex: Knex,
  dialect: SqlDialect,
  moment: Moment,
  dictionaries: Dictionaries,
  key: string,
  options: LineageOptions & { filter?: NodeFilter },
): Promise<Lineage | undefined> {
  const { side, depth = MAX_DEPTH, skip = 0, limit = 100, filter } = options;
  const self = nodeFilterSql(filter, 'n');
  const [start] = await selectRows<{ id: number }>(
    knex,
    `SELECT n.id FROM ${moment.search} n WHERE n.key = ? AND ${self.sql}`,
    [key, ...self.bindings],
  );
  if (!start) {
    return undefined;
  }
  const kin = dictionaries.relationIds(
    relation => relation.class === 'control' || relation.class === 'ownership',
  );
  const [here, there] =
    side === 'descendants' ? ['src', 'dst'] : (['dst', 'src'] as const);
  const found = new Set<number>([start.id]);
  let level = [start.id];
  for (
    let step = 0;
    step < Math.min(depth, MAX_DEPTH) && level.length > 0;
    step++
  ) {
    const ids = dialect.ids(level);
    const rows = await selectRows<{ id: number }>(
      knex,
      `SELECT DISTINCT n.id FROM ${ids.sql} here CROSS JOIN ${moment.edges} e
         CROSS JOIN ${moment.nodes} n
       WHERE e.${here} = here.id AND ${relationIn('e', kin)}
         AND n.id = e.${there} AND ${self.sql}
       ORDER BY n.id LIMIT ?`,
      [...ids.bindings, ...self.bindings, MAX_OBJECTS + 1],
    );
    level = rows
      .map(({ id }) => id)
      .filter(id => !found.has(id))
      .slice(0, MAX_OBJECTS + 1 - found.size);
    level.forEach(id => found.add(id));
  }
  const all = [...found].slice(1);
  return {
    nodes: await readInOrder(
      knex,
      dialect,
      moment,
      all.slice(skip, skip + limit),
    ),
    total: all.length,
    ...(all.length >= MAX_OBJECTS && {
      cut: `only the ${MAX_OBJECTS} nearest objects are looked at`,
    }),
  };
}

async function readInOrder(
  knex: Knex,
  dialect: SqlDialect,
  moment: Moment,
  wanted: readonly number[],
): Promise<StoredNode[]> {
  const ids = dialect.ids(wanted);
  const rows = await selectRows<NodeTableRow>(
    knex,
    `SELECT ${NODE_COLUMNS} FROM ${ids.sql} wanted CROSS JOIN ${moment.nodes} n ${NODE_JOINS}
     WHERE n.id = wanted.id`,
    ids.bindings,
  );
  const byId = new Map(rows.map(row => [Number(row.id), row]));
  return wanted.flatMap(id => {
    const row = byId.get(id);
    return row ? [storedNode(row)] : [];
  });
}
