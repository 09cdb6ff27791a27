import { Knex } from 'knex';
import { dirname, join } from 'path';
import { sqlDialect } from './sqlDialect';

/** Apart from the plugin's own, which share the database. */
const TABLE = 'topology_migrations';

function migrations(): Knex.MigratorConfig {
  const root = dirname(
    require.resolve('@kubernetes-topology/engine/package.json'),
  );
  return { directory: join(root, 'migrations'), tableName: TABLE };
}

/** Any number: that of the lock which says that a process migrates. */
const ADVISORY_LOCK = 5_140_716_208;

/** Brings the schema up to date; several processes may do so at once. */
export async function migrateUp(knex: Knex): Promise<void> {
  if (sqlDialect(knex).isPostgres) {
    await oneAtATime(knex, () => knex.migrate.latest(migrations()));
  } else {
    await knex.migrate.latest(migrations());
  }
}

/**
 * Knex's own lock refuses the second of two processes that start at once, and stays for good when its process is
 * killed. The lock of a connection waits instead, and ends with it: who has it may take away what the dead left.
 */
async function oneAtATime(
  knex: Knex,
  migrate: () => Promise<unknown>,
): Promise<void> {
  const connection = await knex.client.acquireRawConnection();
  try {
    await connection.query(`SELECT pg_advisory_lock(${ADVISORY_LOCK})`);
    if (await knex.schema.hasTable(`${TABLE}_lock`)) {
      await knex.migrate.forceFreeMigrationsLock(migrations());
    }
    await migrate();
  } finally {
    await knex.client.destroyRawConnection(connection);
  }
}

/** Takes the whole schema down, with all that is in it. */
export async function migrateDown(knex: Knex): Promise<void> {
  await knex.migrate.rollback(migrations(), true);
}
