import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openSqlite } from '@kubernetes-topology/engine';
import knexFactory, { Knex } from 'knex';
import { messageOf, usageFailure } from './failure';
import { assertSqliteFile } from './sqliteFile';

/** Milliseconds until a database that does not answer is given up. */
const CONNECT_TIMEOUT = 15_000;
/** The engine's list of what was done to its tables. */
const MIGRATIONS = 'topology_migrations';

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

interface PostgresConnection {
  query(text: string, done: (error: Error | null) => void): void;
}

function openPostgres(connectionString: string): Knex {
  return knexFactory({
    client: 'pg',
    connection: {
      connectionString,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
    },
    pool: {
      min: 0,
      max: 2,
      afterCreate: (
        connection: PostgresConnection,
        done: (error: Error | null, connection: unknown) => void,
      ) =>
        connection.query('SET default_transaction_read_only = on', error =>
          done(error, connection),
        ),
    },
    acquireConnectionTimeout: CONNECT_TIMEOUT,
    // On standard output, otherwise; the error is told once, by who catches it.
    log: { error() {}, warn() {}, deprecate() {}, debug() {} },
  });
}

async function assertHolds(knex: Knex, cluster: string): Promise<void> {
  let names: string[];
  try {
    if (knex.client.config.client !== 'pg') {
      await knex.raw('PRAGMA query_only = ON');
    }
    if (!(await knex.schema.hasTable(MIGRATIONS))) {
      throw new Error(
        `there is no table ${MIGRATIONS}; a portal keeps it in the database of its plugin kubernetes-topology`,
      );
    }
    await assertVersion(knex);
    names = await knex('clusters').orderBy('name').pluck('name');
  } catch (error) {
    throw new Error(`holds no topology that can be read: ${messageOf(error)}`);
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

/** The tables change between versions. */
async function assertVersion(knex: Knex): Promise<void> {
  const engine = dirname(
    require.resolve('@kubernetes-topology/engine/package.json'),
  );
  const known = (await readdir(join(engine, 'migrations'))).filter(name =>
    name.endsWith('.js'),
  );
  const done: string[] = await knex(MIGRATIONS).pluck('name');
  if (done.some(name => !known.includes(name))) {
    throw new Error('it is of a newer version: update this command');
  }
  if (done.length < known.length) {
    throw new Error(
      'it is of an older version: start the newer portal once, or use the command of that version',
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
