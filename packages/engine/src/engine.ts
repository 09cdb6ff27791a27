import { Knex } from 'knex';
import { causesOf, explain } from './analysis';
import { SqlCausalReader } from './analysis/sqlCausalReader';
import { ClusterSource } from './cluster/connection';
import { Clock, systemClock } from './cluster/clock';
import { ClusterWatcher } from './cluster/clusterWatcher';
import { DumpReader, DumpSource } from './cluster/dump';
import { Logger } from './cluster/logger';
import { Reader, ReaderOptions } from './cluster/reader';
import { defaultReaderTuning, ReaderTuning } from './cluster/readerTuning';
import { ClusterEngine } from './engineCluster';
import { createWorker } from './engineWorker';
import { Ingest, IngestOptions } from './engineIngest';
import { defaultWriteTuning, WriteTuning } from './engineWriter';
import { runGremlin } from './gremlin';
import { KIND_DEFINITIONS } from './kinds';
import { NodeKey } from './kinds/identity';
import { openSqlite } from './store/openSqlite';
import { TopologyReads } from './store/topologyReads';
import { TopologyStore } from './store/topologyStore';
import { ReadOptions, Topology } from './topology';
import {
  Verification,
  VerifyError,
  VerifyOptions,
} from './verify/verification';
import { FreshReading, verifyCluster } from './verify/verifyCluster';

/** What the engine follows: a cluster behind an API server, or a dump of one. */
export type TopologySource = ClusterSource | DumpSource;

export interface TopologyEngineOptions {
  /** better-sqlite3 or pg; stays the caller's to close. */
  knex: Knex;
  clusters: readonly TopologySource[];
  logger: Logger;
  /** Milliseconds since the epoch; default: the system's clock. */
  now?: () => number;
  /** Default: true. */
  runMigrations?: boolean;
  /** Whether clusters are read in worker threads. Default: true. */
  workers?: boolean;
  reading?: Partial<ReaderTuning>;
  writing?: Partial<WriteTuning>;
}

interface Followed {
  source: TopologySource;
  engine: ClusterEngine;
}

/** The whole way from API servers to answers, in one process and one database. */
export class TopologyEngine implements Topology {
  readonly #options: TopologyEngineOptions;
  readonly #store: TopologyStore;
  readonly #reads: TopologyReads;
  readonly #clock: Clock;
  readonly #followed = new Map<string, Followed>();
  readonly #listeners = new Set<(revision: number) => void>();
  #clusters: readonly TopologySource[];
  #isRunning = false;
  /** Changes of what is followed, one after another. */
  #change: Promise<void> = Promise.resolve();

  static async create(options: TopologyEngineOptions): Promise<TopologyEngine> {
    assertDistinct(options.clusters);
    const { knex, runMigrations } = options;
    const store = await TopologyStore.create({ knex, runMigrations });
    return new TopologyEngine(options, store);
  }

  private constructor(options: TopologyEngineOptions, store: TopologyStore) {
    this.#options = options;
    this.#store = store;
    this.#reads = store.reads;
    this.#clusters = options.clusters;
    this.#clock = { ...systemClock, now: options.now ?? systemClock.now };
  }

  /** Starts to follow the clusters. Returns at once: a cluster that is away is no reason not to answer. */
  start(): void {
    this.#isRunning = true;
    this.#enqueue(() => this.#followConfigured());
  }

  /** Stops reading and writes what was read. Reads are still answered. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#enqueue(() => this.#unfollow([...this.#followed.keys()]));
  }

  /** Follows these clusters from now on; what belongs to others is taken out of the store. */
  async setClusters(clusters: readonly TopologySource[]): Promise<void> {
    assertDistinct(clusters);
    this.#clusters = clusters;
    await this.#enqueue(() => this.#followConfigured());
  }

  /** Called after each revision; the answer ends it. */
  onRevision(listener: (revision: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  revision(): ReturnType<Topology['revision']> {
    return this.#reads.revision();
  }

  clusters(): ReturnType<Topology['clusters']> {
    return this.#reads.clusters();
  }

  query(text: string, { filter }: ReadOptions = {}) {
    const { knex, now } = this.#options;
    return runGremlin({ knex, text, filter, now });
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

  dependentPods(...args: Parameters<Topology['dependentPods']>) {
    return this.#reads.dependentPods(...args);
  }

  page(...args: Parameters<Topology['page']>) {
    return this.#reads.page(...args);
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

  #enqueue(change: () => Promise<void>): Promise<void> {
    this.#change = this.#change.then(change).catch(error => {
      this.#options.logger.error(`The clusters could not be changed: ${error}`);
    });
    return this.#change;
  }

  async #followConfigured(): Promise<void> {
    if (!this.#isRunning) {
      return;
    }
    const configured = new Map(this.#clusters.map(each => [each.name, each]));
    const ended = [...this.#followed].filter(([name, { source }]) => {
      const now = configured.get(name);
      return !now || !isSameCluster(source, now);
    });
    await this.#unfollow(ended.map(([name]) => name));
    for (const { name } of await this.#reads.clusters()) {
      if (!configured.has(name)) {
        await this.#store.removeCluster(name, this.#clock.now());
      }
    }
    for (const source of configured.values()) {
      const followed = this.#followed.get(source.name);
      if (followed) {
        // Its credentials may come from elsewhere now.
        followed.source = source;
      } else {
        this.#follow(source);
      }
    }
  }

  #follow(source: TopologySource): void {
    const { logger, writing } = this.#options;
    const followed: Followed = {
      source,
      engine: new ClusterEngine({
        cluster: source.name,
        kinds: KIND_DEFINITIONS,
        store: this.#store,
        createReader: async into => this.#createReader(followed, into),
        createWorker: async options => this.#createWorker(followed, options),
        onRevision: revision => this.#tell(revision),
        logger,
        clock: this.#clock,
        tuning: { ...defaultWriteTuning, ...writing },
      }),
    };
    this.#followed.set(source.name, followed);
    followed.engine.start();
  }

  async #unfollow(names: readonly string[]): Promise<void> {
    await Promise.all(
      names.map(async name => {
        await this.#followed.get(name)?.engine.stop();
        this.#followed.delete(name);
      }),
    );
  }

  #createReader(
    followed: Followed,
    into: Pick<ReaderOptions, 'sink' | 'onHealth'>,
  ): Reader {
    const { logger, reading } = this.#options;
    const kinds = KIND_DEFINITIONS;
    const clock = this.#clock;
    const { source } = followed;
    if ('objects' in source) {
      return new DumpReader(source, { ...into, kinds, clock });
    }
    return new ClusterWatcher({
      ...into,
      source: currentSource(followed, source),
      kinds,
      logger,
      clock,
      tuning: { ...defaultReaderTuning, ...reading },
    });
  }

  /** A dump is read once and at once; and a worker has the system's clock. */
  async #createWorker(
    followed: Followed,
    options: IngestOptions,
  ): Promise<Ingest | undefined> {
    const { logger, reading, workers = true, now } = this.#options;
    const { source } = followed;
    if (!workers || now || 'objects' in source) {
      return undefined;
    }
    return createWorker(options, {
      source: currentSource(followed, source),
      logger,
      reading: { ...defaultReaderTuning, ...reading },
    });
  }

  #tell(revision: number): void {
    for (const listener of this.#listeners) {
      try {
        listener(revision);
      } catch (error) {
        this.#options.logger.error(`A listener to revisions failed: ${error}`);
      }
    }
  }
}

/** Its credentials may come from elsewhere later. */
function currentSource(
  followed: Followed,
  { name, connection }: ClusterSource,
): ClusterSource {
  const headers = () => (followed.source as ClusterSource).headers();
  return { name, connection, headers };
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
  return JSON.stringify(one.connection) === JSON.stringify(other.connection);
}
