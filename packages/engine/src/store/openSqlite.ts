import knexFactory, { Knex } from 'knex';

/** `perf.md` section F.6: readers do not wait for the writer, and a commit costs no disk flush. */
const PRAGMAS: readonly string[] = [
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'busy_timeout = 5000',
  'cache_size = -65536',
  'temp_store = MEMORY',
  'wal_autocheckpoint = 4000',
];

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
        connection: { pragma(text: string): unknown },
        done: (error: Error | undefined, connection: unknown) => void,
      ) {
        try {
          PRAGMAS.forEach(pragma => connection.pragma(pragma));
          done(undefined, connection);
        } catch (error) {
          done(error as Error, connection);
        }
      },
    },
  });
}
