import { ApiClient } from './apiClient';
import { ApiError } from './apiError';
import { BackOff } from './backOff';
import { Clock } from './clock';
import { ListedKind, listPage, ListPage } from './listWatch';
import { ReaderTuning } from './readerTuning';

/** Lists a kind page by page. */
export class PagedList {
  readonly #client: ApiClient;
  readonly #kind: ListedKind;
  readonly #clock: Clock;
  readonly #tuning: ReaderTuning;
  /** Smaller once a page was too large; it stays so. */
  #pageSize: number;

  constructor(options: {
    client: ApiClient;
    kind: ListedKind;
    clock: Clock;
    tuning: ReaderTuning;
  }) {
    this.#client = options.client;
    this.#kind = options.kind;
    this.#clock = options.clock;
    this.#tuning = options.tuning;
    this.#pageSize = options.tuning.pageSize;
  }

  /** All pages of one list; the next one is on its way while one is taken. */
  async *pages(
    namespace: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ListPage, void> {
    let page = await this.#page(namespace, undefined, signal);
    for (;;) {
      const next = page.continueToken
        ? this.#page(namespace, page.continueToken, signal)
        : undefined;
      next?.catch(() => undefined);
      yield page;
      if (!next) {
        return;
      }
      page = await next;
    }
  }

  /** Of an object or none: where the server stands, and that the kind may be listed. */
  glance(
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<ListPage> {
    return listPage(this.#client, this.#kind, { namespace, limit: 1, signal });
  }

  /** A page; one in the middle of a list is tried again before the list is given up. */
  async #page(
    namespace: string | undefined,
    continueToken: string | undefined,
    signal: AbortSignal,
  ): Promise<ListPage> {
    const backOff = new BackOff(this.#clock, this.#tuning.backOff);
    let token = continueToken;
    for (;;) {
      try {
        return await listPage(this.#client, this.#kind, {
          namespace,
          limit: this.#pageSize,
          continueToken: token,
          signal,
        });
      } catch (error) {
        if (!(error instanceof ApiError) || signal.aborted) {
          throw error;
        }
        backOff.failed();
        if (error.reason === 'too-large' && this.#pageSize > 1) {
          this.#pageSize = Math.ceil(this.#pageSize / 4);
        } else if (error.reason === 'gone' && error.details.continueToken) {
          // The rest at a newer revision. The watch starts at the first page's version and tells what lies between.
          token = error.details.continueToken;
        } else if (!token || !isPassing(error) || backOff.failures > 3) {
          throw error;
        }
        await backOff.wait(signal, error.details.retryAfter);
      }
    }
  }
}

/** Whether another try may succeed. */
function isPassing(error: ApiError): boolean {
  switch (error.reason) {
    case 'unreachable':
    case 'silent':
    case 'throttled':
      return true;
    case 'refused':
      return (error.details.status ?? 500) >= 500;
    default:
      return false;
  }
}
