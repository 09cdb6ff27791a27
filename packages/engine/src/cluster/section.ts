import { NodeKey } from '../kinds/identity';
import { Observed } from '../kinds/observation';
import { Change } from '../kinds/update';
import { BackOff } from './backOff';
import { KindObserver } from './kindObserver';
import { WatchEvent } from './listWatch';
import { OpenWatch } from './openWatch';
import { isNotNewer } from './resourceVersion';

/** What watch events change, and how far they bring the section. */
export interface Step {
  changes: Change[];
  resourceVersion: string;
}

/**
 * What of a kind is listed and watched by itself: all of it, or what is in one namespace; and where its watch stands.
 *
 * No event is applied twice: an upsert that is not newer than the watch's position is a repetition and is dropped. A
 * deletion is never dropped, as a uid does not come back; the graph ignores one for another uid.
 */
export class Section {
  /** Undefined for the whole cluster. */
  readonly namespace: string | undefined;
  /** Failures of its watches. */
  readonly backOff: BackOff;
  /** The connection broke or was silent: the server may have come back with an older state. */
  isDoubtful = false;
  /** May not be listed, where others of the kind may be. */
  isForbidden = false;
  /** Left open by a streamed list. */
  #opened: { watch: OpenWatch; rest: WatchEvent[] } | undefined;
  /** Where the next watch starts. */
  #resourceVersion = '';
  /** What a list's later pages hold at a newer version than the watch starts from, after a continue token expired. */
  #ahead: { until: string; versions: Map<NodeKey, string> } | undefined;

  constructor(namespace: string | undefined, backOff: BackOff) {
    this.namespace = namespace;
    this.backOff = backOff;
  }

  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  /** A list begins: what was known is of no use any more. */
  reset(): void {
    this.#ahead = undefined;
    this.#opened?.watch.close();
    this.#opened = undefined;
  }

  /** The list is through. */
  startAt(
    resourceVersion: string,
    opened?: { watch: OpenWatch; rest: WatchEvent[] },
  ): void {
    this.#resourceVersion = resourceVersion;
    this.#opened = opened;
    this.isDoubtful = false;
    this.isForbidden = false;
  }

  takeOpened(): { watch: OpenWatch; rest: WatchEvent[] } | undefined {
    const opened = this.#opened;
    this.#opened = undefined;
    return opened?.watch.isClosed ? undefined : opened;
  }

  noteAhead(until: string, observed: readonly Observed[]): void {
    this.#ahead ??= { until, versions: new Map() };
    this.#ahead.until = until;
    for (const { key, resourceVersion } of observed) {
      if (resourceVersion !== undefined) {
        this.#ahead.versions.set(key, resourceVersion);
      }
    }
  }

  /** What the events say; `advance` when that is taken. */
  read(events: readonly WatchEvent[], observer: KindObserver): Step {
    let position = this.#resourceVersion;
    const changes: Change[] = [];
    for (const event of events) {
      const version =
        event.type === 'BOOKMARK'
          ? event.resourceVersion
          : event.object.metadata.resourceVersion;
      const isRepetition = isNotNewer(version, position);
      if (event.type === 'DELETED') {
        changes.push(observer.remove(event.object));
      } else if (event.type !== 'BOOKMARK' && !isRepetition) {
        for (const observed of observer.observe(event.object)) {
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
    return { changes, resourceVersion: position };
  }

  advance(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
    if (this.#ahead && isNotNewer(this.#ahead.until, resourceVersion)) {
      this.#ahead = undefined;
    }
  }
}
