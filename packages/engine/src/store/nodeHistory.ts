import { Knex } from 'knex';
import { Json } from '../kinds/observation';
import { StoredNode } from '../topology';
import { numbers } from './frontier';
import { historySince } from './moment';
import { NodeFilter } from './nodeFilter';
import { nodeFilterSql } from './nodeFilterSql';
import {
  NODE_COLUMNS,
  NODE_JOINS,
  NodeTableRow,
  storedNode,
} from './nodeReads';
import { selectRows } from './sqlDialect';

/** One thing in which a version differs from the one before. `undefined`: it was not there. */
export interface NodeChange {
  part: 'level' | 'reason' | 'message' | 'uid' | 'label' | 'property';
  /** Of a label or a property. */
  name?: string;
  before?: Json;
  after?: Json;
}

/** A node as it was for a while. Times in milliseconds since the epoch. */
export interface NodeVersion {
  from: number;
  /** Undefined: it is so still. */
  to?: number;
  node: StoredNode;
  /** What the version before it was replaced with; undefined: there was none directly before, the node appeared. */
  changes?: NodeChange[];
}

export interface NodeHistory {
  /** The newest first. */
  versions: NodeVersion[];
  /** Older ones are left out. */
  more: boolean;
  /** What was before this time is not kept. */
  since: number;
}

export interface NodeHistoryOptions {
  filter?: NodeFilter;
  /** Versions that were valid at some time from here on; default: all that are kept. */
  from?: number;
  /** Versions that were valid at some time up to here; default: now. */
  to?: number;
  /** Default 100, at most 1000. */
  limit?: number;
}

const VERSIONS = 100;
const MOST_VERSIONS = 1000;

interface VersionRow extends NodeTableRow {
  valid_from: number | string;
  valid_to: number | string;
}

/** A name may have had several objects, one after another; what the filter hides leaves no trace. */
export async function readNodeHistory(
  knex: Knex,
  key: string,
  { filter, from = 0, to, limit = VERSIONS }: NodeHistoryOptions = {},
): Promise<NodeHistory> {
  const count = Math.max(1, Math.min(limit, MOST_VERSIONS));
  const visible = nodeFilterSql(filter, 'n');
  const since = await historySince(knex);
  const ids = await selectRows<{ id: number }>(
    knex,
    `SELECT id FROM nodes WHERE key = ?
     UNION SELECT id FROM node_versions WHERE key = ? AND removed = 1`,
    [key, key],
  );
  // One more tells whether there are more, and what the oldest one replaced.
  const rows = await selectRows<VersionRow>(
    knex,
    `SELECT ${NODE_COLUMNS}, n.valid_from, n.valid_to FROM node_history n ${NODE_JOINS}
     WHERE n.id IN (${numbers(ids.map(({ id }) => id))})
       AND n.valid_to > ? AND n.valid_from <= ? AND n.valid_from < n.valid_to
       AND ${visible.sql}
     ORDER BY n.valid_from DESC, n.id DESC LIMIT ?`,
    [
      Math.max(from, since),
      to ?? Number.MAX_SAFE_INTEGER,
      ...visible.bindings,
      count + 1,
    ],
  );
  const all = rows.map(versionFrom);
  return {
    versions: all.slice(0, count).map((version, nth) => {
      const former = all[nth + 1];
      return former?.to === version.from
        ? { ...version, changes: changesBetween(former.node, version.node) }
        : version;
    }),
    more: rows.length > count,
    since,
  };
}

function versionFrom(row: VersionRow): NodeVersion {
  const to = Number(row.valid_to);
  return {
    from: Number(row.valid_from),
    ...(to > Number.MAX_SAFE_INTEGER ? {} : { to }),
    node: storedNode(row),
  };
}

/** In what two versions of a node differ, by name. */
export function changesBetween(
  before: StoredNode,
  after: StoredNode,
): NodeChange[] {
  const parts: [NodeChange['part'], Json | undefined, Json | undefined][] = [
    ['level', before.verdict.level, after.verdict.level],
    ['reason', before.verdict.reason, after.verdict.reason],
    ['message', before.verdict.message, after.verdict.message],
    ['uid', before.uid, after.uid],
  ];
  return [
    ...parts
      .filter(([, was, is]) => was !== is)
      .map(([part, was, is]) => change({ part }, was, is)),
    ...differing('label', before.labels, after.labels),
    ...differing('property', before.properties, after.properties),
  ];
}

function differing(
  part: 'label' | 'property',
  before: { [name: string]: Json },
  after: { [name: string]: Json },
): NodeChange[] {
  const names = [
    ...new Set([...Object.keys(before), ...Object.keys(after)]),
  ].sort();
  return names
    .filter(
      name => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    )
    .map(name => change({ part, name }, before[name], after[name]));
}

function change(
  what: Pick<NodeChange, 'part' | 'name'>,
  before: Json | undefined,
  after: Json | undefined,
): NodeChange {
  return {
    ...what,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}
