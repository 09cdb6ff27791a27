import type { Response } from 'express';
import { once } from 'node:events';

/** So that proxies keep a quiet connection. */
const ALIVE_EVERY = 15_000;

/** A response of server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export class EventStream {
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly #response: Response;
  readonly #alive: NodeJS.Timeout;

  constructor(response: Response) {
    const gone = new AbortController();
    this.signal = gone.signal;
    this.#response = response;
    response.status(200).set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      // nginx would collect events before it hands them on.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    this.#alive = setInterval(() => response.write(':\n\n'), ALIVE_EVERY);
    const close = () => {
      clearInterval(this.#alive);
      gone.abort();
    };
    response.on('close', close);
    // The client may have gone while its answer was sought.
    if (response.destroyed) {
      close();
    }
  }

  /** Waits for a slow client, so that whoever sends need not queue. */
  async send(event: string, data: unknown, id?: number): Promise<void> {
    const lines = [
      ...(id === undefined ? [] : [`id: ${id}`]),
      `event: ${event}`,
      // JSON has no line ends.
      `data: ${JSON.stringify(data)}`,
    ];
    const isTaken = this.#response.write(`${lines.join('\n')}\n\n`);
    if (!isTaken && !this.signal.aborted) {
      await once(this.#response, 'drain', { signal: this.signal }).catch(
        () => undefined,
      );
    }
  }

  end(): void {
    clearInterval(this.#alive);
    this.#response.end();
  }
}
