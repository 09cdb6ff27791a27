/** Where a lane's engine writes: the file of a SQLite database, or a connection string. */
export type Database = { sqlite: string } | { postgres: string };

export const CLUSTER = 'storm';

export type ToEngine =
  | { type: 'start'; url: string; database: Database }
  | { type: 'setClock'; skew: number }
  /** `SIGKILL` to itself within a transaction, after so many of its statements. */
  | { type: 'killWithinBatch'; statements: number }
  /** What operators ask: whether the database is as the cluster. */
  /** Verdicts of a graph whose clock was once another need not be those of a fresh one: they are compared elsewhere. */
  | { type: 'verify'; withVerdicts: boolean };

export type FromEngine =
  | { type: 'loaded' }
  | { type: 'verified'; differences: string[] }
  | { type: 'log'; level: 'warn' | 'error'; message: string };
