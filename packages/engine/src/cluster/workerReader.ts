import { Worker } from 'node:worker_threads';
import { kindText } from '../kinds/identity';
import {
  MessageFromWorker,
  MessageToWorker,
  ReaderWorkerData,
} from './readerMessages';
import { Reader, ReaderOptions } from './reader';

/** How long a worker may take to load its code, and to end, in milliseconds. */
const START_TIMEOUT = 30_000;
const STOP_TIMEOUT = 5_000;

/** Reads a cluster in a worker thread, so that parsing never holds up the main one (`perf.md` A: loop p99 7 ms). */
export class WorkerReader implements Reader {
  readonly #options: ReaderOptions;
  readonly #worker: Worker;
  /** When the worker has ended, and with what error. */
  readonly #ended: Promise<Error | undefined>;
  #stopping = false;
  #started: (() => void) | undefined;
  #sinkFailed: ((error: unknown) => void) | undefined;

  /** @throws Error when no worker can be started here */
  static async create(options: ReaderOptions): Promise<WorkerReader> {
    const reader = new WorkerReader(options);
    const hasStarted = new Promise<void>(resolve => {
      reader.#started = resolve;
    });
    let timer: NodeJS.Timeout | undefined;
    const isLate = new Promise<Error>(resolve => {
      timer = setTimeout(
        () => resolve(new Error('the worker did not start in time')),
        START_TIMEOUT,
      );
    });
    const error = await Promise.race([hasStarted, reader.#ended, isLate]);
    clearTimeout(timer);
    if (error) {
      await reader.#worker.terminate();
      throw error;
    }
    return reader;
  }

  private constructor(options: ReaderOptions) {
    this.#options = options;
    const { source, kinds, tuning } = options;
    const workerData: ReaderWorkerData = {
      cluster: source.name,
      connection: source.connection,
      kinds: kinds.map(({ id }) => kindText(id)),
      tuning,
    };
    const { file, execArgv } = locateWorker();
    this.#worker = new Worker(file, {
      workerData,
      execArgv,
      name: `reader ${source.name}`,
    });
    this.#ended = new Promise(resolve => {
      let broken: Error | undefined;
      this.#worker.on('message', (message: MessageFromWorker) => {
        if (message.type === 'broken') {
          broken = new Error(message.message);
        }
        this.#take(message);
      });
      this.#worker.once('error', error => resolve(error));
      this.#worker.once('exit', code =>
        resolve(
          broken ??
            (this.#stopping
              ? undefined
              : new Error(`the worker ended with code ${code}`)),
        ),
      );
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const sinkFailure = new Promise<never>((_, reject) => {
      this.#sinkFailed = reject;
    });
    sinkFailure.catch(() => undefined);
    const stop = () => {
      this.#stopping = true;
      this.#say({ type: 'stop' });
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) {
      stop();
    }
    try {
      const error = await Promise.race([this.#ended, sinkFailure]);
      if (error && !signal.aborted) {
        throw error;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await this.#worker.terminate();
    }
  }

  #say(message: MessageToWorker): void {
    this.#worker.postMessage(message);
    if (message.type === 'stop') {
      setTimeout(() => this.#worker.terminate(), STOP_TIMEOUT).unref();
    }
  }

  #take(message: MessageFromWorker): void {
    const { sink, onHealth, logger, source } = this.#options;
    switch (message.type) {
      case 'started':
        this.#started?.();
        break;
      case 'update':
        sink(message.update).then(
          () => this.#say({ type: 'taken', number: message.number }),
          error => this.#sinkFailed?.(error),
        );
        break;
      case 'headers':
        source.headers().then(
          headers =>
            this.#say({ type: 'headers', number: message.number, headers }),
          error =>
            this.#say({
              type: 'noHeaders',
              number: message.number,
              message: error instanceof Error ? error.message : String(error),
            }),
        );
        break;
      case 'health':
        onHealth(message.health);
        break;
      case 'log':
        logger[message.level](message.message, message.fields);
        break;
      default:
    }
  }
}

/**
 * The worker's file: an export of this package, as the built package and the sources hold it in different places. From
 * sources it is TypeScript, which the worker compiles as `backstage-cli package start` does for the main thread.
 */
function locateWorker(): { file: string; execArgv?: string[] } {
  const file = require.resolve('@kubernetes-topology/engine/reader-worker');
  return file.endsWith('.ts')
    ? {
        file,
        execArgv: [
          '--require',
          require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        ],
      }
    : { file };
}
