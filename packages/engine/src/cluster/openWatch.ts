import { ApiClient } from './apiClient';
import { Clock } from './clock';
import { ListedKind, WatchEvent, watchKind } from './listWatch';
import { ReaderTuning } from './readerTuning';

/** A watch whose end is in our hands, also when its connection is dead. */
export class OpenWatch {
  readonly #controller = new AbortController();
  readonly #events: AsyncGenerator<WatchEvent[], void>;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;

  /** Without a resource version it begins with what is there (`watchKind`). */
  constructor(options: {
    client: ApiClient;
    kind: ListedKind;
    namespace: string | undefined;
    resourceVersion: string | undefined;
    clock: Clock;
    tuning: ReaderTuning;
  }) {
    const { client, kind, namespace, resourceVersion, clock, tuning } = options;
    const { least, most } = tuning.watchSeconds;
    const timeoutSeconds = Math.round(least + clock.random() * (most - least));
    const { signal } = this.#controller;
    this.openedAt = clock.now();
    // The server ends the stream after `timeoutSeconds`; when it does not, the connection is dead.
    const overdue = timeoutSeconds * 1000 + tuning.silenceSlack;
    clock.sleep(overdue, signal).then(() => this.close());
    this.#events = watchKind(client, kind, {
      namespace,
      resourceVersion,
      timeoutSeconds,
      signal,
    });
  }

  next(): Promise<IteratorResult<WatchEvent[], void>> {
    return this.#events.next();
  }

  get isClosed(): boolean {
    return this.#controller.signal.aborted;
  }

  close(): void {
    this.#controller.abort();
  }

  onClose(listener: () => void): void {
    this.#controller.signal.addEventListener('abort', listener, { once: true });
  }

  /** Closes when the signal is aborted, unless it is closed before. */
  closeWith(signal: AbortSignal): void {
    const close = () => this.close();
    signal.addEventListener('abort', close, { once: true });
    this.onClose(() => signal.removeEventListener('abort', close));
    if (signal.aborted) {
      close();
    }
  }
}
