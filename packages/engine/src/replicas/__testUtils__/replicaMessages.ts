import { ReplicaTuning } from '../replicaTuning';

/** What a replica's process is started with. */
export interface ReplicaSetUp {
  id: string;
  database: { postgres: object } | { sqlite: string };
  /** URLs by the cluster's name. */
  clusters: Record<string, string>;
  replicas?: Partial<ReplicaTuning>;
  /** Whether it reads in worker threads, as the product does; without, it starts sooner. Default: false. */
  workers?: boolean;
}

export type FromReplica =
  | { type: 'started' }
  | { type: 'revision'; revision: number }
  | { type: 'log'; message: string };

export type ToReplica =
  | { type: 'stop' }
  | { type: 'setClusters'; clusters: Record<string, string> };
