import { ListEncoding } from './apiClient';
import { BackOffLimits } from './backOff';

/** How a cluster is read. Plain data, so that it can be handed to a worker thread. Times in milliseconds. */
export interface ReaderTuning {
  /** Objects a page: 250 to 500 are fastest and keep the memory small (`perf.md` A). */
  pageSize: number;
  /** Compressed, unless network costs nothing and work does. */
  encoding: ListEncoding;
  /**
   * Whether lists are streamed where the server offers it, which spares its memory, but not compressed. `patience`:
   * without a word of a stream for so long, pages are read instead.
   */
  streaming: { isWanted: boolean; patience: number };
  /** Kinds that are listed at the same time. */
  listsAtOnce: number;
  /** How long the server is asked to keep a watch open, in seconds; spread, so that watches do not end together. */
  watchSeconds: { least: number; most: number };
  /** How much longer than that a watch may stay open before its connection counts as dead. */
  silenceSlack: number;
  /** A watch that ends sooner, and in which nothing came, is a failure. */
  shortWatch: number;
  backOff: BackOffLimits;
  /** How long an answer's head, and each further byte, may take; default: `defaultApiLimits`. */
  patience?: { head: number; idle: number };
  /** Until a kind that is forbidden or not served is tried again. */
  slowRetry: number;
  /** When errors make a kind `failing`: after so many tries, and while a former list still holds only after so long. */
  failingAfter: { tries: number; milliseconds: number };
  /** Which kinds are served is asked this often, and so long after a definition of a kind changed: it takes effect late. */
  discovery: { every: number; afterChange: readonly number[] };
  /** The server is asked this often whether it lives: a stopped one keeps watches open and silent (`apiserver.md`). */
  probe: { every: number; everyWhileAway: number; timeout: number };
}

export const defaultReaderTuning: ReaderTuning = {
  pageSize: 500,
  encoding: 'gzip',
  streaming: { isWanted: true, patience: 10_000 },
  listsAtOnce: 3,
  watchSeconds: { least: 240, most: 480 },
  silenceSlack: 15_000,
  shortWatch: 1_000,
  backOff: { base: 500, max: 30_000 },
  slowRetry: 60_000,
  failingAfter: { tries: 3, milliseconds: 30_000 },
  discovery: { every: 60_000, afterChange: [500, 3_000] },
  probe: { every: 15_000, everyWhileAway: 3_000, timeout: 10_000 },
};
