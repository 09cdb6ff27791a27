import knexFactory, { Knex } from 'knex';

/** `perf.md` section F.6: readers do not wait for the writer, and a commit costs no disk flush. */
const PRAGMAS: readonly string[] = [
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'busy_timeout = 5000',
  'cache_size = -65536',
  'temp_store = MEMORY',
  'wal_autocheckpoint = 4000',
  // ANALYZE looks at so many rows of an index, not at all: milliseconds, whatever the size.
  'analysis_limit = 400',
];

interface SqliteConnection {
  pragma(text: string): unknown;
}

interface ConnectionPool {
  on(
    event: 'createSuccess',
    listener: (id: number, connection: SqliteConnection) => void,
  ): void;
}

const PREPARED = new WeakSet<Knex>();

/** Makes a portal's connections as ours are: the one that is open, and each that is opened later. */
export async function prepareSqlite(knex: Knex): Promise<void> {
  if (PREPARED.has(knex)) {
    return;
  }
  PREPARED.add(knex);
  const pool = knex.client.pool as ConnectionPool;
  pool.on('createSuccess', (_, connection) => prepare(connection));
  const connection = await knex.client.acquireConnection();
  try {
    prepare(connection);
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

function prepare(connection: SqliteConnection): void {
  PRAGMAS.forEach(pragma => connection.pragma(pragma));
}

/** Opens a database file (or `:memory:`) of our own; a portal hands its own connections in. */
export function openSqlite(file: string): Knex {
  return knexFactory({
    client: 'better-sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate(
        connection: SqliteConnection,
        done: (error: Error | undefined, connection: unknown) => void,
      ) {
        try {
          prepare(connection);
          done(undefined, connection);
        } catch (error) {
          done(error as Error, connection);
        }
      },
    },
  });
}
