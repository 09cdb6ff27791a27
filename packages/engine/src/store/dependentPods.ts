import { Knex } from 'knex';
import { RelationClass } from '../kinds/relation';
import { StoredNode } from '../topology';
import { Dictionaries } from './dictionaries';
import { Frontier, hubKindIds, stepTo } from './frontier';
import { Moment } from './moment';
import { NodeFilter } from './nodeFilter';
import { nodeFilterSql } from './nodeFilterSql';
import {
  NODE_COLUMNS,
  NODE_JOINS,
  NodeTableRow,
  storedNode,
} from './nodeReads';
import { severitySql } from './severity';
import { selectRows, SqlDialect } from './sqlDialect';

/** How a pod uses something that it needs to start. */
const USE: ReadonlySet<RelationClass> = new Set<RelationClass>([
  'config',
  'storage',
  'identity',
  'scheduling',
]);

/** StorageClass → claim → pod, Secret → volume → claim → pod. */
const HOPS = 3;
const MAX_NODES = 20_000;

/**
 * Pods that use an object, also through a claim or a volume: those that a change of it concerns at their next start.
 * The worst first.
 */
export async function readDependentPods(
  knex: Knex,
  dialect: SqlDialect,
  moment: Moment,
  dictionaries: Dictionaries,
  key: string,
  options: { filter?: NodeFilter; limit: number },
): Promise<{ pods: StoredNode[]; more: number }> {
  const { filter, limit } = options;
  const self = nodeFilterSql(filter, 'n');
  const start = await selectRows<{ id: number }>(
    knex,
    `SELECT n.id FROM ${moment.search} n WHERE n.key = ? AND ${self.sql}`,
    [key, ...self.bindings],
  );
  const pods = new Set<number>();
  const seen = new Set(start.map(row => row.id));
  const hubs = await hubKindIds(knex);
  const podKind = await podKindId(knex);
  let frontier = [...seen];
  for (let hop = 0; hop < HOPS && frontier.length > 0; hop++) {
    const found = await stepTo(knex, dialect, moment, {
      from: frontier,
      side: 'sufferers',
      relations: dictionaries,
      classes: USE,
      filter,
      limit: MAX_NODES - seen.size,
    });
    frontier = goOn(found, { seen, pods, podKind, hubs });
  }
  const ids = dialect.ids([...pods]);
  const rows = await selectRows<NodeTableRow>(
    knex,
    // The limit cuts ids, not documents; and PostgreSQL, told to cut what it joins, would read all nodes in their order.
    `WITH placed AS MATERIALIZED (
       SELECT n.id, n.name, ${severitySql('n')} AS severity
       FROM ${ids.sql} found CROSS JOIN ${moment.nodes} n WHERE n.id = found.id
     ), worst AS MATERIALIZED (
       SELECT id, severity FROM placed ORDER BY severity, name, id LIMIT ?
     )
     SELECT ${NODE_COLUMNS}, w.severity
     FROM worst w CROSS JOIN ${moment.nodes} n ${NODE_JOINS}
     WHERE n.id = w.id ORDER BY w.severity, n.name, n.id`,
    [...ids.bindings, limit],
  );
  return {
    pods: rows.map(storedNode),
    more: Math.max(0, pods.size - limit),
  };
}

/** Notes the pods, and returns from where the way goes on: not from pods, nor through what everything hangs on. */
function goOn(
  found: readonly Frontier[],
  state: {
    seen: Set<number>;
    pods: Set<number>;
    podKind: number | undefined;
    hubs: ReadonlySet<number>;
  },
): number[] {
  const next: number[] = [];
  for (const { id, kindId } of found) {
    if (!state.seen.has(id)) {
      state.seen.add(id);
      if (kindId === state.podKind) {
        state.pods.add(id);
      } else if (!state.hubs.has(kindId)) {
        next.push(id);
      }
    }
  }
  return next;
}

async function podKindId(knex: Knex): Promise<number | undefined> {
  const [row] = await selectRows<{ id: number }>(
    knex,
    "SELECT id FROM kinds WHERE text = 'Pod'",
  );
  return row?.id;
}
