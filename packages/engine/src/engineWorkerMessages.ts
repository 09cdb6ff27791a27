import { ClusterConnection } from './cluster/connection';
import { ClusterScope } from './cluster/clusterScope';
import { ReaderTuning } from './cluster/readerTuning';
import { WriteTuning } from './engineWriter';
import { PackedDelta } from './graph/packedDelta';
import { StoredCluster } from './graph/storedCluster';
import { KindCatalogData } from './kinds/kindCatalog';
import { IdBlock } from './store/nodeIds';

/** What the worker thread of a cluster starts with. */
export interface IngestWorkerData {
  cluster: string;
  connection: ClusterConnection;
  scope: ClusterScope | undefined;
  /** What the catalog of kinds is made from. */
  catalog: KindCatalogData;
  reading: ReaderTuning;
  writing: WriteTuning;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What the worker needs from the main thread, which has the database and the credentials. */
export interface Questions {
  write: { ask: PackedDelta; answer: void };
  takeIds: { ask: number; answer: IdBlock };
  loadStored: { ask: undefined; answer: StoredCluster | undefined };
  headers: { ask: undefined; answer: Record<string, string> };
}

export type Question = {
  [Name in keyof Questions]: { name: Name; ask: Questions[Name]['ask'] };
}[keyof Questions];

export type MessageFromWorker =
  | { type: 'started' }
  | { type: 'question'; number: number; question: Question }
  | {
      type: 'log';
      level: LogLevel;
      message: string;
      fields?: { [name: string]: string | number };
    }
  | { type: 'stopped' }
  | { type: 'broken'; message: string };

export type MessageToWorker =
  | { type: 'run' }
  | { type: 'answer'; number: number; answer: unknown }
  | { type: 'refusal'; number: number; message: string }
  | { type: 'stop' };
