import { Knex } from 'knex';
import { Bulk } from './bulk';
import { POSTGRES_BULK } from './postgresBulk';
import { SqlFragment } from './nodeFilterSql';
import { SQLITE_BULK } from './sqliteBulk';
import { selectSqliteRows } from './sqliteStatements';

/** The few things that SQLite and PostgreSQL say differently. */
export interface SqlDialect {
  readonly isPostgres: boolean;
  readonly bulk: Bulk;
  /** Said at the start of each transaction that writes. */
  readonly beforeWrites?: string;
  /** A table expression with one integer column `id`, of any number of ids. */
  ids(ids: readonly number[]): SqlFragment;
  /** The value of a label as text, NULL when absent. The key is bound. */
  label(column: string, key: string): SqlFragment;
  /** Texts in the order of their code points, whatever the database's locale. */
  byCodePoint(column: string): string;
}

const SQLITE: SqlDialect = {
  isPostgres: false,
  bulk: SQLITE_BULK,
  ids: ids => ({
    sql: '(SELECT value AS id FROM json_each(?))',
    bindings: [JSON.stringify(ids)],
  }),
  label: (column, key) => ({
    sql: key.includes('"')
      ? `(SELECT value FROM json_each(${column}) WHERE key = ?)`
      : `json_extract(${column}, ?)`,
    bindings: [key.includes('"') ? key : `$."${key}"`],
  }),
  byCodePoint: column => column,
};

const POSTGRES: SqlDialect = {
  isPostgres: true,
  bulk: POSTGRES_BULK,
  // The planner does not know how few rows a batch has, and might scan a table for one of them. And a process that
  // stands still in the middle of a write must not keep its locks: all others number their revisions behind them.
  beforeWrites:
    'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off; SET LOCAL idle_in_transaction_session_timeout = 5000',
  // The planner sees how many there are; of a JSON array it would always expect a hundred.
  ids: ids => ({
    sql: '(SELECT unnest(?::integer[]) AS id)',
    bindings: [`{${ids.join()}}`],
  }),
  label: (column, key) => ({
    sql: `(${column} ->> ?::text)`,
    bindings: [key],
  }),
  byCodePoint: column => `${column} COLLATE "C"`,
};

/** Another database than the two that the engine knows. */
export class UnsupportedDatabaseError extends Error {
  constructor(client: string) {
    super(
      `The topology is stored in better-sqlite3 or pg, not in '${client}': set backend.database.client to one of them`,
    );
    this.name = 'UnsupportedDatabaseError';
  }
}

/** @throws UnsupportedDatabaseError */
export function sqlDialect(knex: Knex): SqlDialect {
  const client = String(knex.client.config.client);
  if (client === 'pg') {
    return POSTGRES;
  }
  if (client === 'better-sqlite3') {
    return SQLITE;
  }
  throw new UnsupportedDatabaseError(client);
}

/** Both databases refuse more values in one statement, each in its own words. */
const MOST_BINDINGS = 32_000;

/** What a caller may see, in every hop, and what is asked for are together more than one statement can carry. */
export class TooManyConditionsError extends Error {
  constructor(count: number) {
    super(
      `The question takes ${count} values, ${MOST_BINDINGS} can be asked at once: ask in fewer steps, or let the policy name fewer namespaces, kinds and labels`,
    );
    this.name = 'TooManyConditionsError';
  }
}

/** @throws TooManyConditionsError for more than the protocols of both databases carry */
export function assertBindable(bindings: readonly unknown[]): void {
  if (bindings.length > MOST_BINDINGS) {
    throw new TooManyConditionsError(bindings.length);
  }
}

/**
 * Rows of a statement, whose shape the drivers disagree about.
 *
 * @throws TooManyConditionsError
 */
export async function selectRows<T>(
  knex: Knex,
  sql: string,
  bindings: readonly unknown[] = [],
): Promise<T[]> {
  assertBindable(bindings);
  if (!sqlDialect(knex).isPostgres) {
    return selectSqliteRows(knex, sql, bindings);
  }
  const { rows } = await knex.raw(sql, bindings as Knex.RawBinding[]);
  return rows;
}

/** A JSON column as a value: PostgreSQL hands it out parsed, SQLite as text. */
export function jsonValue<T>(value: unknown): T {
  return (typeof value === 'string' ? JSON.parse(value) : value) as T;
}
