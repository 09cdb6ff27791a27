import { Knex } from 'knex';
import { selectRows, SqlDialect } from './sqlDialect';

/**
 * Where a read finds the topology: in the tables of now, or in a view of what was valid at a past time. Each is a
 * table expression with the columns of `nodes` or `edges`, to be followed by an alias.
 *
 * SQLite takes the view's union apart, so that the indexes of both of its tables are used, only in a SELECT that has
 * no aggregate, DISTINCT or window function, and whose ORDER BY names columns of its result: read into a MATERIALIZED
 * expression first where one is needed.
 */
export interface Moment {
  readonly isPast: boolean;
  /** To be joined by `id`. */
  readonly nodes: string;
  /** The same, to be searched by what a node is: key, name, kind, namespace, cluster. */
  readonly search: string;
  readonly edges: string;
  /** The same in parts that never overlap, for recursions: in these SQLite takes no union apart. */
  readonly parts: {
    readonly nodes: readonly string[];
    readonly edges: readonly string[];
  };
}

export const NOW: Moment = {
  isPast: false,
  nodes: 'nodes',
  search: 'nodes',
  edges: 'edges',
  parts: { nodes: ['nodes'], edges: ['edges'] },
};

/** The time is before what the log has. */
export class HistoryEndsError extends Error {
  /** Milliseconds since the epoch: the earliest time that can be asked for. */
  readonly since: number;

  constructor(at: number, since: number) {
    super(
      `What was at ${timeText(at)} is not kept: ask for a time from ${timeText(
        since,
      )}, or keep the history for longer`,
    );
    this.name = 'HistoryEndsError';
    this.since = since;
  }
}

/** @param at milliseconds since the epoch; undefined: now */
export function momentAt(dialect: SqlDialect, at: number | undefined): Moment {
  if (at === undefined) {
    return NOW;
  }
  // A number of our own making may stand in the text; whatever else comes is no number.
  const time = Math.trunc(Number(at));
  if (!Number.isSafeInteger(time)) {
    throw new TypeError(`${at} is no time: give milliseconds since the epoch`);
  }
  const valid = `valid_from <= ${time} AND valid_to > ${time}`;
  const nodes = `(SELECT * FROM node_history WHERE ${valid})`;
  const edges = `(SELECT * FROM edge_history WHERE ${valid})`;
  return {
    isPast: true,
    nodes,
    search: searchAt(time),
    edges,
    parts: dialect.isPostgres
      ? { nodes: [nodes], edges: [edges] }
      : {
          nodes: [
            `(SELECT * FROM nodes WHERE updated_at <= ${time})`,
            `(SELECT *, valid_from AS updated_at FROM node_versions WHERE ${valid})`,
          ],
          edges: [
            `(SELECT * FROM edges WHERE created_at <= ${time})`,
            `(SELECT *, valid_from AS created_at FROM edge_versions WHERE ${valid})`,
          ],
        },
  };
}

/** What a node is never changes, so that it is found in the row of now, or in its last one, and its version by its id. */
function searchAt(time: number): string {
  const is = 'i.id, i.cluster_id, i.kind_id, i.namespace, i.name, i.key';
  const was =
    'v.uid, v.level, v.labels, v.properties, v.verdict, v.created_at, v.valid_from AS updated_at, v.revision';
  const version = `v.id = i.id AND v.valid_from <= ${time} AND v.valid_to > ${time}`;
  return `(SELECT id, cluster_id, kind_id, namespace, name, key, uid, level, labels, properties, verdict, created_at, updated_at, revision
      FROM nodes WHERE updated_at <= ${time}
    UNION ALL
    SELECT ${is}, ${was} FROM nodes i CROSS JOIN node_versions v
      WHERE i.updated_at > ${time} AND ${version}
    UNION ALL
    SELECT ${is}, ${was} FROM node_versions i CROSS JOIN node_versions v
      WHERE i.removed = 1 AND i.valid_to > ${time} AND ${version})`;
}

/**
 * As `momentAt`, once the log is known to reach back to it.
 *
 * @throws HistoryEndsError
 */
export async function keptMoment(
  knex: Knex,
  dialect: SqlDialect,
  at: number | undefined,
): Promise<Moment> {
  const moment = momentAt(dialect, at);
  if (at !== undefined) {
    const since = await historySince(knex);
    if (at < since) {
      throw new HistoryEndsError(at, since);
    }
  }
  return moment;
}

/** Since when the log is complete, in milliseconds since the epoch. */
export async function historySince(knex: Knex): Promise<number> {
  const [row] = await selectRows<{ since: number | string }>(
    knex,
    'SELECT since FROM history',
  );
  return Number(row?.since ?? 0);
}

/** Each way to take one part of every table: what the arms of a recursion read. */
export function waysThrough(
  tables: readonly (readonly string[])[],
): string[][] {
  return tables.reduce<string[][]>(
    (ways, parts) => ways.flatMap(way => parts.map(part => [...way, part])),
    [[]],
  );
}

function timeText(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : `${time}`;
}
