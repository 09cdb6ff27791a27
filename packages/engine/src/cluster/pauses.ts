import { BackOff } from './backOff';
import { Clock } from './clock';

/** The waits between tries; all that are under way can be ended at once. */
export class Pauses {
  readonly #clock: Clock;
  readonly #slowRetry: number;
  #resume = new AbortController();

  /** @param slowRetry milliseconds, about */
  constructor(clock: Clock, slowRetry: number) {
    this.#clock = clock;
    this.#slowRetry = slowRetry;
  }

  /** Whoever waits goes on. */
  end(): void {
    this.#resume.abort();
    this.#resume = new AbortController();
  }

  async wait(
    backOff: BackOff,
    atLeast: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    await backOff.wait(this.#orEnded(signal), atLeast);
  }

  /** For what only somebody else can change: rights, or what is served. */
  async waitLong(signal: AbortSignal): Promise<void> {
    const milliseconds = this.#slowRetry * (0.75 + this.#clock.random() / 2);
    await this.#clock.sleep(milliseconds, this.#orEnded(signal));
  }

  #orEnded(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#resume.signal]);
  }
}
