import { Worker } from 'node:worker_threads';
import { ClusterSource } from './cluster/connection';
import { Logger } from './cluster/logger';
import { ReaderTuning } from './cluster/readerTuning';
import { Ingest, IngestOptions } from './engineIngest';
import {
  IngestWorkerData,
  MessageFromWorker,
  MessageToWorker,
  Question,
} from './engineWorkerMessages';

/** How long a worker may take to load its code, and to end, in milliseconds. */
const START_TIMEOUT = 30_000;
const STOP_TIMEOUT = 5_000;
/** Half-built batches are many and short-lived: with V8's default of 48 every second page is copied around. */
const YOUNG_GENERATION_MEGABYTES = 96;

export interface WorkerOptions {
  source: ClusterSource;
  logger: Logger;
  reading: ReaderTuning;
}

/**
 * Reads a cluster and builds its graph in a worker thread, so that neither holds up the main one (`perf.md` A: loop
 * p99 7 ms), and so that reading goes on while the main thread writes.
 */
export class WorkerIngest implements Ingest {
  readonly #options: IngestOptions;
  readonly #source: ClusterSource;
  readonly #logger: Logger;
  readonly #worker: Worker;
  /** When the worker has ended, and with what error. */
  readonly #ended: Promise<Error | undefined>;
  #stopping = false;
  #started: (() => void) | undefined;
  #writeFailed: ((error: unknown) => void) | undefined;

  /** @throws Error when no worker can be started here */
  static async create(
    options: IngestOptions,
    worker: WorkerOptions,
  ): Promise<WorkerIngest> {
    const ingest = new WorkerIngest(options, worker);
    const hasStarted = new Promise<void>(resolve => {
      ingest.#started = resolve;
    });
    let timer: NodeJS.Timeout | undefined;
    const isLate = new Promise<Error>(resolve => {
      timer = setTimeout(
        () => resolve(new Error('the worker did not start in time')),
        START_TIMEOUT,
      );
    });
    const error = await Promise.race([hasStarted, ingest.#ended, isLate]);
    clearTimeout(timer);
    if (error) {
      await ingest.#worker.terminate();
      throw error;
    }
    return ingest;
  }

  private constructor(
    options: IngestOptions,
    { source, logger, reading }: WorkerOptions,
  ) {
    this.#options = options;
    this.#source = source;
    this.#logger = logger;
    const workerData: IngestWorkerData = {
      cluster: source.name,
      connection: source.connection,
      scope: source.scope,
      catalog: options.catalog?.data ?? {},
      reading,
      writing: options.tuning,
    };
    const { file, execArgv } = locateWorker();
    this.#worker = new Worker(file, {
      workerData,
      execArgv,
      name: `cluster ${source.name}`,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES },
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
    const writeFailure = new Promise<never>((_, reject) => {
      this.#writeFailed = reject;
    });
    writeFailure.catch(() => undefined);
    const stop = () => {
      this.#stopping = true;
      this.#say({ type: 'stop' });
      setTimeout(() => this.#worker.terminate(), STOP_TIMEOUT).unref();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) {
      stop();
    }
    this.#say({ type: 'run' });
    try {
      const error = await Promise.race([this.#ended, writeFailure]);
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
  }

  #take(message: MessageFromWorker): void {
    switch (message.type) {
      case 'started':
        this.#started?.();
        break;
      case 'question':
        this.#answer(message.question).then(
          answer =>
            this.#say({ type: 'answer', number: message.number, answer }),
          error => this.#refuse(message.number, message.question, error),
        );
        break;
      case 'log':
        this.#logger[message.level](message.message, message.fields);
        break;
      default:
    }
  }

  async #answer(question: Question): Promise<unknown> {
    switch (question.name) {
      case 'write':
        return this.#options.write(question.ask);
      case 'takeIds':
        return this.#options.takeIds(question.ask);
      case 'loadStored':
        return this.#options.loadStored();
      case 'headers':
        return this.#source.headers();
      default:
        return question satisfies never;
    }
  }

  /** Credentials may come later; a database that fails for long ends the worker. */
  #refuse(number: number, question: Question, error: unknown): void {
    if (question.name === 'headers') {
      const message = error instanceof Error ? error.message : String(error);
      this.#say({ type: 'refusal', number, message });
    } else {
      this.#writeFailed?.(error);
    }
  }
}

/** Reading in a worker thread; `undefined` when that cannot be: this thread then does the same, slower. */
export async function createWorker(
  options: IngestOptions,
  worker: WorkerOptions,
): Promise<WorkerIngest | undefined> {
  try {
    return await WorkerIngest.create(options, worker);
  } catch (error) {
    worker.logger.warn(
      `Cluster ${options.cluster} is read in the main thread, as its worker cannot start: ${error}`,
    );
    return undefined;
  }
}

/**
 * The worker's file: an export of this package, as the built package and the sources hold it in different places. From
 * sources it is TypeScript, which the worker compiles as `backstage-cli package start` does for the main thread.
 */
function locateWorker(): { file: string; execArgv?: string[] } {
  const file = require.resolve('@kubernetes-topology/engine/cluster-worker');
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
