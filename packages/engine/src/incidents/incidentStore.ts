import { Knex } from 'knex';
import { Incident } from '../analysis/incident';
import { ClusterLease, inWrite } from '../store/clusterLease';
import { storableText } from '../store/postgresJson';
import { jsonValue, selectRows, sqlDialect } from '../store/sqlDialect';
import { IncidentChange, IncidentRecord } from './incidentRecord';

/** Affected objects that are kept of one incident; the others are counted. */
const MOST_AFFECTED = 100;

interface Row {
  cluster: string;
  opened_at: number | string;
  changed_at: number | string;
  resolved_at: number | string | null;
  document: unknown;
}

export interface IncidentLogOptions {
  /** Only of these clusters; default: all. */
  clusters?: readonly string[];
  /** Only what opened, changed or was resolved from then on; milliseconds since the epoch. */
  since?: number;
  /** Only those that are open. */
  open?: boolean;
  /** Default: 100. */
  limit?: number;
}

/** @throws LeaseLostError when another replica writes the cluster by now */
export async function writeIncidents(
  knex: Knex,
  changes: readonly IncidentChange[],
  lease: ClusterLease,
): Promise<void> {
  const dialect = sqlDialect(knex);
  await inWrite({ knex, dialect, lease }, async trx => {
    for (const { record } of changes) {
      const { cluster, openedAt, changedAt, resolvedAt } = record;
      await trx.raw(
        `INSERT INTO incidents (id, cluster_id, opened_at, changed_at, resolved_at, document)
         SELECT CAST(? AS text), id, CAST(? AS bigint), CAST(? AS bigint), CAST(? AS bigint), ${
           dialect.isPostgres ? '?::jsonb' : '?'
         } FROM clusters WHERE name = ?
         ON CONFLICT (id, opened_at) DO UPDATE SET changed_at = excluded.changed_at,
           resolved_at = excluded.resolved_at, document = excluded.document`,
        [
          record.incident.id,
          openedAt,
          changedAt,
          resolvedAt ?? null,
          storableText(JSON.stringify(bounded(record.incident))),
          cluster,
        ],
      );
    }
  });
}

/** The newest change first. */
export async function readIncidentLog(
  knex: Knex,
  { clusters, since, open, limit = 100 }: IncidentLogOptions,
): Promise<IncidentRecord[]> {
  const conditions = ['1 = 1'];
  const bindings: (string | number)[] = [];
  if (clusters) {
    conditions.push(
      clusters.length === 0
        ? '1 = 0'
        : `c.name IN (${clusters.map(() => '?').join()})`,
    );
    bindings.push(...clusters);
  }
  if (since !== undefined) {
    conditions.push('i.changed_at >= CAST(? AS bigint)');
    bindings.push(since);
  }
  if (open) {
    conditions.push('i.resolved_at IS NULL');
  }
  const rows = await selectRows<Row>(
    knex,
    `SELECT c.name AS cluster, i.opened_at, i.changed_at, i.resolved_at, i.document
     FROM incidents i JOIN clusters c ON c.id = i.cluster_id
     WHERE ${conditions.join(' AND ')}
     ORDER BY i.changed_at DESC, i.id LIMIT ?`,
    [...bindings, limit],
  );
  return rows.map(row => ({
    cluster: row.cluster,
    openedAt: Number(row.opened_at),
    changedAt: Number(row.changed_at),
    ...(row.resolved_at !== null && { resolvedAt: Number(row.resolved_at) }),
    incident: jsonValue<Incident>(row.document),
  }));
}

function bounded(incident: Incident): Incident {
  const { affected, more } = incident;
  return {
    ...incident,
    affected: affected.slice(0, MOST_AFFECTED),
    more: more + Math.max(0, affected.length - MOST_AFFECTED),
  };
}
