import { Knex } from 'knex';
import { selectRows, SqlDialect } from './sqlDialect';

/** The right to write one cluster, for as long as the database holds this number. */
export interface ClusterLease {
  readonly cluster: string;
  /** Given out once, ever, and greater than any before. */
  readonly fencing: number;
}

/** Another replica writes the cluster by now: nothing was written. */
export class LeaseLostError extends Error {
  readonly name = 'LeaseLostError';

  constructor(readonly lease: ClusterLease) {
    super(
      `The lease ${lease.fencing} of cluster ${lease.cluster} was lost: another replica writes it, or will soon`,
    );
  }
}

/**
 * A transaction that writes a cluster. Under a lease it begins with a look at that: nobody else gets it until the
 * transaction has ended. Without one, nobody else may write to the database.
 *
 * @throws LeaseLostError
 */
export async function inWrite<T>(
  to: { knex: Knex; dialect: SqlDialect; lease: ClusterLease | undefined },
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  const { knex, dialect, lease } = to;
  return knex.transaction(async trx => {
    if (dialect.beforeWrites) {
      await trx.raw(dialect.beforeWrites);
    }
    if (lease && !(await isHeld(trx, dialect, lease.fencing))) {
      throw new LeaseLostError(lease);
    }
    return work(trx);
  });
}

async function isHeld(
  trx: Knex.Transaction,
  dialect: SqlDialect,
  fencing: number,
): Promise<boolean> {
  if (dialect.isPostgres) {
    const rows = await selectRows(
      trx,
      'SELECT 1 FROM cluster_leases WHERE fencing = ? FOR KEY SHARE',
      [fencing],
    );
    return rows.length > 0;
  }
  // SQLite has no row locks, but one writer at a time: whoever writes first in a transaction stays the only one.
  const changed = await trx('cluster_leases')
    .where({ fencing })
    .update({ fencing });
  return changed > 0;
}
