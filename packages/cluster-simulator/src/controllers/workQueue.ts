import { Clock } from '../clock';
import { StatusError } from '../server/statusError';

const KEYS_A_TURN = 50;
const REFUSED_RETRY_MILLISECONDS = 1000;

/** Runs a function for each key that was added, once however often it was added before its turn. */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #work: (key: string) => number | void;
  readonly #waiting = new Set<string>();
  readonly #later = new Map<string, () => void>();
  #cancelTurn: (() => void) | undefined;
  #stopped = false;

  /** @param work answers after how many milliseconds to come back to the key, if at all */
  constructor(clock: Clock, work: (key: string) => number | void) {
    this.#clock = clock;
    this.#work = work;
  }

  add(key: string): void {
    if (!this.#stopped) {
      this.#waiting.add(key);
      this.#cancelTurn ??= this.#clock.after(0, () => this.#turn());
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTurn?.();
    this.#later.forEach(cancel => cancel());
    this.#waiting.clear();
  }

  /** What the API server refuses is tried again, as real controllers do; any other error is a bug and shows. */
  #run(key: string): number | void {
    try {
      return this.#work(key);
    } catch (error) {
      if (error instanceof StatusError) {
        return REFUSED_RETRY_MILLISECONDS;
      }
      throw error;
    }
  }

  /** A bounded number of keys, so that requests are answered in between. */
  #turn(): void {
    this.#cancelTurn = undefined;
    const keys = [...this.#waiting].slice(0, KEYS_A_TURN);
    for (const key of keys) {
      this.#waiting.delete(key);
      this.#later.get(key)?.();
      this.#later.delete(key);
      const again = this.#run(key);
      if (again !== undefined && !this.#stopped) {
        this.#later.set(
          key,
          this.#clock.after(again, () => this.add(key)),
        );
      }
    }
    if (this.#waiting.size > 0 && !this.#stopped) {
      this.#cancelTurn ??= this.#clock.after(0, () => this.#turn());
    }
  }
}
