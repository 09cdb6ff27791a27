import { Unavailability } from '../kinds/update';
import { ApiError } from './apiError';
import { KindObserver } from './kindObserver';
import { WatchEvent } from './listWatch';
import { OpenWatches } from './openWatches';
import { PagedList } from './pagedList';
import { Pauses } from './pauses';
import { ReflectorOptions } from './reflector';
import { isOlder } from './resourceVersion';
import { Section } from './section';

/** Watches sections of a kind after they were listed. */
export class SectionFollower {
  readonly #options: ReflectorOptions;
  readonly #observer: KindObserver;
  readonly #pages: PagedList;
  readonly #watches: OpenWatches;
  readonly #pauses: Pauses;
  readonly #report: (why: Unavailability, message: string) => Promise<void>;

  constructor(
    options: ReflectorOptions,
    parts: {
      observer: KindObserver;
      pages: PagedList;
      watches: OpenWatches;
      pauses: Pauses;
      report(why: Unavailability, message: string): Promise<void>;
    },
  ) {
    this.#options = options;
    this.#observer = parts.observer;
    this.#pages = parts.pages;
    this.#watches = parts.watches;
    this.#pauses = parts.pauses;
    this.#report = parts.report;
  }

  /** Watch after watch, until the section has to be listed anew. Rejects only when the sink does. */
  async follow(section: Section, signal: AbortSignal): Promise<void> {
    if (section.isForbidden) {
      await this.#awaitPermission(section, signal);
      return;
    }
    let goesOn = true;
    while (goesOn && !signal.aborted) {
      try {
        goesOn = await this.#watch(section, signal);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        if (!(error instanceof ApiError)) {
          throw error;
        }
        goesOn = await this.#recover(error, section, signal);
      }
    }
  }

  async #awaitPermission(section: Section, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#pauses.waitLong(signal);
      try {
        await this.#pages.glance(section.namespace, signal);
        return;
      } catch (error) {
        if (!(error instanceof ApiError) && !signal.aborted) {
          throw error;
        }
      }
    }
  }

  /** One watch, until it ends in good order. False when a list has to follow. */
  async #watch(section: Section, signal: AbortSignal): Promise<boolean> {
    const { kind, clock, tuning } = this.#options;
    if (section.isDoubtful && !(await this.#isReached(section, signal))) {
      return false;
    }
    section.isDoubtful = false;
    const { namespace, resourceVersion } = section;
    const opened = section.takeOpened();
    opened?.watch.closeWith(signal);
    const watch =
      opened?.watch ??
      this.#watches.open({ namespace, resourceVersion }, signal);
    let quiet = true;
    try {
      let events: WatchEvent[] | void = opened?.rest;
      for (;;) {
        events ??= (await watch.next()).value;
        if (!events) {
          break;
        }
        section.backOff.answered();
        if (events.length > 0) {
          quiet = false;
          await this.#apply(section, events);
          section.backOff.succeeded();
        }
        events = undefined;
      }
    } catch (error) {
      if (!watch.isClosed || signal.aborted) {
        throw error;
      }
      // Its connection was believed dead, and a server that was away may be another one now.
      section.isDoubtful = true;
    } finally {
      watch.close();
    }
    // A watch from the future is silent too (`apiserver.md`): the server may have been set back.
    section.isDoubtful ||= quiet;
    if (clock.now() - watch.openedAt >= tuning.shortWatch) {
      section.backOff.succeeded();
    } else if (quiet) {
      throw new ApiError(
        'refused',
        `Could not watch ${kind.plural}: the server ends each watch at once. Check for a proxy that cuts long requests.`,
      );
    }
    return true;
  }

  async #isReached(section: Section, signal: AbortSignal): Promise<boolean> {
    const { resourceVersion } = await this.#pages.glance(
      section.namespace,
      signal,
    );
    return !isOlder(resourceVersion, section.resourceVersion);
  }

  async #apply(section: Section, events: readonly WatchEvent[]): Promise<void> {
    const { sink, kind } = this.#options;
    const { changes, resourceVersion } = section.read(events, this.#observer);
    if (changes.length > 0) {
      await sink({ type: 'changed', kind: kind.id, changes, resourceVersion });
    }
    section.advance(resourceVersion);
  }

  /** False when a list has to follow. */
  async #recover(
    error: ApiError,
    section: Section,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { cluster, kind, logger, tuning } = this.#options;
    const { backOff } = section;
    const { reason, message, details } = error;
    logger.debug(message, { cluster, kind: kind.id.kind });
    if (reason === 'forbidden') {
      // May be listed but not watched: a list now and then.
      logger.warn(message, { cluster, kind: kind.id.kind });
      await this.#pauses.waitLong(signal);
      return false;
    }
    backOff.failed();
    const isGone = reason === 'gone' || reason === 'absent';
    const { tries, milliseconds } = tuning.failingAfter;
    const isOutage =
      reason === 'unauthorized' ||
      (backOff.failures >= tries && backOff.lasting >= milliseconds);
    if (isOutage && !isGone) {
      await this.#report('failing', message);
    }
    section.isDoubtful ||= !isGone;
    await this.#pauses.wait(backOff, details.retryAfter, signal);
    // A list also says that all is well again.
    return !isGone && !isOutage;
  }
}
