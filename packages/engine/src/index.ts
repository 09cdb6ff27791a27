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
export * from './analysis/incident';
export * from './analysis/explanationDocument';
export { newestTime } from './cluster/newestTime';
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
export type { Overview, PlaceCounts } from './store/overview';
export { migrateDown, migrateUp } from './store/migrate';
export {
  sqlDialect,
  selectRows,
  TooManyConditionsError,
  UnsupportedDatabaseError,
} from './store/sqlDialect';
export * from './gremlin/bounds';
export { GremlinError } from './gremlin/gremlinError';
export { parseGremlin } from './gremlin/parseGremlin';
export { runGremlin } from './gremlin/runGremlin';
export type { RunGremlinOptions } from './gremlin/runGremlin';
export * from './verify/verification';
export * from './syncProgress';
export type { ReplicaTuning } from './replicas/replicaTuning';
export type { LeaseState, LeaseTable, ReplicaClaim } from './store/leases';
export { LeaseLostError } from './store/clusterLease';
export type { ClusterLease } from './store/clusterLease';
export { KindCatalog } from './kinds/kindCatalog';
export type { KindCatalogData, ServedKind } from './kinds/kindCatalog';
export type { KindScope } from './kinds/kindScope';
export { parseRules, RulesError } from './kinds/rules/parseRules';
export {
  loadRules,
  loadShippedRules,
  parseRulesText,
} from './kinds/rules/loadRules';
export type { NamedRules } from './kinds/rules/loadRules';
export type { RuleSet } from './kinds/rules/ruleSchema';
export { HistoryEndsError } from './store/moment';
export type { Lineage, LineageOptions } from './store/lineage';
export { changesBetween } from './store/nodeHistory';
export { resolveTime, timeOfNumber, timeOfText } from './gremlin/queryTime';
export type {
  NodeChange,
  NodeHistory,
  NodeHistoryOptions,
  NodeVersion,
} from './store/nodeHistory';
export { defaultHistoryLimits } from './store/retention';
export type { HistoryLimits } from './store/retention';
export type { ManifestSource } from './cluster/staticReader';
export type { ClusterScope } from './cluster/clusterScope';
export { ManifestError } from './cluster/manifests';
export { inClusterSource, NotInClusterError } from './cluster/inCluster';
export { kindType } from './kinds/kindIds';
export {
  manifestFiles,
  parseManifests,
  readManifests,
} from './cluster/manifests';
export type { Manifests } from './cluster/manifests';
export { verifyCluster } from './verify/verifyCluster';
export type {
  FreshReading,
  VerifyClusterOptions,
} from './verify/verifyCluster';
export type { EngineObserver, WrittenBatch } from './engineObserver';
export * from './forms';
export * from './impact/impact';
export * from './incidents/incidentRecord';
export type { IncidentLogOptions } from './incidents/incidentStore';
export { spreadImpact } from './impact/spreadImpact';
export type { ImpactEdge, ImpactGraph } from './impact/impactGraph';
export { nearestWord } from './gremlin/nearestWord';
export { openSavedGraph } from './gremlin/saved/openSavedGraph';
export type { SavedGraph } from './gremlin/saved/openSavedGraph';
export { SavedGraphError } from './gremlin/saved/savedGraphError';
export { skydiveExport } from './gremlin/saved/skydiveExport';
export type { SkydiveExport } from './gremlin/saved/skydiveExport';
export * from './reachability';
export type { LiveElement, LiveMessage } from './live/liveMessage';
export { TooManySubscribersError } from './live/liveQueries';
export type { LiveOptions } from './live/liveQueries';
export * from './gremlin/difference';
