import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { SignalsService } from '@backstage/plugin-signals-node';
import {
  TOPOLOGY_SIGNAL_CHANNEL,
  TopologySignal,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';

/** At most two hints a second: each makes every open tab ask again. */
const INTERVAL_MS = 500;

/**
 * Tells open tabs that something changed. Any signed-in user can hear a channel, so a hint says nothing but the
 * revision; what changed is asked for over REST, where permissions hold.
 */
export class RevisionHints {
  readonly #signals: SignalsService;
  readonly #logger: LoggerService;
  #latest: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(signals: SignalsService, logger: LoggerService) {
    this.#signals = signals;
    this.#logger = logger;
  }

  /** The first hint after a calm goes out at once, later ones with the interval's end; the last is never lost. */
  publish(revision: number): void {
    if (this.#stopped) {
      return;
    }
    this.#latest = revision;
    if (this.#timer === undefined) {
      this.#send();
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #send(): void {
    const revision = this.#latest;
    if (revision === undefined) {
      this.#timer = undefined;
      return;
    }
    this.#latest = undefined;
    this.#timer = setTimeout(() => this.#send(), INTERVAL_MS);
    const message: TopologySignal = { revision };
    this.#signals
      .publish<TopologySignal & { [key: string]: number }>({
        recipients: { type: 'broadcast' },
        channel: TOPOLOGY_SIGNAL_CHANNEL,
        message: { ...message },
      })
      .catch(error =>
        this.#logger.warn(
          'Could not send a live hint; open tabs follow at their next poll',
          toError(error),
        ),
      );
  }
}
