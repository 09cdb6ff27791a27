import { openSqlite } from '@kubernetes-topology/engine';
import knexFactory, { Knex } from 'knex';
import { messageOf, usageFailure } from './failure';
import { assertSqliteFile } from './sqliteFile';

/** Milliseconds until a database that does not answer is given up. */
const CONNECT_TIMEOUT = 15_000;

/**
 * The database of a portal or of this command, in which a cluster is stored; nothing can be written to it.
 *
 * @param database a file of SQLite, or a connection string of PostgreSQL
 * @throws Failure when it cannot be reached, or does not hold the cluster
 */
export async function openStored(
  database: string,
  cluster: string,
): Promise<Knex> {
  const isPostgres = /^postgres(ql)?:\/\//.test(database);
  const knex = isPostgres ? openPostgres(database) : await openFile(database);
  try {
    await assertHolds(knex, cluster);
    return knex;
  } catch (error) {
    await knex.destroy();
    throw usageFailure(
      `${isPostgres ? nameOf(database) : database} ${messageOf(error)}`,
    );
  }
}

async function openFile(file: string): Promise<Knex> {
  // SQLite would make one.
  await assertSqliteFile(file, { mustExist: true });
  return openSqlite(file);
}

function openPostgres(connectionString: string): Knex {
  return knexFactory({
    client: 'pg',
    connection: {
      connectionString,
      options: '-c default_transaction_read_only=on',
      connectionTimeoutMillis: CONNECT_TIMEOUT,
    },
    pool: { min: 0, max: 2 },
    acquireConnectionTimeout: CONNECT_TIMEOUT,
    // On standard output, otherwise; the error is told once, by who catches it.
    log: { error() {}, warn() {}, deprecate() {}, debug() {} },
  });
}

/** Of the names a portal's plugin database has none is special: the tables tell. */
async function assertHolds(knex: Knex, cluster: string): Promise<void> {
  let names: string[];
  try {
    if (knex.client.config.client !== 'pg') {
      await knex.raw('PRAGMA query_only = ON');
    }
    if (!(await knex.schema.hasTable('topology_migrations'))) {
      throw new Error('there is no table topology_migrations');
    }
    names = await knex('clusters').orderBy('name').pluck('name');
  } catch (error) {
    throw new Error(
      `holds no topology that can be read: ${messageOf(
        error,
      )}; a portal keeps it in the database of the plugin kubernetes-topology`,
    );
  }
  if (!names.includes(cluster)) {
    throw new Error(
      names.length > 0
        ? `holds no cluster ${cluster}; give --cluster one of ${names.join(
            ', ',
          )}`
        : 'holds no cluster yet',
    );
  }
}

/** Without the password. */
function nameOf(connectionString: string): string {
  try {
    const { host, pathname } = new URL(connectionString);
    return `postgresql://${host}${pathname}`;
  } catch {
    return 'the database';
  }
}
