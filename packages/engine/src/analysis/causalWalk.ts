import { NodeKey } from '../kinds/identity';
import { StatusLevel } from '../kinds/status';
import { SqlFragment } from '../store/nodeFilterSql';
import { numbers } from '../store/frontier';
import { selectRows } from '../store/sqlDialect';
import { CausalSource, HARMLESS, placeholders, visible } from './causalSql';
import { EXPERIMENT_KINDS } from './experimentKinds';
import { isSuspect } from './suspect';

/** Ingress → Service → Deployment → ReplicaSet → Pod → claim → class, and some to spare for custom owners. */
const MAX_HOPS = 12;
/** Nodes in one neighbourhood. */
const MAX_NODES = 2000;
/** Neighbours of one node over one relation that are alike in level and reason: more of them add no cause. */
const ALIKE = 20;
/** Policy → pods that it selects → Services in front of these → who calls them. */
const SUSPECT_HOPS = 3;
const SUSPECT_RELATIONS: ReadonlySet<string> = new Set([
  'networkpolicy-pod-ingress-begin',
  'networkpolicy-pod-egress-begin',
  'mesh-policy-pod',
  'chaos-pod',
  'service-pod',
  'pod-service-called',
  'ingress-service',
  'node-pod',
]);
/** Pod → ReplicaSet → Deployment → what owns that. */
const MAX_CONTROLLERS = 3;

/**
 * Kinds that are followed although they are well by themselves: a ReplicaSet passes on what its pods are, a claim that
 * waits is well by design, the names and keys of what a pod reads are compared with what its kubelet misses, what a
 * pod calls may be well and out of its reach, and a binding is well whose role does not exist, as
 * is an authentication without its Secret.
 */
const ALWAYS_FOLLOWED: readonly string[] = [
  'ReplicaSet.apps',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass.storage.k8s.io',
  'Secret',
  'ConfigMap',
  'Service',
  'NetworkPolicy.networking.k8s.io',
  ...EXPERIMENT_KINDS,
  'Gateway.gateway.networking.k8s.io',
];

/** Scaled to zero on purpose, they are well and serve nobody. */
const FOLLOWED_IDLE: readonly string[] = [
  'Deployment.apps',
  'StatefulSet.apps',
];

const ANY: SqlFragment = { sql: '1 = 1', bindings: [] };
const FOLLOWED: SqlFragment = {
  sql: `(n.level NOT IN (${placeholders(HARMLESS)})
    OR k.text IN (${placeholders(ALWAYS_FOLLOWED)})
    OR (n.level = 'idle' AND k.text IN (${placeholders(FOLLOWED_IDLE)})))`,
  bindings: [...HARMLESS, ...ALWAYS_FOLLOWED, ...FOLLOWED_IDLE],
};

/** Which nodes make up a neighbourhood, and of which of them all that they suffer from is among them. */
export interface Walk {
  ids: ReadonlySet<number>;
  expanded: ReadonlySet<number>;
}

interface Start {
  id: number;
  level: StatusLevel;
  suspect: boolean;
}

/**
 * From the nodes along the edges over which failure flows, hop by hop, only to nodes that can break something; and up
 * to the controllers that made what was found. Each hop is one query with the asker's filter in it, so that no way
 * leads through a node that is hidden. A frontier per hop and no recursive CTE: only so can each hop keep a few of
 * many alike (the 10,000 pods that wait for one Secret) and still reach what lies behind them.
 */
export async function walk(
  source: CausalSource,
  keys: readonly NodeKey[],
): Promise<Walk> {
  const starts = await startsOf(source, keys);
  const ids = new Set(starts.map(({ id }) => id));
  const expanded = new Set(ids);
  // Also from one that is well by itself: somebody asks what it needs, as who writes a webhook's certificate.
  let frontier = starts.map(({ id }) => id);
  for (let hop = 0; hop < MAX_HOPS && frontier.length > 0; hop++) {
    const found = await step(source, frontier, 'causes', FOLLOWED);
    frontier = found.filter(id => !ids.has(id)).slice(0, MAX_NODES - ids.size);
    for (const id of frontier) {
      ids.add(id);
      expanded.add(id);
    }
  }
  // Who needs an absent object tells what is asked of it.
  const missing = starts.filter(({ level }) => level === 'missing');
  const users = await step(
    source,
    missing.map(({ id }) => id),
    'sufferers',
    ANY,
  );
  users.forEach(id => ids.add(id));
  // What is well is at fault only if somebody suffers from it.
  const seen = new Set<number>();
  frontier = starts.filter(({ suspect }) => suspect).map(({ id }) => id);
  for (let hop = 0; hop < SUSPECT_HOPS && frontier.length > 0; hop++) {
    const found = await step(
      source,
      frontier,
      'sufferers',
      ANY,
      source.relations.named(SUSPECT_RELATIONS),
    );
    frontier = found.filter(id => !seen.has(id)).slice(0, MAX_NODES);
    for (const id of frontier) {
      seen.add(id);
      ids.add(id);
    }
  }
  for (const id of await controllersOf(source, [...ids])) {
    ids.add(id);
  }
  return { ids, expanded };
}

async function startsOf(
  source: CausalSource,
  keys: readonly NodeKey[],
): Promise<Start[]> {
  const may = visible(source);
  const reason = source.dialect.label('n.verdict', 'reason');
  const rows = await selectRows<{
    id: number;
    level: StatusLevel;
    text: string;
    reason: string | null;
  }>(
    source.knex,
    `SELECT n.id, n.level, k.text, ${reason.sql} AS reason
     FROM nodes n JOIN kinds k ON k.id = n.kind_id
     WHERE n.key IN (${placeholders(keys)}) AND ${may.sql}`,
    [...reason.bindings, ...keys, ...may.bindings],
  );
  return rows.map(({ id, level, text, reason: said }) => ({
    id,
    level,
    suspect: isSuspect({ kind: text, level, reason: said ?? '' }),
  }));
}

/** One hop with or against the failure flow, a few of many alike. */
async function step(
  source: CausalSource,
  from: readonly number[],
  side: 'causes' | 'sufferers',
  condition: SqlFragment,
  only?: readonly number[],
): Promise<number[]> {
  if (from.length === 0) {
    return [];
  }
  const { knex, dialect, relations } = source;
  const [outwards, inwards] =
    side === 'causes'
      ? [relations.suffering('source'), relations.suffering('target')]
      : [relations.suffering('target'), relations.suffering('source')].map(
          ids => (only ? ids.filter(id => only.includes(id)) : ids),
        );
  const ids = dialect.ids(from);
  const reason = dialect.label('n.verdict', 'reason');
  const may = visible(source);
  const rows = await selectRows<{ id: number }>(
    knex,
    `WITH stepped AS (
       SELECT e.src AS origin, e.rel AS rel, e.dst AS id FROM ${
         ids.sql
       } here CROSS JOIN edges e
       WHERE e.src = here.id AND e.rel IN (${numbers(outwards)})
       UNION ALL
       SELECT e.dst AS origin, e.rel AS rel, e.src AS id FROM ${
         ids.sql
       } here CROSS JOIN edges e
       WHERE e.dst = here.id AND e.rel IN (${numbers(inwards)})
     ), placed AS (
       SELECT n.id AS id, ROW_NUMBER() OVER (
         PARTITION BY s.origin, s.rel, n.level, ${reason.sql} ORDER BY n.id
       ) AS place
       FROM stepped s CROSS JOIN nodes n JOIN kinds k ON k.id = n.kind_id
       WHERE n.id = s.id AND ${condition.sql} AND ${may.sql}
     )
     SELECT DISTINCT id FROM placed WHERE place <= ? ORDER BY id LIMIT ?`,
    [
      ...ids.bindings,
      ...ids.bindings,
      ...reason.bindings,
      ...condition.bindings,
      ...may.bindings,
      ALIKE,
      MAX_NODES,
    ],
  );
  return rows.map(({ id }) => id);
}

async function controllersOf(
  source: CausalSource,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const { knex, dialect, relations } = source;
  const found = new Set<number>();
  let frontier = ids;
  for (let hop = 0; hop < MAX_CONTROLLERS && frontier.length > 0; hop++) {
    const here = dialect.ids(frontier);
    const may = visible(source);
    const rows = await selectRows<{ id: number }>(
      knex,
      `SELECT DISTINCT n.id AS id FROM ${here.sql} here
       CROSS JOIN edges e CROSS JOIN nodes n
       WHERE e.dst = here.id AND e.rel IN (${numbers(relations.controlling())})
         AND n.id = e.src AND ${may.sql}`,
      [...here.bindings, ...may.bindings],
    );
    frontier = rows.map(({ id }) => id).filter(id => !found.has(id));
    frontier.forEach(id => found.add(id));
  }
  return found;
}
