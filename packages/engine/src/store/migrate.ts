import { Knex } from 'knex';
import { dirname, join } from 'path';

/** Apart from the plugin's own, which share the database. */
const TABLE = 'topology_migrations';

function migrations(): Knex.MigratorConfig {
  const root = dirname(
    require.resolve('@kubernetes-topology/engine/package.json'),
  );
  return { directory: join(root, 'migrations'), tableName: TABLE };
}

/** Brings the schema up to date; several processes may do so at once. */
export async function migrateUp(knex: Knex): Promise<void> {
  await knex.migrate.latest(migrations());
}

/** Takes the whole schema down, with all that is in it. */
export async function migrateDown(knex: Knex): Promise<void> {
  await knex.migrate.rollback(migrations(), true);
}
