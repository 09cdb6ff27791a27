import { Clock } from '../cluster/clock';
import { Logger } from '../cluster/logger';
import { GremlinError } from '../gremlin/gremlinError';
import { NodeKey } from '../kinds/identity';
import { ChangedNodes } from '../store/changedNodes';
import { NodeFilter } from '../store/nodeFilter';
import { LiveAnswer, LiveReads } from './liveAnswer';
import { LiveElement, LiveMessage } from './liveMessage';
import { Subscriber } from './subscriber';

/** At most so often changes are looked at, in milliseconds: those in between are taken together. */
const EVERY = 200;
/** After work that took t, a pause of so many times t: ingestion and reads come first. */
const PAUSE = 3;
/** The same for one query that has to be asked anew. */
const QUERY_PAUSE = 10;
const MOST_SUBSCRIBERS = 2_000;

export interface LiveQueriesOptions extends LiveReads {
  revision(): Promise<number>;
  /** A time at which just the revisions up to this one had been written; `undefined` when there is none. */
  timeOf(revision: number): Promise<number | undefined>;
  changedAfter(revision: number): Promise<ChangedNodes>;
  clock: Clock;
  logger: Logger;
}

export interface LiveOptions {
  filter?: NodeFilter;
  /** The revision of the last message that was heard, to go on from there after a drop. */
  since?: number;
  signal: AbortSignal;
}

/** There are as many live queries as one process carries. */
export class TooManySubscribersError extends Error {
  constructor() {
    super(
      `${MOST_SUBSCRIBERS} live queries are open, and no more are taken: try again later, or ask from time to time`,
    );
    this.name = 'TooManySubscribersError';
  }
}

/**
 * Queries whose answers are kept up to date. Who asks the same and may see the same shares one answer; a change is
 * looked at once for all, and concerns those answers alone that it can change (`livePlan.ts`).
 */
export class LiveQueries {
  readonly #options: LiveQueriesOptions;
  readonly #answers = new Map<string, LiveAnswer>();
  readonly #stop = new AbortController();
  /** One thing at a time: an answer and the changes after it stay in their order. */
  #turn: Promise<unknown> = Promise.resolve();
  #following: Promise<void> | undefined;
  #seen: number | undefined;
  #newest = 0;

  constructor(options: LiveQueriesOptions) {
    this.#options = options;
  }

  /** A revision was written, here or elsewhere. */
  heard(revision: number): void {
    if (revision < this.#newest) {
      // An older backup was restored.
      this.#seen = revision - 1;
      this.#answers.forEach(answer => answer.goStale());
    }
    this.#newest = revision;
    if (this.#answers.size > 0) {
      this.#following ??= this.#follow();
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    for (const { subscribers } of this.#answers.values()) {
      subscribers.forEach(subscriber => subscriber.end());
    }
    await this.#following;
    await this.#turn;
  }

  /**
   * The answer to a query, and then what changes in it, until the signal is aborted or the query fails.
   *
   * @throws GremlinError for a query that is wrong or asks for a time, TooManySubscribersError
   */
  async *subscribe(
    text: string,
    { filter, since, signal }: LiveOptions,
  ): AsyncGenerator<LiveMessage, void, undefined> {
    const id = JSON.stringify([text, filter]);
    const subscriber = new Subscriber();
    const answer = this.#open(id, { text, filter });
    try {
      await this.#inTurn(() => this.#begin(answer, subscriber, since));
      for (;;) {
        const message = await subscriber.next(signal);
        if (message === undefined) {
          return;
        }
        if (message === 'lagging') {
          await this.#inTurn(() => this.#begin(answer, subscriber, undefined));
        } else {
          yield message;
        }
      }
    } finally {
      answer.subscribers.delete(subscriber);
      if (answer.subscribers.size === 0 && this.#answers.get(id) === answer) {
        this.#answers.delete(id);
      }
    }
  }

  #open(
    id: string,
    query: { text: string; filter: NodeFilter | undefined },
  ): LiveAnswer {
    let subscribers = 0;
    for (const each of this.#answers.values()) {
      subscribers += each.subscribers.size;
    }
    if (subscribers >= MOST_SUBSCRIBERS) {
      throw new TooManySubscribersError();
    }
    const known = this.#answers.get(id);
    if (known) {
      return known;
    }
    const answer = new LiveAnswer(query, this.#options);
    this.#answers.set(id, answer);
    return answer;
  }

  async #begin(
    answer: LiveAnswer,
    subscriber: Subscriber,
    since: number | undefined,
  ): Promise<void> {
    const revision = await this.#options.revision();
    if (this.#answers.size === 1 && answer.subscribers.size === 0) {
      // Nobody follows what was before.
      this.#seen = revision;
    }
    this.#seen ??= revision;
    answer.subscribers.delete(subscriber);
    const now = await answer.refresh(revision);
    answer.subscribers.add(subscriber);
    subscriber.caughtUp();
    subscriber.push(
      (await this.#missed(answer, { since, now, revision })) ?? {
        type: 'answer',
        revision,
        ...now,
      },
    );
  }

  /** What one who comes back has missed; `undefined` when the history does not reach back to it. */
  async #missed(
    answer: LiveAnswer,
    {
      since,
      now,
      revision,
    }: {
      since: number | undefined;
      now: Awaited<ReturnType<LiveAnswer['refresh']>>;
      revision: number;
    },
  ): Promise<LiveMessage | undefined> {
    if (since === undefined || since > revision || now.cut !== undefined) {
      return undefined;
    }
    const at = await this.#options.timeOf(since);
    if (at === undefined) {
      return undefined;
    }
    try {
      return await answer.since(at, now, revision);
    } catch (error) {
      if (error instanceof GremlinError) {
        return undefined;
      }
      throw error;
    }
  }

  async #follow(): Promise<void> {
    const { clock, logger } = this.#options;
    const { signal } = this.#stop;
    let pause = EVERY;
    while (!signal.aborted && this.#hasWork()) {
      await clock.sleep(pause, signal);
      const began = clock.now();
      try {
        await this.#inTurn(() => this.#step());
      } catch (error) {
        logger.warn(`Live queries could not be brought up to date: ${error}`);
      }
      pause = Math.max(EVERY, PAUSE * (clock.now() - began));
    }
    this.#following = undefined;
  }

  #hasWork(): boolean {
    return (
      this.#answers.size > 0 &&
      ((this.#seen ?? 0) < this.#newest ||
        [...this.#answers.values()].some(({ isStale }) => isStale))
    );
  }

  async #step(): Promise<void> {
    const { changedAfter, clock, nodes } = this.#options;
    const changes = await changedAfter(this.#seen ?? this.#newest);
    const { keys } = changes;
    // Whoever may see the same sees the same of what changed.
    const shown = new Map<string, Promise<readonly LiveElement[]>>();
    const shownTo = (filter: NodeFilter | undefined) => {
      const id = JSON.stringify(filter) ?? '';
      const known = shown.get(id) ?? nodes(keys as Set<NodeKey>, filter);
      shown.set(id, known);
      return known;
    };
    for (const answer of [...this.#answers.values()]) {
      if (keys === 'all' || keys.size > 0) {
        await answer.follow(changes, () => shownTo(answer.filter));
      }
    }
    this.#seen = Math.max(changes.revision, this.#seen ?? 0);
    this.#newest = Math.max(this.#newest, this.#seen);
    for (const answer of [...this.#answers.values()]) {
      if (answer.isStale && clock.now() >= answer.notBefore) {
        await this.#refresh(answer);
      }
    }
  }

  async #refresh(answer: LiveAnswer): Promise<void> {
    const { clock } = this.#options;
    const began = clock.now();
    try {
      await answer.refresh(this.#seen!);
    } catch (error) {
      if (!(error instanceof GremlinError)) {
        throw error;
      }
      // It has become too slow, or too large for a bound.
      for (const subscriber of answer.subscribers) {
        subscriber.push({ type: 'failed', message: error.message });
        subscriber.end();
      }
      this.#answers.forEach((each, id) => {
        if (each === answer) {
          this.#answers.delete(id);
        }
      });
    }
    answer.notBefore =
      clock.now() + Math.max(EVERY, QUERY_PAUSE * (clock.now() - began));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
