import { NodeKey } from '../kinds/identity';
import { StatusLevel } from '../kinds/status';
import { numbers } from '../store/frontier';
import { nodeFilterSql, SqlFragment } from '../store/nodeFilterSql';
import { selectRows } from '../store/sqlDialect';
import { CausalSource, placeholders, visible } from './causalSql';
import { SUSPECT_KINDS } from './suspect';
import { Victim, VictimEdge, VictimOptions } from './victim';

const LEVELS: readonly StatusLevel[] = [
  'down',
  'degraded',
  'missing',
  'unknown',
  'terminating',
];

/** Of these nothing is known, which is no trouble: their kind is not read, or not here. */
const NOT_KNOWN = [
  'KindAbsent',
  'NotWatched',
  'NotListedYet',
  'NotSeenYet',
  'Forbidden',
  'OutOfScope',
  'ListFailing',
  'NotObserved',
  'OptionalNotFound',
];

/** What suffers with pods and is given time before it is called down: it joins others, and is no trouble by itself. */
const USERS = [
  'Deployment.apps',
  'ReplicaSet.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'Service',
  'Ingress.networking.k8s.io',
];

/** A container is a part of its pod, and suffers from whatever that does. */
const PARTS = ['Container'];

interface VictimRow {
  id: number;
  key: NodeKey;
  cluster: string;
  kind: string;
  namespace: string;
  name: string;
  level: StatusLevel;
  reason: string | null;
  message: string | null;
  since: string | number | null;
  node: string | null;
  controller: number | null;
}

/** By its level, by what it still runs with, or a suspect: what no status ever speaks of. */
function inTrouble({ dialect }: CausalSource, eager: boolean): SqlFragment {
  const stale = dialect.label('n.verdict', 'stale');
  const starting = [...USERS, ...(eager ? ['Pod'] : [])];
  const either: SqlFragment[] = [
    { sql: `n.level IN (${placeholders(LEVELS)})`, bindings: [...LEVELS] },
    {
      sql: `(n.level = 'progressing' AND k.text IN (${placeholders(
        starting,
      )}))`,
      bindings: starting,
    },
    {
      sql: `(k.text = 'Pod' AND ${stale.sql} IS NOT NULL)`,
      bindings: stale.bindings,
    },
    ...SUSPECT_KINDS.map(({ kind, level, reasons }): SqlFragment => {
      const reason = dialect.label('n.verdict', 'reason');
      return reasons
        ? {
            sql: `(k.text = ? AND n.level = ? AND ${
              reason.sql
            } IN (${placeholders(reasons)}))`,
            bindings: [kind, level, ...reason.bindings, ...reasons],
          }
        : { sql: '(k.text = ? AND n.level = ?)', bindings: [kind, level] };
    }),
  ];
  return {
    sql: `(${either.map(({ sql }) => sql).join(' OR ')})`,
    bindings: either.flatMap(({ bindings }) => bindings),
  };
}

/** The node id of what controls `n`; one that is hidden must not show in how severe or how alike victims are. */
function controllerOf({ filter, relations }: CausalSource): SqlFragment {
  const seen = nodeFilterSql(filter, 'o');
  return {
    sql: `(SELECT MIN(e.src) FROM edges e ${
      filter ? 'JOIN nodes o ON o.id = e.src' : ''
    }
        WHERE e.dst = n.id AND e.rel IN (${numbers(
          relations.controlling(),
        )}) AND ${seen.sql})`,
    bindings: seen.bindings,
  };
}

/** What is in trouble, then what is only suspected, each in the order of ids, with the object that controls each. */
export async function readVictims(
  source: CausalSource,
  { clusters, keys, limit, eager = false }: VictimOptions,
): Promise<{ victims: Victim[]; more: boolean }> {
  const { knex, dialect } = source;
  const conditions: SqlFragment[] = [
    inTrouble(source, eager),
    { sql: `k.text NOT IN (${placeholders(PARTS)})`, bindings: PARTS },
    visible(source),
  ];
  if (clusters) {
    conditions.push({
      sql: `c.name IN (${placeholders(clusters)})`,
      bindings: [...clusters],
    });
  }
  if (keys) {
    conditions.push({
      sql: `n.key IN (${placeholders(keys)})`,
      bindings: [...keys],
    });
  }
  const [reason, message, since] = ['reason', 'message', 'since'].map(name =>
    dialect.label('n.verdict', name),
  );
  const node = dialect.label('n.properties', 'Node');
  const controller = controllerOf(source);
  const rows = await selectRows<VictimRow>(
    knex,
    `SELECT n.id, n.key, c.name AS cluster, k.text AS kind, n.namespace, n.name, n.level,
       ${reason.sql} AS reason, ${message.sql} AS message, ${
      since.sql
    } AS since,
       CASE WHEN k.text = 'Pod' THEN ${node.sql} END AS node,
       ${controller.sql} AS controller
     FROM nodes n JOIN kinds k ON k.id = n.kind_id JOIN clusters c ON c.id = n.cluster_id
     WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}
     ORDER BY CASE WHEN n.level IN (${placeholders(
       LEVELS,
     )}) THEN 0 ELSE 1 END, n.id
     LIMIT ?`,
    [
      ...reason.bindings,
      ...message.bindings,
      ...since.bindings,
      ...node.bindings,
      ...controller.bindings,
      ...conditions.flatMap(({ bindings }) => bindings),
      ...LEVELS,
      limit + 1,
    ],
  );
  const troubled = new Set(
    rows
      .filter(({ kind }) => kind === 'Node')
      .map(({ cluster, name }) => `${cluster} ${name}`),
  );
  return {
    victims: rows
      .slice(0, limit)
      .filter(
        ({ level, reason: said }) =>
          // An operator that does not look at its resource (H041) is trouble.
          level === 'degraded' || !NOT_KNOWN.includes(said ?? ''),
      )
      .map(row => victimOf(row, troubled)),
    more: rows.length > limit,
  };
}

/** The edges between some victims over which failure flows. */
export async function readVictimEdges(
  { knex, dialect, relations }: CausalSource,
  ids: readonly number[],
): Promise<VictimEdge[]> {
  const here = dialect.ids(ids);
  const between = (end: 'source' | 'target') => `SELECT ${
    end === 'source' ? 'e.src AS a, e.dst AS b' : 'e.dst AS a, e.src AS b'
  } FROM ${here.sql} here CROSS JOIN edges e
     WHERE e.src = here.id AND +e.rel IN (${numbers(relations.suffering(end))})
       AND +e.dst IN (SELECT id FROM ${here.sql} there)`;
  const rows = await selectRows<{ a: number; b: number }>(
    knex,
    `${between('source')} UNION ALL ${between('target')}`,
    [1, 2, 3, 4].flatMap(() => here.bindings),
  );
  return rows.map(({ a, b }) => [a, b]);
}

function victimOf(row: VictimRow, troubled: ReadonlySet<string>): Victim {
  const { id, key, cluster, kind, namespace, name, level } = row;
  const { node } = row;
  return {
    id,
    key,
    cluster,
    kind,
    namespace,
    name,
    level,
    reason: row.reason ?? '',
    message: row.message ?? '',
    since: row.since === null ? undefined : Number(row.since),
    controller: row.controller ?? undefined,
    troubledNode: node && troubled.has(`${cluster} ${node}`) ? node : undefined,
  };
}
