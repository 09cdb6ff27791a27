import { ApiError } from './apiError';
import { requestText } from './listWatch';
import { KindObserver } from './kindObserver';
import { OpenWatches } from './openWatches';
import { PagedList } from './pagedList';
import { ReflectorOptions } from './reflector';
import { Section } from './section';
import { streamedObjects } from './streamedList';

/** A streamed list broke off after some of it was taken: the list begins anew, in pages. */
export class StreamBrokenOff extends Error {
  readonly name = 'StreamBrokenOff';
}

/** Lists sections of a kind: streamed where the server offers it, else in pages. */
export class SectionLister {
  readonly #options: ReflectorOptions;
  readonly #observer: KindObserver;
  readonly #pages: PagedList;
  readonly #watches: OpenWatches;
  #canStream = true;

  constructor(
    options: ReflectorOptions,
    parts: { observer: KindObserver; pages: PagedList; watches: OpenWatches },
  ) {
    this.#options = options;
    this.#observer = parts.observer;
    this.#pages = parts.pages;
    this.#watches = parts.watches;
  }

  /**
   * @param begin called before the first objects are told, and not when there is nothing to tell as the list fails
   * @throws ApiError @throws StreamBrokenOff
   */
  async list(
    section: Section,
    begin: () => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const isStreamed =
      this.#canStream &&
      this.#options.streaming.isWorthATry &&
      (await this.#stream(section, begin, signal));
    if (!isStreamed) {
      await this.#readPages(section, begin, signal);
    }
  }

  async #readPages(
    section: Section,
    begin: () => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const { sink, kind } = this.#options;
    let start: string | undefined;
    for await (const page of this.#pages.pages(section.namespace, signal)) {
      await begin();
      start ??= page.resourceVersion;
      const observed = this.#observer.observeAll(page.items);
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

  /** False when the kind has to be read in pages, and nothing was told yet. */
  async #stream(
    section: Section,
    begin: () => Promise<void>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { sink, kind, streaming, tuning } = this.#options;
    const { namespace } = section;
    const where = { namespace, resourceVersion: undefined };
    const watch = this.#watches.open(where, signal);
    const objects = streamedObjects(watch, {
      what: requestText('stream', kind, namespace),
      pageSize: tuning.pageSize,
      patience: tuning.streaming.patience,
    });
    let hasBegun = false;
    try {
      let next = await objects.next();
      while (!next.done) {
        await begin();
        hasBegun = true;
        const observed = this.#observer.observeAll(next.value);
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
      const isForPages = error instanceof ApiError && mayDoInPages(error);
      if (!isForPages || signal.aborted) {
        throw error;
      }
      this.#canStream = false;
      if (saysOfTheServer(error)) {
        streaming.failed();
      }
      if (hasBegun) {
        throw new StreamBrokenOff(error.message);
      }
      return false;
    }
  }
}

/** Otherwise what is the matter has nothing to do with streaming. */
function mayDoInPages({ reason }: ApiError): boolean {
  return !['unauthorized', 'absent', 'throttled'].includes(reason);
}

/** A right that is wanting and a connection that breaks say nothing of what the server offers. */
function saysOfTheServer({ reason }: ApiError): boolean {
  return reason !== 'forbidden' && reason !== 'unreachable';
}
