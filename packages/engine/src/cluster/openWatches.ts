import { ApiClient } from './apiClient';
import { Clock } from './clock';
import { ListedKind } from './listWatch';
import { OpenWatch } from './openWatch';
import { ReaderTuning } from './readerTuning';

/** The watches of one kind that are open. */
export class OpenWatches {
  readonly #options: {
    client: ApiClient;
    kind: ListedKind;
    clock: Clock;
    tuning: ReaderTuning;
  };
  readonly #open = new Set<OpenWatch>();

  constructor(options: {
    client: ApiClient;
    kind: ListedKind;
    clock: Clock;
    tuning: ReaderTuning;
  }) {
    this.#options = options;
  }

  /** Until it is closed, or the signal is aborted. Without a resource version it begins with what is there. */
  open(
    where: {
      namespace: string | undefined;
      resourceVersion: string | undefined;
    },
    signal: AbortSignal,
  ): OpenWatch {
    const watch = new OpenWatch({ ...this.#options, ...where });
    this.#open.add(watch);
    watch.onClose(() => this.#open.delete(watch));
    watch.closeWith(signal);
    return watch;
  }

  closeAll(): void {
    this.#open.forEach(watch => watch.close());
  }
}
