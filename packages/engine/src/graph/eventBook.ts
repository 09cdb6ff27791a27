import { NodeKey } from '../kinds/identity';
import { EventObservation } from '../kinds/observation';
import { EventRow } from './delta';
import { fingerprint } from './fingerprint';

/** The newest Event of one reason and source about one object. */
export interface BookedEvent extends EventRow {
  /** Key of the Event object; `undefined` after a restart until it is listed again. */
  eventKey: NodeKey | undefined;
  aboutUid: string | undefined;
  /** The list of Events in which it was last seen. */
  generation: number;
  /** The Event object is gone: it stays as long as it explains what the object's status still says. */
  withdrawn: boolean;
  /** Left the book; in `changed` until the delta is built. */
  dropped: boolean;
  /** Fingerprint of what the database has; 0 when it has no row. */
  published: number;
}

export interface EventBounds {
  /** Rows for one object. */
  perObject: number;
  /** Rows in all. */
  total: number;
}

/**
 * Events beside the objects that they are about: the newest per object, reason and source, within bounds. Warnings
 * outlast normal events, then the newer outlasts the older.
 */
export class EventBook {
  readonly #bounds: EventBounds;
  readonly #byObject = new Map<NodeKey, BookedEvent[]>();
  readonly #byEvent = new Map<NodeKey, BookedEvent>();
  /** In the order of their last change. */
  readonly #rows = new Set<BookedEvent>();
  /** Rows that may differ from the database. */
  readonly changed = new Set<BookedEvent>();

  constructor(bounds: EventBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#rows.size;
  }

  rows(): Iterable<BookedEvent> {
    return this.#rows;
  }

  /** Newest first, in an order that does not depend on arrival. */
  about(key: NodeKey): readonly BookedEvent[] {
    return this.#byObject.get(key) ?? [];
  }

  restore(row: EventRow): void {
    const booked: BookedEvent = {
      ...row,
      eventKey: undefined,
      aboutUid: undefined,
      generation: 0,
      withdrawn: false,
      dropped: false,
      published: eventPrint(row),
    };
    this.#insert(booked);
  }

  /** Returns the objects whose events changed. */
  record(event: EventObservation, generation: number): Set<NodeKey> {
    const touched = new Set<NodeKey>([event.about]);
    const former = this.#byEvent.get(event.key);
    if (former && !sameSubject(former, event)) {
      touched.add(former.about);
      this.drop(former);
    }
    const row = this.about(event.about).find(each => sameSubject(each, event));
    if (row) {
      // A row from before the list that is coming in may be of an Event that is not there any more.
      if (row.generation >= generation && !replaces(event, row)) {
        return touched;
      }
      this.#remove(row);
    }
    const booked: BookedEvent = {
      about: event.about,
      reason: event.reason,
      source: event.source,
      eventType: event.eventType,
      message: event.message,
      count: event.count,
      firstAt: event.firstAt,
      lastAt: event.lastAt,
      eventKey: event.key,
      aboutUid: event.aboutUid,
      generation,
      withdrawn: false,
      dropped: false,
      published: row?.published ?? 0,
    };
    if (row) {
      this.changed.delete(row);
    }
    this.#insert(booked);
    for (const dropped of this.#overflow(event.about)) {
      touched.add(dropped.about);
      this.drop(dropped);
    }
    return touched;
  }

  withEvent(eventKey: NodeKey): BookedEvent | undefined {
    return this.#byEvent.get(eventKey);
  }

  drop(row: BookedEvent): void {
    this.#remove(row);
    row.dropped = true;
    this.changed.add(row);
  }

  /** Rows whose Event was not on the list that has just ended. */
  unseenSince(generation: number): BookedEvent[] {
    return [...this.#rows].filter(row => row.generation < generation);
  }

  #insert(row: BookedEvent): void {
    this.#rows.add(row);
    this.changed.add(row);
    const rows = this.#byObject.get(row.about) ?? [];
    rows.push(row);
    rows.sort(newestFirst);
    this.#byObject.set(row.about, rows);
    if (row.eventKey !== undefined) {
      this.#byEvent.set(row.eventKey, row);
    }
  }

  #remove(row: BookedEvent): void {
    this.#rows.delete(row);
    const rows = (this.#byObject.get(row.about) ?? []).filter(
      each => each !== row,
    );
    if (rows.length > 0) {
      this.#byObject.set(row.about, rows);
    } else {
      this.#byObject.delete(row.about);
    }
    if (row.eventKey !== undefined && this.#byEvent.get(row.eventKey) === row) {
      this.#byEvent.delete(row.eventKey);
    }
  }

  *#overflow(about: NodeKey): Iterable<BookedEvent> {
    const rows = this.about(about);
    if (rows.length > this.#bounds.perObject) {
      const normal = rows.filter(row => row.eventType === 'Normal');
      yield (normal.length > 0 ? normal : rows).at(-1)!;
    }
    if (this.#rows.size > this.#bounds.total) {
      const [oldest] = this.#rows;
      yield oldest;
    }
  }
}

function sameSubject(
  row: Pick<EventRow, 'about' | 'reason' | 'source'>,
  event: Pick<EventRow, 'about' | 'reason' | 'source'>,
): boolean {
  return (
    row.about === event.about &&
    row.reason === event.reason &&
    row.source === event.source
  );
}

function replaces(event: EventObservation, row: BookedEvent): boolean {
  if (
    row.withdrawn ||
    row.eventKey === undefined ||
    row.eventKey === event.key
  ) {
    return true;
  }
  return event.lastAt === row.lastAt
    ? event.key > row.eventKey
    : event.lastAt > row.lastAt;
}

function newestFirst(one: BookedEvent, other: BookedEvent): number {
  return (
    other.lastAt - one.lastAt ||
    compare(one.reason, other.reason) ||
    compare(one.source, other.source)
  );
}

function compare(one: string, other: string): number {
  if (one === other) {
    return 0;
  }
  return one < other ? -1 : 1;
}

/** Never 0, which stands for "not in the database". */
export function eventPrint(row: EventRow): number {
  const { eventType, message, count, firstAt, lastAt } = row;
  return (
    fingerprint(JSON.stringify([eventType, message, count, firstAt, lastAt])) +
    1
  );
}
