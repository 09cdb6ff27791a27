import { Clock } from '../cluster/clock';
import { Logger } from '../cluster/logger';

export interface RevisionFeedOptions {
  /** The database's newest revision. */
  newest(): Promise<number>;
  /** Tells other replicas of a revision that was written here. */
  announce(revision: number): Promise<void>;
  logger: Logger;
  clock: Clock;
  /** Milliseconds between two looks at the database. */
  pollEvery: number;
}

/** At most so often other replicas are told, in milliseconds: each revision includes those before it. */
const ANNOUNCE_EVERY = 100;
/** After a long time without the database, so many of the newest are told one by one. */
const MOST_AT_ONCE = 10_000;

/**
 * All revisions, whichever replica wrote them, each once and in order. Revisions are numbered without a gap in the
 * order of their commits, so that the highest number heard of tells of all.
 */
export class RevisionFeed {
  readonly #options: RevisionFeedOptions;
  readonly #listeners = new Set<(revision: number) => void>();
  readonly #stop = new AbortController();
  #last: number;
  #running: Promise<void> | undefined;
  #announcing: Promise<void> | undefined;
  #unannounced: number | undefined;

  /** @param last the newest revision: later ones are told */
  constructor(last: number, options: RevisionFeedOptions) {
    this.#last = last;
    this.#options = options;
  }

  /** The answer ends it. */
  listen(listener: (revision: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#running ??= this.#poll();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#announcing;
  }

  /** A revision that was written here. */
  wrote(revision: number): void {
    this.heard(revision);
    this.#unannounced = Math.max(this.#unannounced ?? 0, revision);
    this.#announcing ??= this.#announce();
  }

  /** A revision that somebody says is committed. */
  heard(revision: number): void {
    const first = Math.max(this.#last + 1, revision - MOST_AT_ONCE + 1);
    for (let next = first; next <= revision; next++) {
      this.#last = next;
      this.#tell(next);
    }
  }

  async #poll(): Promise<void> {
    const { newest, clock, pollEvery } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await clock.sleep(pollEvery, signal);
      if (!signal.aborted) {
        try {
          const before = this.#last;
          const revision = await newest();
          // An older backup was restored: what is written from now on is new all the same.
          if (revision < before && before === this.#last) {
            this.#last = revision;
          }
          this.heard(revision);
        } catch {
          // Who writes and who reads says so.
        }
      }
    }
  }

  /** The first at once, then the newest of each interval. */
  async #announce(): Promise<void> {
    const { announce, clock } = this.#options;
    while (this.#unannounced !== undefined) {
      const revision = this.#unannounced;
      this.#unannounced = undefined;
      await announce(revision);
      await clock.sleep(ANNOUNCE_EVERY, this.#stop.signal);
    }
    this.#announcing = undefined;
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
