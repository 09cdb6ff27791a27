import { Interrupted } from './failure';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that has something to put in order at its end. The first Ctrl-C aborts the signal, with an `Interrupted` as its
 * reason; the second one ends the process at once.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const interrupt = (name: 'SIGINT' | 'SIGTERM') => {
    const reason = new Interrupted(name);
    if (controller.signal.aborted) {
      process.exit(reason.exitCode);
    }
    controller.abort(reason);
  };
  SIGNALS.forEach(name => process.on(name, interrupt));
  try {
    return await work(controller.signal);
  } finally {
    SIGNALS.forEach(name => process.off(name, interrupt));
  }
}

/** Of work that only looks at its result now and then: ends at once when the signal is aborted. */
export async function unlessAborted<T>(
  signal: AbortSignal,
  work: Promise<T>,
): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  aborted.catch(() => undefined);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) {
    abort();
  }
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
