import { LiveMessage } from './liveMessage';

/** Messages that wait for a slow reader; then they are dropped, and the whole answer is told anew. */
const MOST_WAITING = 64;
/** Elements in them: some messages are large. */
const MOST_ELEMENTS = 5_000;

/** The queue between a live query and one that listens to it, whoever of them is slower. */
export class Subscriber {
  #waiting: LiveMessage[] = [];
  #elements = 0;
  #isLagging = false;
  #isEnded = false;
  #wake: (() => void) | undefined;

  /** Whether it has missed something, and needs the whole answer. */
  get isLagging(): boolean {
    return this.#isLagging;
  }

  push(message: LiveMessage): void {
    if (this.#isEnded || this.#isLagging) {
      return;
    }
    this.#elements += sizeOf(message);
    this.#waiting.push(message);
    if (
      this.#waiting.length > MOST_WAITING ||
      // A first answer may be larger than that, and goes out all the same.
      (this.#elements > MOST_ELEMENTS && this.#waiting.length > 1)
    ) {
      this.#waiting = [];
      this.#elements = 0;
      this.#isLagging = true;
    }
    this.#wake?.();
  }

  /** Whoever brings it up to date begins with the whole answer. */
  caughtUp(): void {
    this.#isLagging = false;
  }

  /** After what waits, there is nothing more. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** The next message; `lagging` when it has missed some; `undefined` at the end. */
  async next(
    signal: AbortSignal,
  ): Promise<LiveMessage | 'lagging' | undefined> {
    for (;;) {
      if (signal.aborted) {
        return undefined;
      }
      const message = this.#waiting.shift();
      if (message) {
        this.#elements -= sizeOf(message);
        return message;
      }
      if (this.#isLagging) {
        return 'lagging';
      }
      if (this.#isEnded) {
        return undefined;
      }
      await this.#change(signal);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        this.#wake = undefined;
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
      this.#wake = wake;
    });
  }
}

function sizeOf(message: LiveMessage): number {
  switch (message.type) {
    case 'changes':
      return (
        message.added.length + message.changed.length + message.removed.length
      );
    case 'answer':
      return Array.isArray(message.value) ? message.value.length : 1;
    default:
      return 1;
  }
}
