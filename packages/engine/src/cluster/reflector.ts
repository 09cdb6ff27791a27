import { NodeKey, nodeKey } from '../kinds/identity';
import { KindDefinition, KubernetesObject } from '../kinds/kindDefinition';
import { Observed } from '../kinds/observation';
import { Change, KindUpdateSink, Unavailability } from '../kinds/update';
import { ApiClient } from './apiClient';
import { ApiError } from './apiError';
import { BackOff } from './backOff';
import { Clock } from './clock';
import { ListPermits } from './listPermits';
import { ListPage, WatchEvent, listPage, watchKind } from './listWatch';
import { Logger } from './logger';
import { ReaderTuning } from './readerTuning';
import { isNotNewer, isOlder } from './resourceVersion';

export interface ReflectorOptions {
  cluster: string;
  kind: KindDefinition;
  client: ApiClient;
  sink: KindUpdateSink;
  /** Shared by the reflectors of a cluster. */
  permits: ListPermits;
  clock: Clock;
  logger: Logger;
  tuning: ReaderTuning;
}

/**
 * Keeps one kind of one cluster in step with its API server: a paged list, then watches that resume where the former
 * one ended, and a new list when the server no longer knows where that was.
 *
 * No event is lost: a watch resumes from the last resource version whose change the sink has taken, and a new list
 * replaces what is known. None is applied twice: an upsert that is not newer than the watch's position is a repetition
 * and is dropped. A deletion is never dropped, as a uid does not come back; the sink ignores one for another uid.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #backOff: BackOff;
  /** Where the next watch starts; without one, a list comes first. */
  #resourceVersion: string | undefined;
  #reported: 'listed' | Unavailability | undefined;
  /** The connection broke or was silent: the server may have come back with an older state. */
  #doubtful = false;
  /** What a list's later pages hold at a newer version than the watch starts from, after a continue token expired. */
  #ahead: { until: string; versions: Map<NodeKey, string> } | undefined;
  #pageSize: number;
  #watch: AbortController | undefined;
  /** Ends the present wait after an error. */
  #resume = new AbortController();

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.clock, options.tuning.backOff);
    this.#pageSize = options.tuning.pageSize;
  }

  /** Runs until the signal is aborted. Rejects only when the sink does. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#resourceVersion === undefined) {
          await this.#options.permits.run(() => this.#listAll(signal));
        } else {
          await this.#watchFrom(this.#resourceVersion, signal);
        }
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        if (!(error instanceof ApiError)) {
          throw error;
        }
        await this.#recover(error, signal);
      }
    }
  }

  /** Reports that discovery does not name the kind, and waits before it is asked for all the same. */
  async waitAsAbsent(signal: AbortSignal): Promise<void> {
    const { kind } = this.#options;
    await this.#report(
      'absent',
      `The API server does not serve ${kind.plural}.`,
    );
    await this.#waitLong(signal);
  }

  /** Drops the current watch, whose connection is believed dead, and resumes. */
  reconnect(): void {
    this.#watch?.abort();
  }

  /** The server answers again: asks at once, instead of when its turn comes. */
  resume(): void {
    this.#resume.abort();
    this.#resume = new AbortController();
  }

  async #listAll(signal: AbortSignal): Promise<void> {
    const { sink, kind } = this.#options;
    let page = await this.#page(undefined, signal);
    const { resourceVersion } = page;
    // Only now: a kind that may not be listed does not flicker.
    await sink({ type: 'listing', kind: kind.id });
    this.#ahead = undefined;
    for (;;) {
      // The next page is on its way while this one is taken.
      const next = page.continueToken
        ? this.#page(page.continueToken, signal)
        : undefined;
      next?.catch(() => undefined);
      const observed = page.items.flatMap(item => this.#observe(item));
      // The sink may wait long, and whole objects are ten times what is kept of them.
      page.items = [];
      await sink({ type: 'page', kind: kind.id, observed });
      if (page.resourceVersion !== resourceVersion) {
        this.#noteAhead(page.resourceVersion, observed);
      }
      if (!next) {
        break;
      }
      page = await next;
    }
    signal.throwIfAborted();
    await sink({ type: 'listed', kind: kind.id, resourceVersion });
    this.#resourceVersion = resourceVersion;
    this.#doubtful = false;
    this.#reported = 'listed';
    this.#backOff.answered();
  }

  /** A page; one in the middle of a list is tried again before the list is given up. */
  async #page(
    continueToken: string | undefined,
    signal: AbortSignal,
  ): Promise<ListPage> {
    const { client, kind, tuning } = this.#options;
    const backOff = new BackOff(this.#options.clock, tuning.backOff);
    let token = continueToken;
    for (;;) {
      try {
        return await listPage(client, kind, {
          limit: this.#pageSize,
          continueToken: token,
          signal,
        });
      } catch (error) {
        if (!(error instanceof ApiError) || signal.aborted) {
          throw error;
        }
        backOff.failed();
        if (error.reason === 'too-large' && this.#pageSize > 1) {
          this.#pageSize = Math.ceil(this.#pageSize / 4);
        } else if (error.reason === 'gone' && error.details.continueToken) {
          // The rest at a newer revision. The watch starts at the first page's version and tells what lies between.
          token = error.details.continueToken;
        } else if (!token || !isPassing(error) || backOff.failures > 3) {
          throw error;
        }
        await backOff.wait(signal, error.details.retryAfter);
      }
    }
  }

  async #watchFrom(from: string, signal: AbortSignal): Promise<void> {
    const { client, kind, clock, tuning } = this.#options;
    if (this.#doubtful && !(await this.#serverHasReached(from, signal))) {
      this.#resourceVersion = undefined;
      return;
    }
    this.#doubtful = false;
    const { least, most } = tuning.watchSeconds;
    const timeoutSeconds = Math.round(least + clock.random() * (most - least));
    const openedAt = clock.now();
    const watch = this.#linkedTo(signal);
    // The server ends the stream after `timeoutSeconds`; when it does not, the connection is dead.
    const overdue = timeoutSeconds * 1000 + tuning.silenceSlack;
    clock.sleep(overdue, watch.signal).then(() => watch.abort());
    let quiet = true;
    try {
      for await (const events of watchKind(client, kind, {
        resourceVersion: from,
        timeoutSeconds,
        signal: watch.signal,
      })) {
        this.#backOff.answered();
        if (events.length > 0) {
          quiet = false;
          await this.#apply(events);
          this.#backOff.succeeded();
        }
      }
    } catch (error) {
      if (!watch.signal.aborted || signal.aborted) {
        throw error;
      }
    } finally {
      watch.abort();
    }
    // A watch from the future is silent too (`apiserver.md`): the server may have been set back.
    this.#doubtful ||= quiet;
    if (clock.now() - openedAt >= tuning.shortWatch) {
      this.#backOff.succeeded();
    } else if (quiet) {
      throw new ApiError(
        'refused',
        `Could not watch ${kind.plural}: the server ends each watch at once. Check for a proxy that cuts long requests.`,
      );
    }
  }

  #linkedTo(signal: AbortSignal): AbortController {
    const watch = new AbortController();
    const abort = () => watch.abort();
    signal.addEventListener('abort', abort, { once: true });
    watch.signal.addEventListener('abort', () =>
      signal.removeEventListener('abort', abort),
    );
    this.#watch = watch;
    return watch;
  }

  async #serverHasReached(
    version: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { client, kind } = this.#options;
    const page = await listPage(client, kind, { limit: 1, signal });
    return !isOlder(page.resourceVersion, version);
  }

  async #apply(events: readonly WatchEvent[]): Promise<void> {
    const { sink, kind } = this.#options;
    let position = this.#resourceVersion!;
    const changes: Change[] = [];
    for (const event of events) {
      const version =
        event.type === 'BOOKMARK'
          ? event.resourceVersion
          : event.object.metadata.resourceVersion;
      const isRepetition = isNotNewer(version, position);
      if (event.type === 'DELETED') {
        changes.push(this.#removal(event.object));
      } else if (event.type !== 'BOOKMARK' && !isRepetition) {
        for (const observed of this.#observe(event.object)) {
          const held = this.#ahead?.versions.get(observed.key);
          if (held === undefined || !isNotNewer(version, held)) {
            changes.push({ type: 'upsert', observed });
          }
        }
      }
      if (!isRepetition) {
        position = version;
      }
    }
    if (changes.length > 0) {
      await sink({
        type: 'changed',
        kind: kind.id,
        changes,
        resourceVersion: position,
      });
    }
    this.#resourceVersion = position;
    if (this.#ahead && isNotNewer(this.#ahead.until, position)) {
      this.#ahead = undefined;
    }
  }

  #noteAhead(until: string, observed: readonly Observed[]): void {
    this.#ahead ??= { until, versions: new Map() };
    this.#ahead.until = until;
    for (const { key, resourceVersion } of observed) {
      if (resourceVersion !== undefined) {
        this.#ahead.versions.set(key, resourceVersion);
      }
    }
  }

  #removal(object: KubernetesObject): Change {
    const { cluster, kind } = this.#options;
    const { namespace = '', name, uid } = object.metadata;
    const key = nodeKey({ cluster, kind: kind.id, namespace, name });
    return { type: 'remove', key, uid };
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

  async #recover(error: ApiError, signal: AbortSignal): Promise<void> {
    const { cluster, kind, logger, tuning } = this.#options;
    const { reason, message, details } = error;
    const wasWatching = this.#resourceVersion !== undefined;
    logger.debug(message, { cluster, kind: kind.id.kind });
    switch (reason) {
      case 'gone':
        this.#resourceVersion = undefined;
        break;
      case 'forbidden':
        if (wasWatching) {
          // May be listed but not watched: a list now and then.
          logger.warn(message, { cluster, kind: kind.id.kind });
        } else {
          await this.#report('forbidden', message);
        }
        this.#resourceVersion = undefined;
        await this.#waitLong(signal);
        return;
      case 'absent':
        this.#resourceVersion = undefined;
        await this.#report('absent', message);
        await this.#waitLong(signal);
        return;
      default:
        this.#doubtful = true;
    }
    this.#backOff.failed();
    const { failures, lasting } = this.#backOff;
    const isOutage =
      reason === 'unauthorized' ||
      (failures >= tuning.failingAfter.tries &&
        (!wasWatching || lasting >= tuning.failingAfter.milliseconds));
    if (isOutage && reason !== 'gone') {
      await this.#report('failing', message);
      // A list follows, which also says that all is well again.
      this.#resourceVersion = undefined;
    }
    await this.#backOff.wait(
      AbortSignal.any([signal, this.#resume.signal]),
      details.retryAfter,
    );
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
    const { slowRetry } = tuning;
    await clock.sleep(slowRetry * (0.75 + clock.random() / 2), signal);
  }
}

/** Whether another try may succeed. */
function isPassing(error: ApiError): boolean {
  switch (error.reason) {
    case 'unreachable':
    case 'silent':
    case 'throttled':
      return true;
    case 'refused':
      return (error.details.status ?? 500) >= 500;
    default:
      return false;
  }
}
