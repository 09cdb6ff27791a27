import { Clock } from '../clock';

interface Timer {
  at: number;
  order: number;
  action: () => void;
}

/** A clock that stands still until it is told to go on; then it runs all that is due, in order. */
export class FakeClock implements Clock {
  #now: number;
  #timers: Timer[] = [];
  #order = 0;

  constructor(now: number = Date.parse('2026-03-01T12:00:00Z')) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = {
      at: this.#now + milliseconds,
      order: this.#order++,
      action,
    };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer);
    };
  }

  /** @param limit timers run, so that controllers that never rest fail instead of hanging */
  advance(milliseconds: number, limit: number = 200_000): void {
    const end = this.#now + milliseconds;
    for (let ran = 0; ; ran++) {
      const next = this.#timers
        .filter(({ at }) => at <= end)
        .reduce<Timer | undefined>(
          (first, timer) =>
            first === undefined ||
            timer.at < first.at ||
            (timer.at === first.at && timer.order < first.order)
              ? timer
              : first,
          undefined,
        );
      if (!next) {
        this.#now = end;
        return;
      }
      if (ran >= limit) {
        throw new Error(`more than ${limit} timers within ${milliseconds} ms`);
      }
      this.#timers = this.#timers.filter(other => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
  }
}
