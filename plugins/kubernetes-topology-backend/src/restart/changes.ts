/** Wakes those who wait for the topology to change. */
export class Changes {
  readonly #waiting = new Set<() => void>();

  /** Something changed. */
  notify(): void {
    for (const wake of [...this.#waiting]) {
      wake();
    }
  }

  /**
   * Resolves at the next change, at the latest after so many milliseconds: another replica may write what this one
   * waits for, and its hints need not come through.
   */
  async next(atMost: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      return;
    }
    const waiting = this.#waiting;
    await new Promise<void>(resolve => {
      const timer = setTimeout(wake, atMost);
      function wake() {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        waiting.delete(wake);
        resolve();
      }
      signal.addEventListener('abort', wake, { once: true });
      waiting.add(wake);
    });
  }
}
