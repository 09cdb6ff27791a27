import { setMaxListeners } from 'node:events';
import { KindDefinition } from '../kinds/kindDefinition';
import { KindUpdateSink, Unavailability } from '../kinds/update';
import { ApiClient } from './apiClient';
import { ApiError } from './apiError';
import { BackOff } from './backOff';
import { Clock } from './clock';
import { KindObserver } from './kindObserver';
import { ListPermits } from './listPermits';
import { Logger } from './logger';
import { OpenWatches } from './openWatches';
import { PagedList } from './pagedList';
import { Pauses } from './pauses';
import { ReaderTuning } from './readerTuning';
import { Section } from './section';
import { SectionFollower } from './sectionFollower';
import { SectionLister, StreamBrokenOff } from './sectionLister';
import { StreamingSupport } from './streamingSupport';

export interface ReflectorOptions {
  cluster: string;
  kind: KindDefinition;
  /** Where; default: the whole cluster. */
  namespaces?: readonly string[];
  client: ApiClient;
  sink: KindUpdateSink;
  /** Shared by the reflectors of a cluster. */
  permits: ListPermits;
  /** Shared by the reflectors of a cluster. */
  streaming: StreamingSupport;
  clock: Clock;
  logger: Logger;
  tuning: ReaderTuning;
}

/**
 * Keeps one kind of one cluster in step with its API server: a list, streamed or in pages, then watches that resume
 * where the former one ended, and a new list when the server no longer knows where that was. Where only some namespaces
 * may be read, each has its own list and watch, and together they are the kind: when one has to be listed anew, all are.
 *
 * No event is lost: a watch resumes from the last resource version whose change the sink has taken, and a new list
 * replaces what is known.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #sections: readonly Section[];
  readonly #lister: SectionLister;
  readonly #follower: SectionFollower;
  readonly #watches: OpenWatches;
  readonly #pauses: Pauses;
  /** Failures of its lists. */
  readonly #backOff: BackOff;
  #isListed = false;
  #reported: 'listed' | Unavailability | undefined;
  /** Ends the watches that follow the present list. */
  #round = new AbortController();

  constructor(options: ReflectorOptions) {
    const { clock, tuning, kind, namespaces } = options;
    const observer = new KindObserver(options);
    const pages = new PagedList(options);
    const watches = new OpenWatches(options);
    const pauses = new Pauses(clock, tuning.slowRetry);
    this.#options = options;
    this.#watches = watches;
    this.#pauses = pauses;
    this.#lister = new SectionLister(options, { observer, pages, watches });
    this.#follower = new SectionFollower(options, {
      observer,
      pages,
      watches,
      pauses,
      report: (why, message) => this.#report(why, message),
    });
    this.#backOff = new BackOff(clock, tuning.backOff);
    const scope = kind.namespaced ? namespaces : undefined;
    this.#sections = (scope ?? [undefined]).map(
      namespace => new Section(namespace, new BackOff(clock, tuning.backOff)),
    );
  }

  /** Runs until the signal is aborted. Rejects only when the sink does. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#isListed) {
          await this.#follow(signal);
        } else {
          await this.#options.permits.run(() => this.#list(signal));
        }
      } catch (error) {
        if (signal.aborted) {
          break;
        }
        if (error instanceof ApiError) {
          await this.#recover(error, signal);
        } else if (!(error instanceof StreamBrokenOff)) {
          throw error;
        }
      }
    }
    this.#sections.forEach(section => section.reset());
  }

  /** Drops the current watches, whose connections are believed dead, and resumes. */
  reconnect(): void {
    this.#watches.closeAll();
  }

  /** The server answers again: asks at once, instead of when its turn comes. */
  resume(): void {
    this.#pauses.end();
  }

  /** The server says that it serves the kind. */
  isServed(): void {
    if (this.#reported === 'absent') {
      this.#pauses.end();
    }
  }

  /** Lists anew: the server may not serve the kind any more. */
  recheck(): void {
    this.#isListed = false;
    this.#round.abort();
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { sink, kind } = this.#options;
    const readable: Section[] = [];
    const refused: Section[] = [];
    let refusal: ApiError | undefined;
    let hasBegun = false;
    // Only when something came: a kind that may not be listed does not flicker.
    const begin = async () => {
      if (!hasBegun) {
        hasBegun = true;
        await sink({ type: 'listing', kind: kind.id });
      }
    };
    for (const section of this.#sections) {
      section.reset();
      try {
        await this.#lister.list(section, begin, signal);
        readable.push(section);
      } catch (error) {
        if (!isForbidden(error) || signal.aborted) {
          throw error;
        }
        refusal = error;
        section.isForbidden = true;
        refused.push(section);
      }
    }
    if (refusal && readable.length === 0) {
      throw refusal;
    }
    signal.throwIfAborted();
    const [{ namespace, resourceVersion }] = readable;
    await sink({
      type: 'listed',
      kind: kind.id,
      resourceVersion,
      ...(namespace !== undefined && {
        within: readable.map(section => section.namespace!),
      }),
      ...(refusal && {
        message: `Not in ${namesOf(refused)}: ${refusal.message}`,
      }),
    });
    this.#isListed = true;
    this.#reported = 'listed';
    this.#backOff.succeeded();
    this.#sections.forEach(({ backOff }) => backOff.answered());
  }

  /** Until a section has to be listed anew. */
  async #follow(signal: AbortSignal): Promise<void> {
    const round = new AbortController();
    // Each section listens.
    setMaxListeners(0, round.signal);
    this.#round = round;
    const end = () => round.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) {
      end();
    }
    try {
      await Promise.all(
        this.#sections.map(section =>
          this.#follower.follow(section, round.signal).finally(end),
        ),
      );
    } finally {
      signal.removeEventListener('abort', end);
      this.#isListed = false;
    }
  }

  async #recover(error: ApiError, signal: AbortSignal): Promise<void> {
    const { cluster, kind, logger, tuning } = this.#options;
    const { reason, message, details } = error;
    logger.debug(message, { cluster, kind: kind.id.kind });
    if (reason === 'forbidden' || reason === 'absent') {
      await this.#report(reason, message);
      await this.#pauses.waitLong(signal);
      return;
    }
    this.#backOff.failed();
    const isOutage =
      reason === 'unauthorized' ||
      this.#backOff.failures >= tuning.failingAfter.tries;
    if (isOutage && reason !== 'gone') {
      await this.#report('failing', message);
    }
    await this.#pauses.wait(this.#backOff, details.retryAfter, signal);
  }

  async #report(why: Unavailability, message: string): Promise<void> {
    const { sink, kind, cluster, logger } = this.#options;
    if (this.#reported === why) {
      return;
    }
    this.#reported = why;
    logger.warn(message, { cluster, kind: kind.id.kind });
    await sink({ type: 'unavailable', kind: kind.id, why, message });
  }
}

function isForbidden(error: unknown): error is ApiError {
  return error instanceof ApiError && error.reason === 'forbidden';
}

function namesOf(sections: readonly Section[]): string {
  return sections.map(({ namespace }) => `'${namespace}'`).join(', ');
}
