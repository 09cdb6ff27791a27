import { Knex } from 'knex';
import { ClusterLease } from './clusterLease';
import { takeFromBlock } from './nodeIds';
import { selectRows, sqlDialect, SqlDialect } from './sqlDialect';

/** A process as it announces itself. */
export interface ReplicaClaim {
  readonly id: string;
  /** Names of the clusters that it is configured to follow. */
  readonly clusters: readonly string[];
}

export interface LeaseState extends ClusterLease {
  /** A replica's id; `undefined` when it is free. */
  readonly holder: string | undefined;
  /** The holder did not renew it in time: whoever wants may take it. */
  readonly isExpired: boolean;
  /** How long no live replica has configured the cluster, in milliseconds. */
  readonly unwantedFor: number | undefined;
}

export interface LeaseTable {
  replicas: ReplicaClaim[];
  leases: LeaseState[];
}

/** A time this much further ahead than a lease lasts was written before the database's clock was set back. */
const IMPOSSIBLE = 10;
/** How often to look who keeps a lease from being taken, in milliseconds. */
const UNBLOCK_EVERY = 500;

/**
 * Leases on clusters, in the database and by its clock: that of a replica does not matter. Each statement stands for
 * itself; two replicas that want the same lease at once are told apart by its fencing number.
 */
export class Leases {
  readonly #knex: Knex;
  readonly #dialect: SqlDialect;
  readonly #leaseFor: number;
  readonly #now: string;

  /** @param leaseFor how long a lease lasts without being renewed, in milliseconds */
  constructor(knex: Knex, leaseFor: number) {
    this.#knex = knex;
    this.#dialect = sqlDialect(knex);
    this.#leaseFor = leaseFor;
    this.#now = this.#dialect.isPostgres
      ? 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)'
      : "CAST((julianday('now') - 2440587.5) * 86400000 AS integer)";
  }

  /**
   * Said once by each process, first. A file of SQLite belongs to one process: who was there before is dead, or will
   * notice that it may not write any more. Replicas on PostgreSQL wait until a lease is handed over or expires.
   */
  async begin(): Promise<void> {
    if (!this.#dialect.isPostgres) {
      await this.#knex('replicas').delete();
      await this.#knex('cluster_leases').update({ holder: '', expires_at: 0 });
    }
  }

  /** Says that the replica lives, renews what it holds, and tells how things are. */
  async heartbeat({ id, clusters }: ReplicaClaim): Promise<LeaseTable> {
    await this.#knex.raw(
      `INSERT INTO replicas (id, clusters, expires_at) VALUES (?, ?, ${this.#until()})
       ON CONFLICT (id) DO UPDATE SET clusters = excluded.clusters, expires_at = excluded.expires_at`,
      [id, JSON.stringify(clusters)],
    );
    await this.#knex.raw(
      `UPDATE cluster_leases SET expires_at = ${this.#until()} WHERE holder = ?`,
      [id],
    );
    let table = await this.read();
    const known = new Set(table.leases.map(({ cluster }) => cluster));
    const added = clusters.filter(cluster => !known.has(cluster));
    if (added.length > 0) {
      await this.#addLeases(added);
      table = await this.read();
    }
    await this.#markWanted(table);
    return table;
  }

  /** The replicas that live, and all leases. */
  async read(): Promise<LeaseTable> {
    const replicas = await selectRows<{ id: string; clusters: string }>(
      this.#knex,
      `SELECT id, clusters FROM replicas WHERE NOT (${this.#isOver()}) ORDER BY id`,
    );
    const leases = await selectRows<{
      cluster: string;
      fencing: number | string;
      holder: string;
      expired: unknown;
      unwanted: number | string | null;
    }>(
      this.#knex,
      `SELECT cluster, fencing, holder, CASE WHEN ${this.#isOver()} THEN 1 ELSE 0 END AS expired,
         ${this.#now} - unwanted_since AS unwanted
       FROM cluster_leases ORDER BY cluster`,
    );
    return {
      replicas: replicas.map(({ id, clusters }) => ({
        id,
        clusters: JSON.parse(clusters) as string[],
      })),
      leases: leases.map(row => ({
        cluster: row.cluster,
        fencing: Number(row.fencing),
        holder: row.holder === '' ? undefined : row.holder,
        isExpired: Number(row.expired) === 1,
        unwantedFor: row.unwanted === null ? undefined : Number(row.unwanted),
      })),
    };
  }

  /**
   * The lease under a new number, for a replica; `undefined` when it is held, or somebody else was faster. Waits for a
   * write that is under way, and on PostgreSQL ends it when its replica does not go on with it.
   */
  async take(
    id: string,
    { cluster, fencing: former }: ClusterLease,
  ): Promise<ClusterLease | undefined> {
    const fencing = (await takeFromBlock(this.#knex, 'fencing', 1)) - 1;
    const take = async (knex: Knex) => {
      const rows = await selectRows(
        knex,
        `UPDATE cluster_leases SET holder = ?, fencing = ?, expires_at = ${this.#until()}
         WHERE cluster = ? AND fencing = ? AND (holder = '' OR ${this.#isOver()})
         RETURNING fencing`,
        [id, fencing, cluster, former],
      );
      return rows.length > 0;
    };
    const isTaken = this.#dialect.isPostgres
      ? await this.#unblocked(take)
      : await take(this.#knex);
    return isTaken ? { cluster, fencing } : undefined;
  }

  /** Lets others have it at once. Whoever does so writes nothing any more. */
  async release({ fencing }: ClusterLease): Promise<void> {
    await this.#knex('cluster_leases')
      .where({ fencing })
      .update({ holder: '', expires_at: 0 });
  }

  /** Releases all and says good-bye, so that nobody waits for the replica to be taken for dead. */
  async leave(id: string): Promise<void> {
    await this.#knex('cluster_leases')
      .where({ holder: id })
      .update({ holder: '', expires_at: 0 });
    await this.#knex('replicas').where({ id }).delete();
  }

  async #addLeases(clusters: readonly string[]): Promise<void> {
    const end = await takeFromBlock(this.#knex, 'fencing', clusters.length);
    for (const [nth, cluster] of clusters.entries()) {
      await this.#knex.raw(
        `INSERT INTO cluster_leases (cluster, fencing, holder, expires_at) VALUES (?, ?, '', 0)
         ON CONFLICT (cluster) DO NOTHING`,
        [cluster, end - 1 - nth],
      );
    }
  }

  /** Remembers since when nobody wants a cluster; and forgets those that left without a word. */
  async #markWanted({ replicas, leases }: LeaseTable): Promise<void> {
    const wanted = new Set(replicas.flatMap(({ clusters }) => clusters));
    for (const { cluster, unwantedFor } of leases) {
      if (wanted.has(cluster) === (unwantedFor !== undefined)) {
        await this.#knex.raw(
          `UPDATE cluster_leases SET unwanted_since = ${
            wanted.has(cluster)
              ? 'NULL'
              : `COALESCE(unwanted_since, ${this.#now})`
          } WHERE cluster = ?`,
          [cluster],
        );
      }
    }
    await this.#knex.raw(
      `DELETE FROM replicas WHERE expires_at < ${this.#now} - ${
        IMPOSSIBLE * this.#leaseFor
      } OR expires_at > ${this.#now} + ${IMPOSSIBLE * this.#leaseFor}`,
    );
  }

  /**
   * A process that stands still within a transaction keeps its locks, and a machine that lost its power looks the same:
   * its session is ended, and with it the transaction.
   */
  async #unblocked<T>(work: (trx: Knex) => Promise<T>): Promise<T> {
    let watch: NodeJS.Timeout | undefined;
    try {
      return await this.#knex.transaction(async trx => {
        if (this.#dialect.beforeWrites) {
          await trx.raw(this.#dialect.beforeWrites);
        }
        // Its own leases have to be renewed meanwhile: rather try again later.
        await trx.raw(
          `SET LOCAL lock_timeout = ${Math.ceil(this.#leaseFor / 2)}`,
        );
        const [{ pid }] = await selectRows<{ pid: number }>(
          trx,
          'SELECT pg_backend_pid() AS pid',
        );
        watch = setInterval(() => this.#unblock(pid), UNBLOCK_EVERY);
        return work(trx);
      });
    } finally {
      clearInterval(watch);
    }
  }

  /** Those that merely wait for the same are not in the way for as long. */
  #unblock(pid: number): void {
    this.#knex
      .raw(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE pid = ANY(pg_blocking_pids(?)) AND xact_start < clock_timestamp() - ? * interval '1 ms'`,
        [pid, this.#leaseFor / 2],
      )
      // Where that is not allowed, the session's own time limit has to end it.
      .catch(() => undefined);
  }

  #until(): string {
    return `${this.#now} + ${this.#leaseFor}`;
  }

  #isOver(): string {
    return `(expires_at <= ${this.#now} OR expires_at > ${this.#now} + ${
      IMPOSSIBLE * this.#leaseFor
    })`;
  }
}
