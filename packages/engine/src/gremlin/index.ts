export * from './bounds';
export { GremlinError } from './gremlinError';
export { parseGremlin } from './parseGremlin';
export type { Query } from './query';
export * from './result';
export { runGremlin } from './runGremlin';
export type { RunGremlinOptions } from './runGremlin';
