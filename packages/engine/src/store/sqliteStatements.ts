import { Knex } from 'knex';

interface Statement {
  readonly reader: boolean;
  all(bindings: readonly unknown[]): unknown[];
  run(bindings: readonly unknown[]): unknown;
}

interface SqliteConnection {
  prepare(sql: string): Statement;
}

/** Texts differ by the time that they ask for, and by which relations and kinds there are. */
const MOST_KEPT = 100;

const KEPT = new WeakMap<SqliteConnection, Map<string, Statement>>();

/**
 * Rows of a statement that stays prepared. To compile one takes several times as long as to run it, and better-sqlite3
 * compiles JavaScript, too, for the rows of each new one; knex makes a new one every time.
 */
export async function selectSqliteRows<T>(
  knex: Knex,
  sql: string,
  bindings: readonly unknown[],
): Promise<T[]> {
  const connection: SqliteConnection = await knex.client.acquireConnection();
  try {
    const statement = kept(connection, sql);
    if (!statement.reader) {
      statement.run(bindings);
      return [];
    }
    return statement.all(bindings) as T[];
  } finally {
    // Within a transaction it stays the transaction's.
    await knex.client.releaseConnection(connection);
  }
}

/** The one used longest ago goes when there are too many. */
function kept(connection: SqliteConnection, sql: string): Statement {
  let statements = KEPT.get(connection);
  if (!statements) {
    statements = new Map();
    KEPT.set(connection, statements);
  }
  const statement = statements.get(sql) ?? connection.prepare(sql);
  statements.delete(sql);
  statements.set(sql, statement);
  if (statements.size > MOST_KEPT) {
    const [oldest] = statements.keys();
    statements.delete(oldest);
  }
  return statement;
}
