import { setMaxListeners } from 'node:events';
import { KindDefinition } from '../kinds/kindDefinition';
import { ApiClient } from './apiClient';
import { ApiError } from './apiError';
import { BackOff } from './backOff';
import { findAbsentKinds } from './discovery';
import { ListPermits } from './listPermits';
import { ClusterHealth, Reader, ReaderOptions } from './reader';
import { inReadingOrder } from './readingOrder';
import { Reflector } from './reflector';

/** Reads a cluster in this thread: a reflector per kind, and a probe that notices when the API server is gone. */
export class ClusterWatcher implements Reader {
  readonly #options: ReaderOptions;
  readonly #kinds: KindDefinition[];
  #health: ClusterHealth['state'] | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#kinds = inReadingOrder(options.kinds.filter(kind => kind.plural));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { source, tuning } = this.#options;
    const headers = () => source.headers();
    const client = new ApiClient(
      source.connection,
      headers,
      tuning.patience && {
        headTimeout: tuning.patience.head,
        idleTimeout: tuning.patience.idle,
      },
      tuning.encoding,
    );
    const probe = new ApiClient(source.connection, headers, {
      headTimeout: tuning.probe.timeout,
      idleTimeout: tuning.probe.timeout,
    });
    // One part that fails ends the others.
    const own = new AbortController();
    // Every reflector listens, and every request of theirs.
    setMaxListeners(0, own.signal);
    const abort = () => own.abort();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) {
      abort();
    }
    try {
      const absent = await this.#discover(client, own.signal);
      if (own.signal.aborted) {
        return;
      }
      const reflectors = this.#reflectors(client);
      await Promise.all(
        [
          ...reflectors.map(({ kind, reflector }) =>
            runReflector(reflector, absent.has(kind), own.signal),
          ),
          this.#probe(
            probe,
            reflectors.map(({ reflector }) => reflector),
            own.signal,
          ),
        ].map(part =>
          part.catch(error => {
            own.abort();
            throw error;
          }),
        ),
      );
    } finally {
      signal.removeEventListener('abort', abort);
      own.abort();
      client.close();
      probe.close();
    }
  }

  #reflectors(
    client: ApiClient,
  ): { kind: KindDefinition; reflector: Reflector }[] {
    const { source, sink, clock, logger, tuning } = this.#options;
    const permits = new ListPermits(tuning.listsAtOnce);
    return this.#kinds.map(kind => ({
      kind,
      reflector: new Reflector({
        cluster: source.name,
        kind,
        client,
        sink,
        permits,
        clock,
        logger,
        tuning,
      }),
    }));
  }

  /** Tries until the server answers. */
  async #discover(
    client: ApiClient,
    signal: AbortSignal,
  ): Promise<Set<KindDefinition>> {
    const { clock, tuning } = this.#options;
    const backOff = new BackOff(clock, tuning.backOff);
    while (!signal.aborted) {
      try {
        const absent = await findAbsentKinds(client, this.#kinds, signal);
        this.#report({ state: 'answering' });
        return absent;
      } catch (error) {
        if (signal.aborted) {
          break;
        }
        if (!(error instanceof ApiError)) {
          throw error;
        }
        this.#report({ state: 'failing', message: error.message });
        backOff.failed();
        await backOff.wait(signal, error.details.retryAfter);
      }
    }
    return new Set();
  }

  /**
   * A probe that gets no connection: the watches' connections may be as dead, though they stay open and silent. Two in a
   * row: the server is away; when it is back, nobody waits for the end of a long back-off.
   */
  async #probe(
    client: ApiClient,
    reflectors: readonly Reflector[],
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, tuning } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      await clock.sleep(
        failures === 0 ? tuning.probe.every : tuning.probe.everyWhileAway,
        signal,
      );
      const failure = await this.#failureOfProbe(client, signal);
      if (signal.aborted) {
        return;
      }
      if (!failure) {
        if (failures > 0) {
          reflectors.forEach(reflector => reflector.resume());
        }
        failures = 0;
        this.#report({ state: 'answering' });
        continue;
      }
      failures++;
      const isConnectionLost = failure.details.status === undefined;
      if (failures === 1 && isConnectionLost) {
        reflectors.forEach(reflector => reflector.reconnect());
      }
      if (failures === 2) {
        this.#report({ state: 'failing', message: failure.message });
      }
    }
  }

  async #failureOfProbe(
    client: ApiClient,
    signal: AbortSignal,
  ): Promise<ApiError | undefined> {
    try {
      await client.get({
        what: 'reach the API server',
        path: '/version',
        signal,
      });
    } catch (error) {
      if (!(error instanceof ApiError)) {
        if (!signal.aborted) {
          throw error;
        }
      } else if (!isAlive(error)) {
        return error;
      }
    }
    return undefined;
  }

  #report(health: ClusterHealth): void {
    if (this.#health !== health.state) {
      this.#health = health.state;
      this.#options.onHealth(health);
    }
  }
}

async function runReflector(
  reflector: Reflector,
  isAbsent: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (isAbsent) {
    await reflector.waitAsAbsent(signal);
  }
  await reflector.run(signal);
}

/** A server that forbids or does not know the path is up; so is one that is busy. */
function isAlive(error: ApiError): boolean {
  return ['forbidden', 'absent', 'throttled'].includes(error.reason);
}
