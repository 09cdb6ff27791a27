/** What one query may cost. An answer that a bound has cut says so; a query that a bound forbids is refused. */
export interface GremlinBounds {
  /** Nodes, edges or values of an answer. */
  rows: number;
  /** The greatest depth that `Descendants`, `Ascendants` and `Neighbors` count; 0, no limit, is always possible. */
  depth: number;
  /** For all statements of a query together. PostgreSQL stops a statement; on SQLite it is checked between them. */
  milliseconds: number;
  /** Characters. */
  queryLength: number;
  /** Distinct values that one pattern is matched against. */
  patternValues: number;
  /** Nodes times depths that a counted traversal touches on SQLite, where a running statement cannot be stopped. */
  visits: number;
}

export const DEFAULT_BOUNDS: GremlinBounds = {
  rows: 10_000,
  depth: 32,
  milliseconds: 10_000,
  queryLength: 10_000,
  patternValues: 500_000,
  visits: 1_000_000,
};
