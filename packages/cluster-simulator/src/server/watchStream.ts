import { ServerResponse } from 'http';
import { Socket } from 'net';
import { Clock } from '../clock';
import { ResourceType } from '../resources/resourceType';
import { Storage } from '../storage/storage';
import { StoredObject } from '../storage/storedObject';
import { Change } from '../storage/table';
import { ObjectFilter } from './objectFilter';
import { documentOf, opening, Representation } from './representation';
import { StatusError } from './statusError';

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface WatchRequest {
  type: ResourceType;
  filter: ObjectFilter;
  representation: Representation;
  /** Undefined or 0: begin with an ADDED for each object that there is. */
  resourceVersion: number | undefined;
  allowBookmarks: boolean;
  /** WatchList: a bookmark marks the end of the objects that there were. */
  markInitialEventsEnd: boolean;
  timeoutMilliseconds: number;
  /** Told in an ERROR event instead of anything else. */
  failure?: StatusError;
  /** Tells again what came before `resourceVersion`. */
  replay?: Replay;
}

/** The last so many changes up to a watch's start: before what is new, or each after something that is newer. */
export interface Replay {
  changes: number;
  order: 'before' | 'between';
}

export interface BookmarkPolicy {
  intervalMilliseconds: number;
  /** Bookmarks on kinds where nothing happens, as with etcd's progress notifications. */
  onQuietKinds: boolean;
}

/** The real server sends a last bookmark two seconds before it ends a watch. */
const LAST_BOOKMARK_MILLISECONDS = 2000;
const FRAME_END = Buffer.from('}\n');

/**
 * One open watch. It pulls from the kind's history as fast as the client reads, so a slow client costs no memory;
 * one that falls behind the history is cut off, as the real server does.
 */
export class WatchStream {
  readonly resource: string;
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #request: WatchRequest;
  readonly #response: ServerResponse;
  readonly #bookmarks: BookmarkPolicy;
  #initial: readonly StoredObject[] = [];
  #position: number;
  /** Changes that the client has been told before. */
  #replayed: Change[] = [];
  #silent = false;
  #ended = false;
  #initialEnded = false;
  #cancels: (() => void)[] = [];

  static open(
    storage: Storage,
    clock: Clock,
    request: WatchRequest,
    response: ServerResponse,
    bookmarks: BookmarkPolicy,
  ): WatchStream {
    const stream = new WatchStream(
      storage,
      clock,
      request,
      response,
      bookmarks,
    );
    stream.#begin();
    return stream;
  }

  private constructor(
    storage: Storage,
    clock: Clock,
    request: WatchRequest,
    response: ServerResponse,
    bookmarks: BookmarkPolicy,
  ) {
    this.resource = request.type.resource;
    this.#storage = storage;
    this.#clock = clock;
    this.#request = request;
    this.#response = response;
    this.#bookmarks = bookmarks;
    this.#position = request.resourceVersion || storage.revision;
  }

  /** The connection that it runs on. */
  get socket(): Socket | null {
    return this.#response.socket;
  }

  /** Ends when it watches a kind that is served no more. */
  endOf(type: ResourceType): void {
    const { group, version, resource } = this.#request.type;
    if (
      group === type.group &&
      version === type.version &&
      resource === type.resource
    ) {
      this.end();
    }
  }

  /** Ends as after `timeoutSeconds`. */
  end(): void {
    this.#stop();
    this.#response.end();
  }

  /** Cuts the connection. */
  cut(): void {
    this.#stop();
    this.#response.destroy();
  }

  /** Stays open and says nothing more, as the watches of an API server that stops. */
  silence(): void {
    this.#silent = true;
    this.#cancelTimers();
  }

  /** Ends within an event. */
  tear(end: 'clean' | 'reset'): void {
    if (this.#ended) {
      return;
    }
    const { type, representation } = this.#request;
    this.#stop();
    const half = Buffer.concat([
      Buffer.from('{"type":"MODIFIED","object":'),
      opening(type, representation),
    ]);
    if (end === 'clean') {
      this.#response.end(half);
    } else {
      this.#response.write(half, () => this.#response.destroy());
    }
  }

  /** Sends an ERROR event and ends. */
  fail(error: StatusError): void {
    if (!this.#ended) {
      this.#write(
        Buffer.from(JSON.stringify({ type: 'ERROR', object: error.status })),
      );
      this.end();
    }
  }

  #begin(): void {
    const { type, resourceVersion, timeoutMilliseconds, failure } =
      this.#request;
    const table = this.#storage.table(type);
    this.#response.writeHead(200, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache, private',
    });
    this.#response.flushHeaders();
    if (failure) {
      this.fail(failure);
      return;
    }
    if (resourceVersion && resourceVersion < table.floor) {
      this.fail(
        StatusError.expired(
          `too old resource version: ${resourceVersion} (${table.floor})`,
        ),
      );
      return;
    }
    if (!resourceVersion) {
      this.#initial = table.at(this.#position);
    }
    this.#replayed = this.#toReplay();
    const wake = () => this.#pump();
    this.#response.on('drain', wake);
    this.#cancels = [
      this.#storage.listen(type, wake),
      this.#clock.after(timeoutMilliseconds, () => this.end()),
    ];
    this.#scheduleBookmarks();
    this.#response.on('close', () => this.#stop());
    this.#pump();
  }

  #pump(): void {
    const { filter } = this.#request;
    while (!this.#blocked() && this.#initial.length > 0) {
      const [batch, rest] = [
        this.#initial.slice(0, 100),
        this.#initial.slice(100),
      ];
      this.#initial = rest;
      batch
        .filter(object => filter.matches(object))
        .forEach(object => this.#send('ADDED', object));
    }
    if (this.#blocked() || this.#initial.length > 0) {
      return;
    }
    this.#endInitialEvents();
    const table = this.#storage.table(this.#request.type);
    if (this.#position < table.floor) {
      this.end();
      return;
    }
    if (this.#request.replay?.order === 'before') {
      this.#replayed.splice(0).forEach(change => this.#sendChange(change));
    }
    for (const change of table.changesSince(this.#position)) {
      if (this.#blocked()) {
        return;
      }
      this.#position = change.revision;
      this.#sendChange(change);
      this.#replayed.splice(0, 1).forEach(again => this.#sendChange(again));
    }
  }

  #toReplay(): Change[] {
    const { type, replay } = this.#request;
    if (!replay) {
      return [];
    }
    const table = this.#storage.table(type);
    return table
      .changesSince(table.floor)
      .filter(({ revision }) => revision <= this.#position)
      .slice(-replay.changes);
  }

  #blocked(): boolean {
    return this.#ended || this.#silent || this.#response.writableNeedDrain;
  }

  /** With a selector, an object that begins or ceases to match is ADDED or DELETED. */
  #sendChange({ before, after, deleted }: Change): void {
    const { filter } = this.#request;
    const was = before !== undefined && filter.matches(before);
    const is = !deleted && filter.matches(after);
    if (is) {
      this.#send(was ? 'MODIFIED' : 'ADDED', after);
    } else if (was) {
      this.#send('DELETED', after);
    }
  }

  #send(event: EventType, object: StoredObject): void {
    const { type, representation } = this.#request;
    this.#write(
      Buffer.concat([
        Buffer.from(`{"type":"${event}","object":`),
        documentOf(object, type, representation),
      ]),
      FRAME_END,
    );
  }

  #endInitialEvents(): void {
    if (!this.#initialEnded) {
      this.#initialEnded = true;
      if (this.#request.markInitialEventsEnd) {
        this.#sendBookmark(this.#position, {
          'k8s.io/initial-events-end': 'true',
        });
      }
    }
  }

  #scheduleBookmarks(): void {
    if (!this.#request.allowBookmarks) {
      return;
    }
    const { intervalMilliseconds } = this.#bookmarks;
    const again = () => {
      this.#cancels[2] = this.#clock.after(intervalMilliseconds, () => {
        this.#bookmark();
        again();
      });
    };
    again();
    const last = this.#request.timeoutMilliseconds - LAST_BOOKMARK_MILLISECONDS;
    if (last > 0) {
      this.#cancels[3] = this.#clock.after(last, () => this.#bookmark());
    }
  }

  #bookmark(): void {
    // A watch from the future, of a server that was set back, is silent (`apiserver.md`).
    const isAhead = this.#position > this.#storage.revision;
    if (this.#blocked() || this.#initial.length > 0 || isAhead) {
      return;
    }
    const { lastChange } = this.#storage.table(this.#request.type);
    if (this.#bookmarks.onQuietKinds) {
      this.#sendBookmark(Math.max(this.#storage.revision, this.#position));
    } else if (lastChange !== undefined) {
      this.#sendBookmark(Math.max(lastChange, this.#position));
    }
  }

  #sendBookmark(revision: number, annotations?: Record<string, string>): void {
    const { type, representation } = this.#request;
    const metadata = {
      resourceVersion: String(revision),
      creationTimestamp: null,
      annotations,
    };
    this.#write(
      Buffer.concat([
        Buffer.from('{"type":"BOOKMARK","object":'),
        opening(type, representation),
        Buffer.from(`"metadata":${JSON.stringify(metadata)}}`),
      ]),
      FRAME_END,
    );
  }

  #write(text: Buffer, end: Buffer = Buffer.from('\n')): void {
    this.#response.write(Buffer.concat([text, end]));
  }

  #stop(): void {
    this.#ended = true;
    this.#cancelTimers();
  }

  #cancelTimers(): void {
    this.#cancels.forEach(cancel => cancel());
    this.#cancels = [];
  }
}
