/**
 * Lets work begin one at a time for each controller and only so many at once over all, so that a restart never takes
 * more than one pod of an application away.
 */
export class Pace {
  readonly #atOnce: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #lastOf = new Map<string, Promise<unknown>>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  async run<T>(controller: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lastOf.get(controller);
    const mine = (async () => {
      await before?.catch(() => undefined);
      await this.#enter();
      try {
        return await work();
      } finally {
        this.#leave();
      }
    })();
    this.#lastOf.set(controller, mine);
    try {
      return await mine;
    } finally {
      if (this.#lastOf.get(controller) === mine) {
        this.#lastOf.delete(controller);
      }
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running++;
      return;
    }
    // Whoever leaves hands their place over.
    await new Promise<void>(resolve => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) {
      next();
    } else {
      this.#running--;
    }
  }
}
