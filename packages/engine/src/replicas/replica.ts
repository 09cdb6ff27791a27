import { Clock } from '../cluster/clock';
import { Logger } from '../cluster/logger';
import { ClusterLease } from '../store/clusterLease';
import { Leases, LeaseState, LeaseTable } from '../store/leases';
import { ReplicaTuning } from './replicaTuning';
import { shareOut } from './shareOut';

/** What is done with a lease once it is there. */
export interface LeaseOwner {
  /** Names of the clusters that this process is configured to follow. */
  clusters(): readonly string[];
  /** Follows the cluster from now on, and writes it under this lease. */
  follow(lease: ClusterLease): void;
  /** Resolves when nothing of the cluster is written any more. Never rejects. */
  unfollow(cluster: string): Promise<void>;
  /** Says of a cluster that nobody is configured to follow that it will be removed in so many milliseconds. */
  announceRemoval(lease: ClusterLease, after: number): Promise<void>;
  /** Takes the cluster out of the store, with its lease. */
  remove(lease: ClusterLease): Promise<void>;
}

export interface ReplicaOptions {
  /** Random, of this process: never used again by another one. */
  id: string;
  leases: Leases;
  owner: LeaseOwner;
  /** Tells the other replicas that there is something to take. */
  onReleased(): void;
  logger: Logger;
  clock: Clock;
  tuning: ReplicaTuning;
}

/**
 * One process among those that share a database: says that it lives, takes the leases that are its share, and lets go
 * of the others. What it may write is not decided here but in each write (`inWrite`): this may be late without harm.
 */
export class Replica {
  readonly #options: ReplicaOptions;
  readonly #stop = new AbortController();
  /** What is followed under which lease. */
  readonly #followed = new Map<string, ClusterLease>();
  /** What is being let go. */
  readonly #ending = new Map<string, Promise<void>>();
  readonly #announced = new Set<number>();
  #running: Promise<void> | undefined;
  #round: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #hasBegun = false;
  #failures = 0;

  constructor(options: ReplicaOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Hands all clusters over at once. */
  async stop(): Promise<void> {
    const { leases, id, onReleased, logger } = this.#options;
    this.#stop.abort();
    await this.#running;
    await this.#round;
    [...this.#followed.keys()].forEach(cluster => this.letGo(cluster));
    await Promise.all(this.#ending.values());
    try {
      await leases.leave(id);
      onReleased();
    } catch (error) {
      logger.warn(
        `The leases could not be handed over; they expire by themselves: ${error}`,
      );
    }
  }

  /** Looks at the leases at once instead of when it is time. */
  wake(): void {
    this.#wake?.();
  }

  /** Looks at the leases now, and resolves when what follows from them is done. */
  async settle(): Promise<void> {
    await this.#look();
    await Promise.all(this.#ending.values());
    await this.#look();
  }

  /** Ends following, and lets others have the lease if it was still there. */
  letGo(cluster: string): void {
    const { owner, leases, onReleased, logger } = this.#options;
    const lease = this.#followed.get(cluster);
    if (!lease) {
      return;
    }
    this.#followed.delete(cluster);
    logger.info(`This replica does not follow cluster ${cluster} any more`);
    const ending = owner
      .unfollow(cluster)
      .then(() => leases.release(lease))
      .then(onReleased)
      .catch(error =>
        logger.warn(
          `The lease of cluster ${cluster} could not be handed over; it expires by itself: ${error}`,
        ),
      )
      .finally(() => this.#ending.delete(cluster));
    this.#ending.set(cluster, ending);
  }

  async #run(): Promise<void> {
    const { clock, tuning } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      await this.#look();
      const end = () => woken.abort();
      signal.addEventListener('abort', end, { once: true });
      if (!signal.aborted) {
        await clock.sleep(tuning.renewEvery, woken.signal);
      }
      signal.removeEventListener('abort', end);
    }
  }

  /** One round after another. */
  #look(): Promise<void> {
    this.#round = this.#round.then(async () => {
      const { logger, id, leases, owner } = this.#options;
      if (this.#stop.signal.aborted) {
        return;
      }
      try {
        if (!this.#hasBegun) {
          await leases.begin();
          this.#hasBegun = true;
        }
        const claim = { id, clusters: owner.clusters() };
        await this.#follow(await leases.heartbeat(claim));
        this.#failures = 0;
      } catch (error) {
        this.#failures++;
        logger[this.#failures === 1 ? 'warn' : 'debug'](
          `The leases of the clusters cannot be renewed: ${error}`,
        );
      }
    });
    return this.#round;
  }

  async #follow(table: LeaseTable): Promise<void> {
    const { id } = this.#options;
    const shares = shareOut(table);
    const held = new Map(
      table.leases
        .filter(({ holder }) => holder === id)
        .map(lease => [lease.cluster, lease]),
    );
    for (const [cluster, { fencing }] of this.#followed) {
      const isShare = shares.get(cluster) === id;
      if (held.get(cluster)?.fencing !== fencing || !isShare) {
        this.letGo(cluster);
      }
    }
    for (const lease of table.leases) {
      const { cluster } = lease;
      if (!this.#followed.has(cluster) && !this.#ending.has(cluster)) {
        if (shares.get(cluster) === id) {
          await this.#begin(lease);
        } else if (shares.has(cluster)) {
          await this.#returnUnused(lease);
        } else if (table.replicas[0]?.id === id) {
          await this.#removeWhenDue(lease);
        }
      }
    }
  }

  async #begin(state: LeaseState): Promise<void> {
    const lease = await this.#obtain(state);
    if (lease && !this.#stop.signal.aborted) {
      this.#followed.set(lease.cluster, lease);
      this.#options.logger.info(
        `This replica follows cluster ${lease.cluster} now, by lease ${lease.fencing}`,
      );
      this.#options.owner.follow(lease);
    }
  }

  async #obtain(state: LeaseState): Promise<ClusterLease | undefined> {
    const { id, leases } = this.#options;
    if (state.holder === id) {
      return state;
    }
    return state.holder === undefined || state.isExpired
      ? leases.take(id, state)
      : undefined;
  }

  /** Taken, but not begun with before it was somebody else's share. */
  async #returnUnused(state: LeaseState): Promise<void> {
    const { id, leases, onReleased } = this.#options;
    if (state.holder === id) {
      await leases.release(state);
      onReleased();
    }
  }

  /** The first of the live replicas looks after what nobody wants. */
  async #removeWhenDue(state: LeaseState): Promise<void> {
    const { owner, tuning } = this.#options;
    const left = tuning.removalGrace - (state.unwantedFor ?? 0);
    const lease = await this.#obtain(state);
    if (!lease) {
      return;
    }
    if (left <= 0) {
      await owner.remove(lease);
    } else if (!this.#announced.has(lease.fencing)) {
      await owner.announceRemoval(lease, left);
      this.#announced.add(lease.fencing);
    }
  }
}
