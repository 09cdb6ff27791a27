import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Knex } from 'knex';
import { causesOf, explain, incidentsOf } from './analysis';
import { SqlCausalReader } from './analysis/sqlCausalReader';
import { ClusterSource } from './cluster/connection';
import { Clock, systemClock } from './cluster/clock';
import { ClusterWatcher } from './cluster/clusterWatcher';
import { DumpSource } from './cluster/dump';
import { Logger } from './cluster/logger';
import { Reader, ReaderOptions } from './cluster/reader';
import { defaultReaderTuning, ReaderTuning } from './cluster/readerTuning';
import { ManifestSource, StaticReader } from './cluster/staticReader';
import { ClusterEngine } from './engineCluster';
import { createWorker } from './engineWorker';
import { Ingest, IngestOptions } from './engineIngest';
import { EngineObserver } from './engineObserver';
import { defaultWriteTuning, WriteTuning } from './engineWriter';
import { runGremlin } from './gremlin';
import { GremlinBounds } from './gremlin/bounds';
import { KIND_DEFINITIONS } from './kinds';
import { NodeKey } from './kinds/identity';
import { KindCatalog, KindCatalogData } from './kinds/kindCatalog';
import { loadShippedRules } from './kinds/rules/loadRules';
import { PostgresChannel } from './replicas/postgresChannel';
import { LeaseOwner, Replica } from './replicas/replica';
import { defaultReplicaTuning, ReplicaTuning } from './replicas/replicaTuning';
import { IncidentChange } from './incidents/incidentRecord';
import {
  IncidentLogOptions,
  readIncidentLog,
  writeIncidents,
} from './incidents/incidentStore';
import {
  defaultIncidentTuning,
  IncidentTuning,
} from './incidents/incidentTuning';
import { IncidentWatch } from './incidents/incidentWatch';
import { visibleIncidentLog } from './incidents/visibleIncidentLog';
import { LiveMessage } from './live/liveMessage';
import { LiveOptions, LiveQueries } from './live/liveQueries';
import { storedLiveReads } from './live/storedLiveReads';
import { RevisionFeed } from './replicas/revisionFeed';
import { ClusterLease } from './store/clusterLease';
import { readDatabaseBytes } from './store/databaseBytes';
import { Leases, LeaseTable } from './store/leases';
import { sqlDialect } from './store/sqlDialect';
import { openSqlite } from './store/openSqlite';
import { HistoryLimits, HistoryRetention } from './store/retention';
import { TopologyReads } from './store/topologyReads';
import { TopologyStore } from './store/topologyStore';
import { IncidentsOptions, ReadOptions, Topology } from './topology';
import {
  Verification,
  VerifyError,
  VerifyOptions,
} from './verify/verification';
import { FreshReading, verifyCluster } from './verify/verifyCluster';

/** What the engine follows: a cluster behind an API server, a dump of one, or manifests in files. */
export type TopologySource = ClusterSource | DumpSource | ManifestSource;

export interface TopologyEngineOptions {
  /** better-sqlite3 or pg; stays the caller's to close. */
  knex: Knex;
  clusters: readonly TopologySource[];
  logger: Logger;
  /** What is known of kinds; default: the rules that come with the engine. */
  catalog?: KindCatalogData;
  /** Milliseconds since the epoch; default: the system's clock. */
  now?: () => number;
  /** Default: true. */
  runMigrations?: boolean;
  /** Whether clusters are read in worker threads. Default: true. */
  workers?: boolean;
  reading?: Partial<ReaderTuning>;
  writing?: Partial<WriteTuning>;
  /** What one query may cost; default: `DEFAULT_BOUNDS`. */
  bounds?: Partial<GremlinBounds>;
  /** How incidents are followed, with events and a history; default: not at all. */
  incidents?: Partial<IncidentTuning>;
  /** Told what this process does, for metrics. */
  observer?: EngineObserver;
  /** How much of the past is kept; default: `defaultHistoryLimits`. */
  history?: Partial<HistoryLimits>;
  /** How clusters are shared with other processes on the same database. */
  replicas?: Partial<ReplicaTuning>;
  /** Of this process and no other, ever; default: random. */
  replicaId?: string;
}

/** Open at once in one cluster. */
const MOST_OPEN = 10_000;

export type IncidentListener = (changes: readonly IncidentChange[]) => void;

interface Followed {
  source: TopologySource;
  catalog: KindCatalog;
  engine: ClusterEngine;
  incidents?: IncidentWatch;
}

/**
 * The whole way from API servers to answers, in one process and one database. Several processes may share a database:
 * each follows its share of the clusters and answers for all.
 */
export class TopologyEngine implements Topology {
  readonly #options: TopologyEngineOptions;
  readonly #store: TopologyStore;
  readonly #reads: TopologyReads;
  readonly #clock: Clock;
  readonly #followed = new Map<string, Followed>();
  readonly #leases: Leases;
  readonly #replica: Replica;
  readonly #feed: RevisionFeed;
  readonly #channel: PostgresChannel | undefined;
  readonly #retention: HistoryRetention;
  readonly #live: LiveQueries;
  readonly #incidentListeners = new Set<IncidentListener>();
  readonly #stopped = new AbortController();
  #forgetting: Promise<void> | undefined;
  #clusters: readonly TopologySource[];
  #areClustersComplete = true;
  #isRunning = false;

  static async create(options: TopologyEngineOptions): Promise<TopologyEngine> {
    assertDistinct(options.clusters);
    const { knex, runMigrations, logger } = options;
    const catalog = options.catalog ?? { rules: await loadShippedRules() };
    const { relations } = KindCatalog.create(catalog);
    const store = await TopologyStore.create({
      knex,
      runMigrations,
      relations,
    });
    const channel = sqlDialect(knex).isPostgres
      ? await PostgresChannel.create(knex, { logger, clock: systemClock })
      : undefined;
    const revision = await store.reads.revision();
    return new TopologyEngine({ ...options, catalog }, store, {
      channel,
      revision,
    });
  }

  private constructor(
    options: TopologyEngineOptions,
    store: TopologyStore,
    others: { channel: PostgresChannel | undefined; revision: number },
  ) {
    const { knex, logger, replicaId = randomUUID() } = options;
    const tuning = { ...defaultReplicaTuning, ...options.replicas };
    const { channel } = others;
    this.#options = options;
    this.#store = store;
    this.#reads = store.reads;
    this.#clusters = options.clusters;
    this.#clock = { ...systemClock, now: options.now ?? systemClock.now };
    this.#channel = channel;
    this.#leases = new Leases(knex, tuning.leaseFor);
    this.#replica = new Replica({
      id: replicaId,
      leases: this.#leases,
      owner: this.#leaseOwner(),
      onReleased: () => channel?.send({ type: 'leases' }),
      logger,
      clock: this.#clock,
      tuning,
    });
    this.#retention = new HistoryRetention({
      knex,
      clock: this.#clock,
      logger,
      limits: options.history,
    });
    this.#feed = new RevisionFeed(others.revision, {
      newest: () => store.reads.revision(),
      announce: async revision => channel?.send({ type: 'revision', revision }),
      logger,
      clock: this.#clock,
      pollEvery: tuning.pollEvery,
    });
    this.#live = new LiveQueries({
      ...storedLiveReads(knex, { bounds: options.bounds, now: options.now }),
      clock: this.#clock,
      logger,
    });
    this.#feed.listen(revision => {
      this.#live.heard(revision);
      this.#followed.forEach(({ incidents }) => incidents?.heard());
    });
  }

  /**
   * Starts to follow its share of the clusters, once. Returns at once: a cluster that is away is no reason not to
   * answer.
   */
  start(): void {
    this.#isRunning = true;
    this.#feed.start();
    this.#channel?.listen(message =>
      message.type === 'leases'
        ? this.#replica.wake()
        : this.#feed.heard(message.revision),
    );
    this.#replica.start();
    this.#forgetting = this.#retention.run(this.#stopped.signal);
  }

  /** Stops reading, writes what was read and hands the clusters over. Reads are still answered. */
  async stop(): Promise<void> {
    if (this.#isRunning) {
      this.#isRunning = false;
      this.#stopped.abort();
      await this.#live.stop();
      await this.#forgetting;
      await this.#replica.stop();
      await this.#feed.stop();
      await this.#channel?.stop();
    }
  }

  /**
   * Follows its share of these clusters from now on. What belongs to others is taken out of the store once no live
   * replica has been configured to follow it for a while (`ReplicaTuning.removalGrace`).
   *
   * @param options.isComplete false: there may be more clusters than are known now, and nothing is taken out
   */
  async setClusters(
    clusters: readonly TopologySource[],
    options: { isComplete?: boolean } = {},
  ): Promise<void> {
    assertDistinct(clusters);
    this.#areClustersComplete = options.isComplete ?? true;
    this.#clusters = clusters;
    if (this.#isRunning) {
      for (const [name, followed] of this.#followed) {
        const now = clusters.find(each => each.name === name);
        if (now && isSameCluster(followed.source, now)) {
          // Its credentials may come from elsewhere now.
          followed.source = now;
        } else {
          this.#replica.letGo(name);
        }
      }
      await this.#replica.settle();
    }
  }

  /** Called for each revision, whichever replica wrote it, once and in order; the answer ends it. */
  onRevision(listener: (revision: number) => void): () => void {
    return this.#feed.listen(listener);
  }

  /**
   * Called when incidents open, change or are resolved in a cluster that this process follows: of all replicas it is the
   * only one that is told. The answer ends it.
   */
  onIncidents(listener: IncidentListener): () => void {
    this.#incidentListeners.add(listener);
    return () => this.#incidentListeners.delete(listener);
  }

  /** The processes that share the database, and who follows which cluster. */
  replicas(): Promise<LeaseTable> {
    return this.#leases.read();
  }

  /** Of the whole database, with indexes and history; on PostgreSQL of the tables in the same schema. */
  databaseBytes(): Promise<number> {
    return readDatabaseBytes(this.#options.knex);
  }

  /**
   * The answer to a query, and then what changes in it, until the signal is aborted.
   *
   * @throws GremlinError, TooManySubscribersError
   */
  live(
    text: string,
    options: LiveOptions,
  ): AsyncGenerator<LiveMessage, void, undefined> {
    return this.#live.subscribe(text, options);
  }

  revision(): ReturnType<Topology['revision']> {
    return this.#reads.revision();
  }

  clusters(): ReturnType<Topology['clusters']> {
    return this.#reads.clusters();
  }

  query(text: string, { filter, at }: ReadOptions = {}) {
    const { knex, now, bounds } = this.#options;
    return runGremlin({ knex, text, filter, at, now, bounds });
  }

  node(...args: Parameters<Topology['node']>) {
    return this.#reads.node(...args);
  }

  nodes(...args: Parameters<Topology['nodes']>) {
    return this.#reads.nodes(...args);
  }

  events(...args: Parameters<Topology['events']>) {
    return this.#reads.events(...args);
  }

  neighbours(...args: Parameters<Topology['neighbours']>) {
    return this.#reads.neighbours(...args);
  }

  neighboursOf(...args: Parameters<Topology['neighboursOf']>) {
    return this.#reads.neighboursOf(...args);
  }

  graph(...args: Parameters<Topology['graph']>) {
    return this.#reads.graph(...args);
  }

  explain(key: string, options: ReadOptions = {}) {
    return explain(this.#causalReader(options), key as NodeKey, {
      now: this.#clock.now(),
    });
  }

  causes(keys: readonly NodeKey[], options: ReadOptions = {}) {
    return causesOf(this.#causalReader(options), keys, {
      now: this.#clock.now(),
    });
  }

  incidents({ filter, limit, ...rest }: IncidentsOptions = {}) {
    const { clusters } = rest;
    const asked = this.#clusters.filter(
      ({ name }) => clusters?.includes(name) ?? true,
    );
    return incidentsOf(this.#causalReader({ filter }), {
      ...rest,
      // Files do not go on by themselves.
      eager: asked.length > 0 && asked.every(one => !('connection' in one)),
      now: this.#clock.now(),
      most: limit,
    });
  }

  incidentLog({ filter, ...options }: IncidentLogOptions & ReadOptions = {}) {
    return visibleIncidentLog(this.#options.knex, this.#reads, {
      ...options,
      filter,
    });
  }

  dependentPods(...args: Parameters<Topology['dependentPods']>) {
    return this.#reads.dependentPods(...args);
  }

  impact(...args: Parameters<Topology['impact']>) {
    return this.#reads.impact(...args);
  }

  overview(...args: Parameters<Topology['overview']>) {
    return this.#reads.overview(...args);
  }

  lineage(...args: Parameters<Topology['lineage']>) {
    return this.#reads.lineage(...args);
  }

  reachability(...args: Parameters<Topology['reachability']>) {
    return this.#reads.reachability(...args);
  }

  page(...args: Parameters<Topology['page']>) {
    return this.#reads.page(...args);
  }

  history(...args: Parameters<Topology['history']>) {
    return this.#reads.history(...args);
  }

  /**
   * Compares what is stored of a cluster with a fresh reading of it. Only reads; may take minutes.
   *
   * @throws VerifyError when the cluster is not configured or cannot be read
   */
  async verify(
    cluster: string,
    options: VerifyOptions = {},
  ): Promise<Verification> {
    const source = this.#clusters.find(({ name }) => name === cluster);
    if (!source) {
      throw new VerifyError(
        `There is no cluster '${cluster}': name one of ${this.#clusters
          .map(({ name }) => name)
          .join(', ')}`,
      );
    }
    return verifyCluster({
      ...options,
      knex: this.#options.knex,
      cluster,
      kinds: KIND_DEFINITIONS,
      clock: this.#clock,
      read: () => this.#readAnew(source),
    });
  }

  /** The same way from the API server to rows, into a database of its own that spills to a temporary file. */
  async #readAnew(source: TopologySource): Promise<FreshReading> {
    const knex = openSqlite('');
    const engine = await TopologyEngine.create({
      ...this.#options,
      observer: undefined,
      knex,
      clusters: [source],
      runMigrations: true,
    });
    engine.start();
    return {
      knex,
      async stop() {
        await engine.stop();
        await knex.destroy();
      },
    };
  }

  #causalReader({ filter }: ReadOptions): SqlCausalReader {
    return SqlCausalReader.create(this.#options.knex, { filter });
  }

  #leaseOwner(): LeaseOwner {
    return {
      clusters: () => this.#clusters.map(({ name }) => name),
      follow: lease => this.#follow(lease),
      unfollow: async cluster => {
        const followed = this.#followed.get(cluster);
        this.#followed.delete(cluster);
        await followed?.incidents?.stop();
        await followed?.engine.stop();
        this.#options.observer?.unfollowed?.(cluster);
      },
      announceRemoval: (lease, after) => this.#announceRemoval(lease, after),
      remove: async lease => {
        if (!this.#areClustersComplete) {
          return;
        }
        const { cluster } = lease;
        const at = this.#clock.now();
        const revision = await this.#store.removeCluster(cluster, at, lease);
        this.#feed.wrote(revision);
      },
    };
  }

  #follow(lease: ClusterLease): void {
    const { logger, writing, observer } = this.#options;
    const source = this.#clusters.find(({ name }) => name === lease.cluster);
    if (!source) {
      return;
    }
    const catalog = KindCatalog.create({
      ...this.#options.catalog,
      ...('connection' in source &&
        source.scope?.kinds && { scope: source.scope.kinds }),
    });
    const followed: Followed = {
      source,
      catalog,
      engine: new ClusterEngine({
        cluster: source.name,
        lease,
        onLeaseLost: () => this.#replica.wake(),
        catalog,
        store: this.#store,
        createReader: async into => this.#createReader(followed, into),
        createWorker: async options => this.#createWorker(followed, options),
        onRevision: revision => this.#feed.wrote(revision),
        observer,
        logger,
        clock: this.#clock,
        tuning: { ...defaultWriteTuning, ...writing },
      }),
    };
    if (this.#options.incidents) {
      followed.incidents = this.#watchIncidents(lease);
      followed.incidents.start();
    }
    this.#followed.set(source.name, followed);
    observer?.followed?.(source.name);
    followed.engine.start();
  }

  #watchIncidents(lease: ClusterLease): IncidentWatch {
    const { knex, logger } = this.#options;
    const { cluster } = lease;
    const clusters = [cluster];
    return new IncidentWatch({
      cluster,
      isReady: async () =>
        (await this.#reads.clusters()).some(
          ({ name, state }) => name === cluster && state === 'ready',
        ),
      look: () => this.incidents({ clusters }),
      readOpen: () =>
        readIncidentLog(knex, { clusters, open: true, limit: MOST_OPEN }),
      write: changes => writeIncidents(knex, changes, lease),
      onChanges: changes =>
        this.#incidentListeners.forEach(listener => listener(changes)),
      clock: this.#clock,
      logger,
      tuning: { ...defaultIncidentTuning, ...this.#options.incidents },
    });
  }

  /** Nobody reads the cluster any more: what is stored of it is not how it is. */
  async #announceRemoval(lease: ClusterLease, after: number): Promise<void> {
    const { cluster } = lease;
    const stored = await this.#reads.clusters();
    if (!this.#areClustersComplete) {
      return;
    }
    if (stored.some(({ name }) => name === cluster)) {
      const message = `The cluster is not configured any more: it will be removed in ${Math.ceil(
        after / 60_000,
      )} minutes`;
      const revision = await this.#store.setClusterState(
        cluster,
        { state: 'failing', message },
        this.#clock.now(),
        lease,
      );
      this.#feed.wrote(revision);
    }
  }

  #createReader(
    followed: Followed,
    into: Pick<ReaderOptions, 'sink' | 'onHealth' | 'stored'>,
  ): Reader {
    const { logger, reading } = this.#options;
    const { source, catalog } = followed;
    const options = {
      ...into,
      catalog,
      known: KIND_DEFINITIONS,
      logger,
      clock: this.#clock,
    };
    if (!('connection' in source)) {
      return new StaticReader(source, options);
    }
    return new ClusterWatcher({
      ...options,
      source: currentSource(followed, source),
      tuning: { ...defaultReaderTuning, ...reading },
    });
  }

  /** Files are read now and then and at once; and a worker has the system's clock. */
  async #createWorker(
    followed: Followed,
    options: IngestOptions,
  ): Promise<Ingest | undefined> {
    const { logger, reading, workers = true, now } = this.#options;
    const { source } = followed;
    if (!workers || now || !('connection' in source)) {
      return undefined;
    }
    return createWorker(options, {
      source: currentSource(followed, source),
      logger,
      reading: { ...defaultReaderTuning, ...reading },
    });
  }
}

/** Its credentials may come from elsewhere later. */
function currentSource(
  followed: Followed,
  { name, connection, scope }: ClusterSource,
): ClusterSource {
  const headers = () => (followed.source as ClusterSource).headers();
  return { name, connection, scope, headers };
}

function assertDistinct(clusters: readonly TopologySource[]): void {
  const names = new Set<string>();
  for (const { name } of clusters) {
    if (names.has(name)) {
      throw new Error(
        `Two clusters are called '${name}': give each a name of its own.`,
      );
    }
    names.add(name);
  }
}

/** Whether the same objects are there to be read; credentials may differ. */
function isSameCluster(one: TopologySource, other: TopologySource): boolean {
  if ('objects' in one || 'objects' in other) {
    return one === other;
  }
  if ('path' in one || 'path' in other) {
    return isDeepStrictEqual(one, other);
  }
  const { connection, scope } = one;
  return isDeepStrictEqual(
    { connection, scope },
    { connection: other.connection, scope: other.scope },
  );
}
