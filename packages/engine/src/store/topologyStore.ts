import { Knex } from 'knex';
import { GraphDelta } from '../graph/delta';
import { packDelta, PackedDelta } from '../graph/packedDelta';
import { StoredCluster } from '../graph/storedCluster';
import { KindId } from '../kinds/identity';
import { KIND_DEFINITIONS } from '../kinds';
import { CLUSTER, CONTAINER } from '../kinds/kindIds';
import { Relation } from '../kinds/relation';
import { RELATIONS } from '../kinds/relations';
import { ClusterLease, inWrite } from './clusterLease';
import { Dictionaries } from './dictionaries';
import { keyPrefix, loadCluster } from './loadCluster';
import { migrateUp } from './migrate';
import { IdBlock, NodeIds, takeNodeIds } from './nodeIds';
import { prepareSqlite } from './openSqlite';
import { removeClusterHistory } from './retention';
import { SqlDialect, sqlDialect } from './sqlDialect';
import { TopologyReads } from './topologyReads';
import { writeClusterState, writeDelta, writeRevision } from './writeDelta';

export interface TopologyStoreOptions {
  /** better-sqlite3 or pg. */
  knex: Knex;
  /** Default: true. */
  runMigrations?: boolean;
  /** Default: what the engine defines. Others are added as they are met. */
  kinds?: readonly KindId[];
  relations?: readonly Relation[];
}

/**
 * The topology in SQL: what is true now, and a revision for every write.
 *
 * A graph takes what it reported for written. So when a write fails, that graph is of no use any more: restore a new
 * one from `loadCluster` and list again.
 */
export class TopologyStore {
  readonly #knex: Knex;
  readonly #dialect: SqlDialect;
  readonly #dictionaries: Dictionaries;
  readonly reads: TopologyReads;
  /** For one graph at a time: reserve before each `ClusterGraph.apply`. */
  readonly nodeIds: NodeIds;

  /** @throws UnsupportedDatabaseError */
  static async create(options: TopologyStoreOptions): Promise<TopologyStore> {
    const { knex, runMigrations = true } = options;
    const dialect = sqlDialect(knex);
    if (!dialect.isPostgres) {
      await prepareSqlite(knex);
    }
    if (runMigrations) {
      await migrateUp(knex);
    }
    const dictionaries = await Dictionaries.create(knex, dialect, {
      kinds: options.kinds ?? [
        CLUSTER,
        CONTAINER,
        ...KIND_DEFINITIONS.map(kind => kind.id),
      ],
      relations: options.relations ?? RELATIONS,
    });
    return new TopologyStore(knex, dialect, dictionaries);
  }

  private constructor(
    knex: Knex,
    dialect: SqlDialect,
    dictionaries: Dictionaries,
  ) {
    this.#knex = knex;
    this.#dialect = dialect;
    this.#dictionaries = dictionaries;
    this.reads = new TopologyReads(knex, dialect, dictionaries);
    this.nodeIds = new NodeIds(size => this.takeNodeIds(size));
  }

  /** Writes all of it or nothing, as one revision, whose number is returned. */
  async write(delta: GraphDelta, lease?: ClusterLease): Promise<number> {
    return this.writePacked(packDelta(delta), { lease });
  }

  /**
   * @param options.again the same was tried before, and may have been written though the answer was lost: rows that
   * are said to be new may be there
   * @throws LeaseLostError when another replica may write the cluster now
   */
  async writePacked(
    delta: PackedDelta,
    options: { again?: boolean; lease?: ClusterLease } = {},
  ): Promise<number> {
    const revision = await writeDelta(
      { knex: this.#knex, dialect: this.#dialect },
      this.#dictionaries,
      options.again ? { ...delta, newNodes: 0, newEdges: 0 } : delta,
      options.lease,
    );
    if (delta.clusterState?.state === 'ready') {
      await this.#analyse();
    }
    return revision;
  }

  /** Node ids for a graph elsewhere; what it does not use is lost. */
  async takeNodeIds(size: number): Promise<IdBlock> {
    return takeNodeIds(this.#knex, size);
  }

  /** For what no update of the graph tells: that the API server does not answer. */
  async setClusterState(
    cluster: string,
    state: { state: 'syncing' | 'ready' | 'failing'; message: string },
    at: number,
    lease?: ClusterLease,
  ): Promise<number> {
    this.#dictionaries.forgetCluster(cluster);
    const clusterId = await this.#dictionaries.clusterId(cluster, at);
    const { fencing } = lease ?? {};
    return this.#write(lease, async trx => {
      await writeClusterState(trx, clusterId, { ...state, at });
      return writeRevision(trx, {
        clusterId,
        at,
        nodes: 0,
        edges: 0,
        fencing,
        changed: '[]',
      });
    });
  }

  /** What a restarted process goes on from. */
  async loadCluster(cluster: string): Promise<StoredCluster> {
    // Another replica may have taken it out since, and it may have come back under another number.
    this.#dictionaries.forgetCluster(cluster);
    return loadCluster(this.#knex, this.#dictionaries, cluster);
  }

  /**
   * Takes a cluster that is not configured any more out, with everything in it, and its lease with it.
   *
   * @throws LeaseLostError
   */
  async removeCluster(
    cluster: string,
    at: number,
    lease?: ClusterLease,
  ): Promise<number> {
    this.#dictionaries.forgetCluster(cluster);
    const clusterId = await this.#dictionaries.clusterId(cluster, at);
    const { fencing } = lease ?? {};
    // The past goes before the present, in many small steps.
    await removeClusterHistory(this.#knex, clusterId, step =>
      this.#write(lease, step),
    );
    const revision = await this.#write(lease, async trx => {
      const nodes = trx('nodes').where({ cluster_id: clusterId }).select('id');
      await trx('edges').whereIn('src', nodes.clone()).delete();
      await trx('edges').whereIn('dst', nodes.clone()).delete();
      await trx('nodes').where({ cluster_id: clusterId }).delete();
      await trx('kind_states').where({ cluster_id: clusterId }).delete();
      const prefix = keyPrefix(cluster);
      await trx('object_events')
        .whereRaw('substr(about, 1, ?) = ?', [prefix.length, prefix])
        .delete();
      await trx('incidents').where({ cluster_id: clusterId }).delete();
      await trx('clusters').where({ id: clusterId }).delete();
      await trx('cluster_leases').where({ cluster }).delete();
      return writeRevision(trx, { clusterId, at, nodes: 0, edges: 0, fencing });
    });
    this.#dictionaries.forgetCluster(cluster);
    return revision;
  }

  /** So that the planner knows the tables once a cluster is in them; not the log, which grows from nothing. */
  async #analyse(): Promise<void> {
    await this.#knex.raw('ANALYZE nodes');
    await this.#knex.raw('ANALYZE edges');
  }

  #write<T>(
    lease: ClusterLease | undefined,
    work: (trx: Knex.Transaction) => Promise<T>,
  ): Promise<T> {
    return inWrite({ knex: this.#knex, dialect: this.#dialect, lease }, work);
  }
}
