import { ReaderTuning } from '../readerTuning';

/** The tuning of a reader with its times cut down to a test's patience. */
export const quickTuning: ReaderTuning = {
  pageSize: 3,
  encoding: 'gzip',
  streaming: { isWanted: true, patience: 200 },
  listsAtOnce: 2,
  watchSeconds: { least: 60, most: 60 },
  silenceSlack: 100,
  shortWatch: 20,
  backOff: { base: 5, max: 40 },
  slowRetry: 40,
  failingAfter: { tries: 3, milliseconds: 250 },
  discovery: { every: 200, afterChange: [10, 50] },
  probe: { every: 40, everyWhileAway: 40, timeout: 200 },
};

export const silentLogger = {
  info: () => {},
  warn: () => {},
  error: () => {},
  debug: () => {},
};
