import { MessagePort, parentPort, workerData } from 'node:worker_threads';
import { KIND_DEFINITIONS } from '../kinds';
import { kindText } from '../kinds/identity';
import { systemClock } from './clock';
import { ClusterWatcher } from './clusterWatcher';
import { Logger } from './logger';
import {
  LogLevel,
  MessageFromWorker,
  MessageToWorker,
  ReaderWorkerData,
} from './readerMessages';

/** Questions to the main thread that wait for their answer, by number. */
class Questions<Answer> {
  readonly #open = new Map<
    number,
    { resolve: (answer: Answer) => void; reject: (error: Error) => void }
  >();
  #last = 0;

  ask(send: (number: number) => void): Promise<Answer> {
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#open.set(number, { resolve, reject });
      send(number);
    });
  }

  answer(number: number, answer: Answer | Error): void {
    const question = this.#open.get(number);
    this.#open.delete(number);
    if (answer instanceof Error) {
      question?.reject(answer);
    } else {
      question?.resolve(answer);
    }
  }
}

/** The other end of `WorkerReader`: reads one cluster in this thread until it is told to stop. */
async function read(port: MessagePort, data: ReaderWorkerData): Promise<void> {
  const say = (message: MessageFromWorker) => port.postMessage(message);
  const updates = new Questions<void>();
  const credentials = new Questions<Record<string, string>>();
  const stop = new AbortController();
  port.on('message', (message: MessageToWorker) => {
    switch (message.type) {
      case 'taken':
        updates.answer(message.number, undefined);
        break;
      case 'headers':
        credentials.answer(message.number, message.headers);
        break;
      case 'noHeaders':
        credentials.answer(message.number, new Error(message.message));
        break;
      case 'stop':
        stop.abort();
        break;
      default:
    }
  });
  const logAt =
    (level: LogLevel): Logger[LogLevel] =>
    (message, fields) =>
      say({ type: 'log', level, message, fields });
  const watcher = new ClusterWatcher({
    source: {
      name: data.cluster,
      connection: data.connection,
      headers: () =>
        credentials.ask(number => say({ type: 'headers', number })),
    },
    kinds: KIND_DEFINITIONS.filter(({ id }) =>
      data.kinds.includes(kindText(id)),
    ),
    sink: update =>
      updates.ask(number => say({ type: 'update', number, update })),
    onHealth: health => say({ type: 'health', health }),
    logger: {
      debug: logAt('debug'),
      info: logAt('info'),
      warn: logAt('warn'),
      error: logAt('error'),
    },
    clock: systemClock,
    tuning: data.tuning,
  });
  say({ type: 'started' });
  try {
    await watcher.run(stop.signal);
    say({ type: 'stopped' });
  } catch (error) {
    say({ type: 'broken', message: String(error) });
  }
  port.close();
}

if (parentPort) {
  read(parentPort, workerData);
}
