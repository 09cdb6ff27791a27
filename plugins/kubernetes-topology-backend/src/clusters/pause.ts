import { setTimeout as delay } from 'node:timers/promises';

/** Waits between two looks; the wait can be cut short, also before it has begun. */
export class Pause {
  #isCut = false;
  #cut = new AbortController();

  cut(): void {
    this.#isCut = true;
    this.#cut.abort();
  }

  /** So many milliseconds, or until it is cut short or the signal is aborted. Never rejects. */
  async take(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#isCut) {
      this.#cut = new AbortController();
      await sleep(milliseconds, AbortSignal.any([signal, this.#cut.signal]));
    }
    this.#isCut = false;
  }
}

/** Ends early, without an error, when the signal is aborted. */
export async function sleep(
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
