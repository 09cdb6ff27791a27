import { Clock } from './clock';

export interface BackOffLimits {
  /** Milliseconds; the first wait is between 0 and this. */
  base: number;
  /** Milliseconds that no wait exceeds, unless the server asks for more. */
  max: number;
}

/** Exponential back-off with full jitter, so that reflectors that lost their server together do not return together. */
export class BackOff {
  #failures = 0;
  #since: number | undefined;

  constructor(readonly clock: Clock, readonly limits: BackOffLimits) {}

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds that the failures have lasted. */
  get lasting(): number {
    return this.#since === undefined ? 0 : this.clock.now() - this.#since;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#since = undefined;
  }

  /** The server answers, which ends the outage; waits stay long until something useful came. */
  answered(): void {
    this.#since = undefined;
  }

  failed(): void {
    this.#failures++;
    this.#since ??= this.clock.now();
  }

  /** `atLeast`: milliseconds that the server asked for. */
  async wait(signal: AbortSignal, atLeast: number = 0): Promise<void> {
    const exponent = Math.min(Math.max(this.#failures - 1, 0), 16);
    const ceiling = Math.min(this.limits.max, this.limits.base * 2 ** exponent);
    const jitter = this.clock.random() * ceiling;
    await this.clock.sleep(Math.max(jitter, atLeast), signal);
  }
}
