export * from './kinds/identity';
export * from './kinds/status';
export * from './kinds/relation';
export * from './kinds/observation';
export * from './kinds/kindDefinition';
export * from './kinds/update';
export * from './graph/delta';
export * from './store/nodeFilter';
export * from './gremlin/result';
export * from './analysis/rootCause';
export * from './cluster/connection';
export * from './topology';
export * from './store/nodeFilterSql';
export * from './graph/storedCluster';
export * from './kinds/labelSelector';
export * from './kinds';
export * from './graph/clusterGraph';
export * from './engine';
export { parseDump, DumpError } from './cluster/dump';
export type { DumpSource } from './cluster/dump';
export { kubeConfigSource } from './cluster/kubeConfig';
export type { KubeConfigOrigin } from './cluster/kubeConfig';
export type { Logger } from './cluster/logger';
export type { ReaderTuning } from './cluster/readerTuning';
export type { WriteTuning } from './engineWriter';
export * from './store/topologyStore';
export * from './store/topologyReads';
export * from './store/openSqlite';
export * from './store/nodeIds';
export { migrateDown, migrateUp } from './store/migrate';
export {
  sqlDialect,
  selectRows,
  UnsupportedDatabaseError,
} from './store/sqlDialect';
export * from './gremlin/bounds';
export { GremlinError } from './gremlin/gremlinError';
export { parseGremlin } from './gremlin/parseGremlin';
export { runGremlin } from './gremlin/runGremlin';
export type { RunGremlinOptions } from './gremlin/runGremlin';
export * from './verify/verification';
export * from './syncProgress';
export * from './syncProgress';
