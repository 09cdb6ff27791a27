import { Clock } from './clock';
import { ReaderTuning } from './readerTuning';

/** When to ask again what is served: now and then, and soon after a definition of a kind changed. */
export class DiscoverySchedule {
  readonly #clock: Clock;
  readonly #tuning: ReaderTuning['discovery'];
  #changed = new AbortController();
  /** Milliseconds from one to the next. */
  #soon: number[] = [];

  constructor(clock: Clock, tuning: ReaderTuning['discovery']) {
    this.#clock = clock;
    this.#tuning = tuning;
  }

  /** A definition changed. */
  hasten(): void {
    this.#changed.abort();
  }

  /** Resolves when it is time. What is due soon is not put off by further changes, however many come. */
  async next(signal: AbortSignal): Promise<void> {
    if (this.#soon.length === 0) {
      const { every } = this.#tuning;
      const ends = AbortSignal.any([signal, this.#changed.signal]);
      await this.#clock.sleep(every, ends);
    }
    this.#takeChange();
    const soon = this.#soon.shift();
    if (soon !== undefined) {
      await this.#clock.sleep(soon, signal);
      this.#takeChange();
    }
  }

  #takeChange(): void {
    if (this.#changed.signal.aborted) {
      this.#changed = new AbortController();
      this.#soon = [...this.#tuning.afterChange];
    }
  }
}
