import { Knex } from 'knex';
import {
  EDGE_FIELDS,
  NODE_NUMBERS,
  PackedDelta,
  REMOVED_EDGE_FIELDS,
} from '../graph/packedDelta';
import { NodeKey } from '../kinds/identity';
import { selectRows, sqlDialect } from './sqlDialect';

/** More of them make a revision that changes everything: whoever follows it asks anew. */
const MOST_CHANGED = 256;
/** Revisions that are put together. */
const MOST_REVISIONS = 500;

/** What some revisions have touched, in all clusters. */
export interface ChangedNodes {
  /** The newest of the revisions. */
  revision: number;
  /** Nodes that changed, came or went, or whose edges did; `all` when these are too many or not known. */
  keys: ReadonlySet<NodeKey> | 'all';
}

/** The ids that a batch touches, as `revisions.changed` keeps them; `undefined` when they are too many. */
export function changedNodesText(delta: PackedDelta): string | undefined {
  const ids = new Set<number>();
  const addAll = (numbers: ArrayLike<number>, every: number, at: number) => {
    for (
      let i = at;
      i < numbers.length && ids.size <= MOST_CHANGED;
      i += every
    ) {
      ids.add(numbers[i]);
    }
  };
  addAll(delta.nodeNumbers, NODE_NUMBERS, 0);
  addAll(delta.removedNodes, 1, 0);
  addAll(
    delta.verdicts.map(({ id }) => id),
    1,
    0,
  );
  addAll(delta.edges, EDGE_FIELDS, 0);
  addAll(delta.edges, EDGE_FIELDS, 2);
  addAll(delta.removedEdges, REMOVED_EDGE_FIELDS, 0);
  addAll(delta.removedEdges, REMOVED_EDGE_FIELDS, 2);
  return ids.size > MOST_CHANGED ? undefined : JSON.stringify([...ids]);
}

/** What the revisions after one have touched. */
export async function readChangedNodes(
  knex: Knex,
  after: number,
): Promise<ChangedNodes> {
  const rows = await selectRows<{
    id: number | string;
    changed: string | null;
  }>(
    knex,
    'SELECT id, changed FROM revisions WHERE id > ? ORDER BY id LIMIT ?',
    [after, MOST_REVISIONS + 1],
  );
  const revision = Number(rows[rows.length - 1]?.id ?? after);
  if (rows.length > MOST_REVISIONS || rows.some(row => row.changed === null)) {
    const [newest] = await selectRows<{ id: number | string | null }>(
      knex,
      'SELECT MAX(id) AS id FROM revisions',
    );
    return { revision: Number(newest?.id ?? revision), keys: 'all' };
  }
  const ids = new Set(
    rows.flatMap(row => JSON.parse(row.changed!) as number[]),
  );
  return { revision, keys: new Set(await keysOf(knex, [...ids])) };
}

/** Of nodes that are and of those that went. */
async function keysOf(knex: Knex, ids: readonly number[]): Promise<NodeKey[]> {
  if (ids.length === 0) {
    return [];
  }
  const some = sqlDialect(knex).ids(ids);
  const rows = await selectRows<{ key: NodeKey }>(
    knex,
    `SELECT n.key FROM ${some.sql} here CROSS JOIN nodes n WHERE n.id = here.id
     UNION
     SELECT v.key FROM ${some.sql} here CROSS JOIN node_versions v
     WHERE v.id = here.id AND v.removed = 1`,
    [...some.bindings, ...some.bindings],
  );
  return rows.map(({ key }) => key);
}
