import { setMaxListeners } from 'node:events';
import { KindDefinition, KubernetesObject } from '../kinds/kindDefinition';
import { Observed } from '../kinds/observation';
import { KindUpdateSink, Unavailability } from '../kinds/update';
import { ApiClient } from './apiClient';
import { ApiError } from './apiError';
import { BackOff } from './backOff';
import { Clock } from './clock';
import { ListPermits } from './listPermits';
import { requestText, WatchEvent } from './listWatch';
import { Logger } from './logger';
import { OpenWatch } from './openWatch';
import { PagedList } from './pagedList';
import { ReaderTuning } from './readerTuning';
import { isOlder } from './resourceVersion';
import { removalOf, Section } from './section';
import { streamedObjects } from './streamedList';
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

/** A streamed list broke off after some of it was taken: the list begins anew, in pages. */
class StreamBrokenOff extends Error {}

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
  readonly #pages: PagedList;
  /** Failures of its lists. */
  readonly #backOff: BackOff;
  #isListed = false;
  #reported: 'listed' | Unavailability | undefined;
  #canStream = true;
  readonly #watches = new Set<OpenWatch>();
  /** Ends the present wait after an error. */
  #resume = new AbortController();
  /** Ends the watches that follow the present list. */
  #round = new AbortController();

  constructor(options: ReflectorOptions) {
    const { clock, tuning, kind, namespaces } = options;
    this.#options = options;
    this.#pages = new PagedList(options);
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
          await this.#recoverList(error, signal);
        } else if (!(error instanceof StreamBrokenOff)) {
          throw error;
        }
      }
    }
    this.#sections.forEach(section => section.reset());
  }

  /** Drops the current watches, whose connections are believed dead, and resumes. */
  reconnect(): void {
    this.#watches.forEach(watch => watch.close());
  }

  /** The server answers again, or serves the kind again: asks at once, instead of when its turn comes. */
  resume(): void {
    this.#resume.abort();
    this.#resume = new AbortController();
  }

  /** The server says that it serves the kind. */
  isServed(): void {
    if (this.#reported === 'absent') {
      this.resume();
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
    for (const section of this.#sections) {
      section.reset();
      try {
        await this.#listSection(section, readable.length === 0, signal);
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

  async #listSection(
    section: Section,
    isFirst: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const isStreamed =
      this.#canStream &&
      this.#options.streaming.isWorthATry &&
      (await this.#streamSection(section, isFirst, signal));
    if (!isStreamed) {
      await this.#readPages(section, isFirst, signal);
    }
  }

  async #readPages(
    section: Section,
    isFirst: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { sink, kind } = this.#options;
    let start: string | undefined;
    for await (const page of this.#pages.pages(section.namespace, signal)) {
      if (start === undefined && isFirst) {
        // Only now: a kind that may not be listed does not flicker.
        await sink({ type: 'listing', kind: kind.id });
      }
      start ??= page.resourceVersion;
      const observed = this.#observeAll(page.items);
      // The sink may wait long, and whole objects are ten times what is kept of them.
      page.items = [];
      const { remaining } = page;
      await sink({ type: 'page', kind: kind.id, observed, remaining });
      if (page.resourceVersion !== start) {
        section.noteAhead(page.resourceVersion, observed);
      }
    }
    section.startAt(start!);
  }

  /** False when the kind has to be read in pages, and nothing was taken yet. */
  async #streamSection(
    section: Section,
    isFirst: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { sink, kind, streaming, tuning } = this.#options;
    const watch = this.#open(section, undefined, signal);
    const objects = streamedObjects(watch, {
      what: requestText('stream', kind, section.namespace),
      pageSize: tuning.pageSize,
      patience: tuning.streaming.patience,
    });
    let hasBegun = false;
    const begin = async () => {
      if (isFirst && !hasBegun) {
        await sink({ type: 'listing', kind: kind.id });
      }
      hasBegun = true;
    };
    try {
      let next = await objects.next();
      while (!next.done) {
        await begin();
        const observed = this.#observeAll(next.value);
        next = { done: false, value: [] };
        await sink({ type: 'page', kind: kind.id, observed });
        next = await objects.next();
      }
      await begin();
      streaming.succeeded();
      const { resourceVersion, rest } = next.value;
      section.startAt(resourceVersion, { watch, rest });
      return true;
    } catch (error) {
      watch.close();
      if (
        !(error instanceof ApiError) ||
        signal.aborted ||
        wouldFailInPages(error)
      ) {
        throw error;
      }
      this.#canStream = false;
      if (error.reason !== 'forbidden' && error.reason !== 'unreachable') {
        streaming.failed();
      }
      if (hasBegun) {
        throw new StreamBrokenOff(error.message);
      }
      return false;
    }
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
          this.#followSection(section, round.signal).finally(end),
        ),
      );
    } finally {
      signal.removeEventListener('abort', end);
      this.#isListed = false;
    }
  }

  async #followSection(section: Section, signal: AbortSignal): Promise<void> {
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
        goesOn = await this.#recoverWatch(error, section, signal);
      }
    }
  }

  async #awaitPermission(section: Section, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#waitLong(signal);
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
    const from = section.resourceVersion;
    if (section.isDoubtful && !(await this.#isReached(section, signal))) {
      return false;
    }
    section.isDoubtful = false;
    const opened = section.takeOpened();
    opened?.watch.closeWith(signal);
    const watch = opened?.watch ?? this.#open(section, from, signal);
    let quiet = true;
    try {
      let events: WatchEvent[] | undefined = opened?.rest;
      for (;;) {
        events ??= (await watch.next()).value ?? undefined;
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

  #open(
    { namespace }: Section,
    resourceVersion: string | undefined,
    signal: AbortSignal,
  ): OpenWatch {
    const watch = new OpenWatch({
      ...this.#options,
      namespace,
      resourceVersion,
    });
    this.#watches.add(watch);
    watch.onClose(() => this.#watches.delete(watch));
    watch.closeWith(signal);
    return watch;
  }

  async #isReached(section: Section, signal: AbortSignal): Promise<boolean> {
    const { resourceVersion } = await this.#pages.glance(
      section.namespace,
      signal,
    );
    return !isOlder(resourceVersion, section.resourceVersion);
  }

  async #apply(section: Section, events: readonly WatchEvent[]): Promise<void> {
    const { sink, cluster, kind } = this.#options;
    const { changes, resourceVersion } = section.read(events, {
      observe: object => this.#observe(object),
      remove: object => removalOf(cluster, kind, object),
    });
    if (changes.length > 0) {
      await sink({ type: 'changed', kind: kind.id, changes, resourceVersion });
    }
    section.advance(resourceVersion);
  }

  #observeAll(objects: readonly KubernetesObject[]): Observed[] {
    return objects.flatMap(object => this.#observe(object));
  }

  /** None when the kind's own rules fail on the object: one odd object does not stop the rest. */
  #observe(object: KubernetesObject): Observed[] {
    const { cluster, kind, clock, logger } = this.#options;
    try {
      return [kind.observe(object, { cluster, now: clock.now() })];
    } catch (error) {
      logger.error('An object could not be read and is left out', {
        cluster,
        kind: kind.id.kind,
        namespace: String(object?.metadata?.namespace ?? ''),
        name: String(object?.metadata?.name ?? ''),
        error: String(error),
      });
      return [];
    }
  }

  async #recoverList(error: ApiError, signal: AbortSignal): Promise<void> {
    const { reason, message, details } = error;
    this.#debug(message);
    if (reason === 'forbidden' || reason === 'absent') {
      await this.#report(reason, message);
      await this.#waitLong(signal);
      return;
    }
    this.#backOff.failed();
    const { failures } = this.#backOff;
    const isOutage =
      reason === 'unauthorized' ||
      failures >= this.#options.tuning.failingAfter.tries;
    if (isOutage && reason !== 'gone') {
      await this.#report('failing', message);
    }
    await this.#wait(this.#backOff, details.retryAfter, signal);
  }

  /** False when a list has to follow. */
  async #recoverWatch(
    error: ApiError,
    section: Section,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { cluster, kind, logger, tuning } = this.#options;
    const { backOff } = section;
    const { reason, message, details } = error;
    this.#debug(message);
    if (reason === 'forbidden') {
      // May be listed but not watched: a list now and then.
      logger.warn(message, { cluster, kind: kind.id.kind });
      await this.#waitLong(signal);
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
    await this.#wait(backOff, details.retryAfter, signal);
    // A list also says that all is well again.
    return !isGone && !isOutage;
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

  async #waitLong(signal: AbortSignal): Promise<void> {
    const { clock, tuning } = this.#options;
    await clock.sleep(
      tuning.slowRetry * (0.75 + clock.random() / 2),
      AbortSignal.any([signal, this.#resume.signal]),
    );
  }

  async #wait(
    backOff: BackOff,
    atLeast: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const ends = AbortSignal.any([signal, this.#resume.signal]);
    await backOff.wait(ends, atLeast);
  }

  #debug(message: string): void {
    const { cluster, kind, logger } = this.#options;
    logger.debug(message, { cluster, kind: kind.id.kind });
  }
}

function isForbidden(error: unknown): error is ApiError {
  return error instanceof ApiError && error.reason === 'forbidden';
}

/** What is the matter has nothing to do with streaming. */
function wouldFailInPages({ reason }: ApiError): boolean {
  return ['unauthorized', 'absent', 'throttled'].includes(reason);
}

function namesOf(sections: readonly Section[]): string {
  return sections.map(({ namespace }) => `'${namespace}'`).join(', ');
}
