import { KindUpdate } from './kinds/update';

/**
 * Updates between the reader and the writer of a cluster, in order. It holds about `capacity` objects: putting waits
 * while there are more, so that a slow database slows the reading and memory stays bounded.
 */
export class UpdateQueue {
  readonly #capacity: number;
  #updates: KindUpdate[] = [];
  #arrivals: number[] = [];
  #takenArrival: number | undefined;
  #objects = 0;
  #isClosed = false;
  #waitingForRoom: (() => void)[] = [];
  #waitingForWork: (() => void)[] = [];

  /** @param capacity objects, for example two pages of a list */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Objects that wait. */
  get size(): number {
    return this.#objects;
  }

  /** When the update arrived that was taken last. */
  get takenArrival(): number | undefined {
    return this.#takenArrival;
  }

  get isEmpty(): boolean {
    return this.#updates.length === 0;
  }

  /**
   * Takes the update at once; resolves when there is room for more.
   *
   * @param arrival when it arrived, in milliseconds since the epoch
   */
  async put(update: KindUpdate, arrival: number = 0): Promise<void> {
    this.#updates.push(update);
    this.#arrivals.push(arrival);
    this.#objects += objectsIn(update);
    this.wake();
    while (this.#objects > this.#capacity && !this.#isClosed) {
      await new Promise<void>(resolve => this.#waitingForRoom.push(resolve));
    }
  }

  take(): KindUpdate | undefined {
    const update = this.#updates.shift();
    if (update) {
      this.#takenArrival = this.#arrivals.shift();
      this.#objects -= objectsIn(update);
      this.#letIn();
    }
    return update;
  }

  /** Nobody takes any more: nobody waits for room any more. */
  close(): void {
    this.#isClosed = true;
    this.#letIn();
  }

  /** Resolves at the next `put` or `wake`. */
  next(): Promise<void> {
    return new Promise(resolve => this.#waitingForWork.push(resolve));
  }

  wake(): void {
    const waiting = this.#waitingForWork;
    this.#waitingForWork = [];
    waiting.forEach(resolve => resolve());
  }

  #letIn(): void {
    const waiting = this.#waitingForRoom;
    this.#waitingForRoom = [];
    waiting.forEach(resolve => resolve());
  }
}

function objectsIn(update: KindUpdate): number {
  switch (update.type) {
    case 'page':
      return update.observed.length;
    case 'changed':
      return update.changes.length;
    default:
      return 1;
  }
}
