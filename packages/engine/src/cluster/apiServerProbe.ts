import { ApiClient } from './apiClient';
import { ApiError } from './apiError';
import { Clock } from './clock';
import { ClusterConnection } from './connection';
import { ReaderTuning } from './readerTuning';

export interface ProbeFindings {
  /** It did not answer once: the watches' connections may be as dead, though they stay open and silent. */
  doubted(): void;
  /** It did not answer twice in a row. */
  away(message: string): void;
  /** It answers again. */
  back(): void;
  alive(): void;
}

/** Asks an API server now and then whether it lives: one that stops keeps watches open and silent (`apiserver.md`). */
export class ApiServerProbe {
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #tuning: ReaderTuning['probe'];

  constructor(options: {
    source: { connection: ClusterConnection };
    headers: () => Promise<Record<string, string>>;
    clock: Clock;
    tuning: ReaderTuning;
  }) {
    const { source, headers, clock, tuning } = options;
    const { probe } = tuning;
    this.#clock = clock;
    this.#tuning = probe;
    // Its own connections, and less patience.
    this.#client = new ApiClient(source.connection, headers, {
      headTimeout: probe.timeout,
      idleTimeout: probe.timeout,
    });
  }

  async run(findings: ProbeFindings, signal: AbortSignal): Promise<void> {
    const { every, everyWhileAway } = this.#tuning;
    let failures = 0;
    while (!signal.aborted) {
      await this.#clock.sleep(failures === 0 ? every : everyWhileAway, signal);
      const failure = await this.#failure(signal);
      if (signal.aborted) {
        return;
      }
      if (!failure) {
        if (failures > 0) {
          findings.back();
        }
        failures = 0;
        findings.alive();
        continue;
      }
      failures++;
      const isConnectionLost = failure.details.status === undefined;
      if (failures === 1 && isConnectionLost) {
        findings.doubted();
      }
      if (failures === 2) {
        findings.away(failure.message);
      }
    }
  }

  close(): void {
    this.#client.close();
  }

  async #failure(signal: AbortSignal): Promise<ApiError | undefined> {
    try {
      const what = 'reach the API server';
      await this.#client.get({ what, path: '/version', signal });
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
}

/** A server that forbids or does not know the path is up; so is one that is busy. */
function isAlive(error: ApiError): boolean {
  return ['forbidden', 'absent', 'throttled'].includes(error.reason);
}
