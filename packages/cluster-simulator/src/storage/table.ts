import { StoredObject } from './storedObject';

/** One write to one object. Absent `before`: created. `deleted`: gone, and `after` is its last state. */
export interface Change {
  readonly revision: number;
  readonly before?: StoredObject;
  readonly after: StoredObject;
  readonly deleted: boolean;
}

const SNAPSHOTS_HELD = 8;

/** The objects of one kind with the history of their changes, from which any state within it can be told again. */
export class Table {
  readonly #objects = new Map<string, StoredObject>();
  readonly #historySize: number;
  readonly #snapshots = new Map<number, readonly StoredObject[]>();
  #history: Change[] = [];
  #floor: number;
  #lastChange: number | undefined;

  constructor(historySize: number, floor: number) {
    this.#historySize = historySize;
    this.#floor = floor;
  }

  get size(): number {
    return this.#objects.size;
  }

  /** The oldest revision that is still known: changes after it are all in the history. */
  get floor(): number {
    return this.#floor;
  }

  /** The revision of the last change in the history; undefined when nothing changed since the floor. */
  get lastChange(): number | undefined {
    return this.#lastChange;
  }

  get(namespace: string, name: string): StoredObject | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  objects(): IterableIterator<StoredObject> {
    return this.#objects.values();
  }

  record(change: Change): void {
    if (change.deleted) {
      this.#objects.delete(change.after.key);
    } else {
      this.#objects.set(change.after.key, change.after);
    }
    this.#lastChange = change.revision;
    this.#history.push(change);
    // Cut in large steps: shifting by one at each write would copy the array each time.
    if (this.#history.length > this.#historySize * 1.25 + 16) {
      const cut = this.#history.length - this.#historySize;
      this.#floor = this.#history[cut - 1].revision;
      this.#history = this.#history.slice(cut);
    }
  }

  /** Changes after a revision at or above the floor, oldest first. */
  changesSince(revision: number): Change[] {
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#history[middle].revision <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.#history.slice(low);
  }

  /** All objects as they were at a revision at or above the floor, in key order. */
  at(revision: number): readonly StoredObject[] {
    const undone = this.changesSince(revision);
    // A state is named by the change that made it: revisions until this kind's next change are the same state.
    const made = this.#history[this.#history.length - undone.length - 1];
    const state = made?.revision ?? this.#floor;
    const held = this.#snapshots.get(state);
    if (held) {
      return held;
    }
    const objects = new Map(this.#objects);
    for (const change of undone.reverse()) {
      if (change.before) {
        objects.set(change.before.key, change.before);
      } else {
        objects.delete(change.after.key);
      }
    }
    const snapshot = [...objects]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
    this.#snapshots.set(state, snapshot);
    if (this.#snapshots.size > SNAPSHOTS_HELD) {
      this.#snapshots.delete(this.#snapshots.keys().next().value!);
    }
    return snapshot;
  }

  /** Takes these objects for what there is, at that revision, without a history. */
  restore(objects: Iterable<StoredObject>, revision: number): void {
    this.#objects.clear();
    for (const object of objects) {
      this.#objects.set(object.key, object);
    }
    this.#history = [];
    this.#lastChange = undefined;
    this.#floor = revision;
    this.#snapshots.clear();
  }

  /** Forgets the history up to a revision, as an API server does that starts anew. */
  forget(revision: number): void {
    this.#history = this.changesSince(revision);
    this.#floor = Math.max(this.#floor, revision);
    if (this.#history.length === 0) {
      this.#lastChange = undefined;
    }
    this.#snapshots.clear();
  }
}
