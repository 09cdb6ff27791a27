import { KindUpdate } from '../kinds/update';
import { ClusterConnection } from './connection';
import { ReaderTuning } from './readerTuning';
import { ClusterHealth } from './reader';

/** What the worker thread of a cluster starts with. */
export interface ReaderWorkerData {
  cluster: string;
  connection: ClusterConnection;
  /** `kindText` of the registered kinds to read. */
  kinds: string[];
  tuning: ReaderTuning;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type MessageFromWorker =
  | { type: 'started' }
  /** The worker waits for the `taken` of this number before the same kind goes on. */
  | { type: 'update'; number: number; update: KindUpdate }
  | { type: 'headers'; number: number }
  | { type: 'health'; health: ClusterHealth }
  | {
      type: 'log';
      level: LogLevel;
      message: string;
      fields?: { [name: string]: string | number };
    }
  | { type: 'stopped' }
  | { type: 'broken'; message: string };

export type MessageToWorker =
  | { type: 'taken'; number: number }
  | { type: 'headers'; number: number; headers: Record<string, string> }
  | { type: 'noHeaders'; number: number; message: string }
  | { type: 'stop' };
