import { MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock } from './cluster/clock';
import { ClusterWatcher } from './cluster/clusterWatcher';
import { Logger } from './cluster/logger';
import { ThreadIngest } from './engineIngest';
import {
  IngestWorkerData,
  LogLevel,
  MessageFromWorker,
  MessageToWorker,
  Question,
  Questions,
} from './engineWorkerMessages';
import { KIND_DEFINITIONS } from './kinds';
import { KindCatalog } from './kinds/kindCatalog';

interface OpenQuestion {
  resolve(answer: any): void;
  reject(error: Error): void;
}

/** This end of the port to the main thread. */
class MainThread {
  readonly #port: MessagePort;
  readonly #open = new Map<number, OpenQuestion>();
  readonly #stop = new AbortController();
  #last = 0;

  constructor(port: MessagePort, onRun: () => void) {
    this.#port = port;
    port.on('message', (message: MessageToWorker) => {
      switch (message.type) {
        case 'run':
          onRun();
          break;
        case 'answer':
          this.#close(message.number)?.resolve(message.answer);
          break;
        case 'refusal':
          this.#close(message.number)?.reject(new Error(message.message));
          break;
        case 'stop':
          this.#stop.abort();
          break;
        default:
          message satisfies never;
      }
    });
  }

  /** Aborted when the main thread wants an end. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  say(message: MessageFromWorker): void {
    this.#port.postMessage(message);
  }

  ask<Name extends keyof Questions>(
    name: Name,
    ask: Questions[Name]['ask'],
  ): Promise<Questions[Name]['answer']> {
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#open.set(number, { resolve, reject });
      this.say({
        type: 'question',
        number,
        question: { name, ask } as Question,
      });
    });
  }

  close(): void {
    this.#port.close();
  }

  #close(number: number): OpenQuestion | undefined {
    const question = this.#open.get(number);
    this.#open.delete(number);
    return question;
  }
}

/** The other end of `WorkerIngest`: reads one cluster in this thread until it is told to stop. */
async function ingest(main: MainThread, data: IngestWorkerData): Promise<void> {
  const catalog = KindCatalog.create(data.catalog);
  const logAt =
    (level: LogLevel): Logger[LogLevel] =>
    (message, fields) =>
      main.say({ type: 'log', level, message, fields });
  const clock = systemClock;
  const running = await ThreadIngest.create(
    {
      cluster: data.cluster,
      catalog,
      loadStored: () => main.ask('loadStored', undefined),
      takeIds: size => main.ask('takeIds', size),
      write: delta => main.ask('write', delta),
      clock,
      tuning: data.writing,
    },
    async into =>
      new ClusterWatcher({
        ...into,
        source: {
          name: data.cluster,
          connection: data.connection,
          scope: data.scope,
          headers: () => main.ask('headers', undefined),
        },
        catalog,
        known: KIND_DEFINITIONS,
        logger: {
          debug: logAt('debug'),
          info: logAt('info'),
          warn: logAt('warn'),
          error: logAt('error'),
        },
        clock,
        tuning: data.reading,
      }),
  );
  await running.run(main.stop);
}

if (parentPort) {
  const main = new MainThread(parentPort, () => {
    ingest(main, workerData).then(
      () => {
        main.say({ type: 'stopped' });
        main.close();
      },
      error => {
        main.say({ type: 'broken', message: String(error) });
        main.close();
      },
    );
  });
  main.say({ type: 'started' });
}
