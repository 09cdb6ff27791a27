import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { ClusterScope, TopologySource } from '@kubernetes-topology/engine';
import {
  ClusterSupplier,
  SuppliedCluster,
  UnwatchedCluster,
} from '@kubernetes-topology/plugin-kubernetes-topology-node';
import { Pause, sleep } from './pause';

export interface KnownClusters {
  sources: TopologySource[];
  /** Listed as failing with their reason, since when: a cluster is never dropped in silence. */
  unwatched: (UnwatchedCluster & { at: number })[];
  /** False while a supplier has never answered: there may be more clusters than these. */
  isComplete: boolean;
}

export interface ClusterDirectoryOptions {
  /** Asked once, at the start. The first of two clusters of the same name is taken. */
  suppliers(): readonly ClusterSupplier[];
  /** By cluster; `*` for the others. */
  scopes: ReadonlyMap<string, ClusterScope>;
  /** Told at the start and after each answer; the next one waits for it. */
  onKnown(clusters: KnownClusters): Promise<void>;
  logger: LoggerService;
  /** Milliseconds between two questions to a supplier. */
  refreshEvery: number;
}

/** How long a supplier may take, and how soon one that fails is asked again, in milliseconds. */
const PATIENCE = 30_000;
const RETRY_AFTER = 5_000;

/**
 * The clusters of all suppliers, as they come and go. A supplier that fails keeps what it answered last: that a list of
 * clusters cannot be had for a moment must not take a cluster away.
 */
export class ClusterDirectory {
  readonly #options: ClusterDirectoryOptions;
  readonly #answers = new Map<ClusterSupplier, readonly SuppliedCluster[]>();
  readonly #stop = new AbortController();
  #suppliers: readonly ClusterSupplier[] | undefined;
  /** Since when each cluster cannot be watched, for which reason. */
  #unwatched = new Map<string, UnwatchedCluster & { at: number }>();
  #names = '';
  #told: Promise<void> = Promise.resolve();
  #running: Promise<unknown> | undefined;

  constructor(options: ClusterDirectoryOptions) {
    this.#options = options;
  }

  get known(): KnownClusters {
    const sources: TopologySource[] = [];
    const unwatched: KnownClusters['unwatched'] = [];
    for (const cluster of this.#distinct()) {
      if ('reason' in cluster) {
        unwatched.push(this.#unwatched.get(cluster.name)!);
      } else {
        sources.push(this.#scoped(cluster));
      }
    }
    const isComplete =
      this.#suppliers?.every(each => this.#answers.has(each)) ?? false;
    return { sources, unwatched, isComplete };
  }

  /** Once. Returns at once. */
  start(): void {
    this.#suppliers ??= this.#options.suppliers();
    this.#tell();
    this.#running ??= Promise.all(
      this.#suppliers.map(each => this.#follow(each)),
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#told;
  }

  async #follow(supplier: ClusterSupplier): Promise<void> {
    const { logger, refreshEvery } = this.#options;
    const { signal } = this.#stop;
    const pause = new Pause();
    const end = supplier.onChange?.(() => pause.cut());
    let failure: string | undefined;
    while (!signal.aborted) {
      try {
        this.#take(supplier, await inTime(supplier.getClusters(), signal));
        if (failure !== undefined) {
          logger.info(`Clusters come from ${supplier.name} again`);
        }
        failure = undefined;
      } catch (error) {
        const { message } = toError(error);
        if (!signal.aborted && message !== failure) {
          logger.warn(
            `The clusters of ${supplier.name} cannot be listed, those known before stay: ${message}`,
          );
        }
        failure = message;
      }
      await this.#told;
      await pause.take(
        failure === undefined
          ? refreshEvery
          : Math.min(RETRY_AFTER, refreshEvery),
        signal,
      );
    }
    end?.();
  }

  #take(supplier: ClusterSupplier, clusters: readonly SuppliedCluster[]): void {
    this.#answers.set(supplier, clusters);
    if (!this.#stop.signal.aborted) {
      this.#tell();
    }
  }

  #tell(): void {
    const { logger, onKnown } = this.#options;
    this.#noteUnwatched();
    const known = this.known;
    const names = known.sources.map(({ name }) => name).join(', ');
    if (names !== this.#names) {
      this.#names = names;
      logger.info(`Clusters to watch: ${names || 'none'}`);
    }
    this.#told = this.#told
      .then(() => onKnown(known))
      .catch(error =>
        logger.error(
          'A change of the list of clusters could not be followed; the next look tries again',
          toError(error),
        ),
      );
  }

  #noteUnwatched(): void {
    const former = this.#unwatched;
    this.#unwatched = new Map();
    for (const cluster of this.#distinct()) {
      if ('reason' in cluster) {
        const { name, reason } = cluster;
        const before = former.get(name);
        const isNew = before?.reason !== reason;
        const at = isNew ? Date.now() : before.at;
        this.#unwatched.set(name, { name, reason, at });
        if (isNew) {
          this.#options.logger.warn(`Cluster ${name}: ${reason}`, {
            cluster: name,
          });
        }
      }
    }
  }

  /** In the suppliers' order. Where a name comes twice, what can be watched goes before what cannot. */
  #distinct(): SuppliedCluster[] {
    const all = (this.#suppliers ?? []).flatMap(
      each => this.#answers.get(each) ?? [],
    );
    const byName = new Map<string, SuppliedCluster>();
    for (const cluster of all) {
      const former = byName.get(cluster.name);
      if (!former || ('reason' in former && !('reason' in cluster))) {
        byName.set(cluster.name, cluster);
      }
    }
    return [...byName.values()];
  }

  #scoped(source: TopologySource): TopologySource {
    const { scopes } = this.#options;
    const scope = scopes.get(source.name) ?? scopes.get('*');
    // Files hold what they hold.
    return scope && 'connection' in source
      ? scopedSource(source, scope)
      : source;
  }
}

function scopedSource(
  source: Extract<TopologySource, { connection: unknown }>,
  scope: ClusterScope,
): TopologySource {
  const { name, connection } = source;
  return { name, connection, scope, headers: () => source.headers() };
}

/** Rejects when the answer takes too long: a supplier that hangs is one that fails. */
async function inTime<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = new AbortController();
  const timeout = sleep(PATIENCE, AbortSignal.any([signal, late.signal])).then(
    () => {
      throw new Error(`no answer within ${PATIENCE / 1000} s`);
    },
  );
  timeout.catch(() => undefined);
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    late.abort();
  }
}
