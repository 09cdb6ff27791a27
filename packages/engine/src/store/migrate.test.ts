import { TestDatabases } from '@backstage/backend-test-utils';
import knexFactory from 'knex';
import { migrateUp } from './migrate';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe.each(databases.eachSupportedId())('migrateUp, %s', database => {
  it('lets several processes that start at once wait for each other', async () => {
    const knex = await databases.init(database);
    const others = [1, 2, 3].map(() => knexFactory(knex.client.config));
    await Promise.all([knex, ...others].map(each => migrateUp(each)));
    expect(await knex.schema.hasTable('cluster_leases')).toBe(true);
    await Promise.all(others.map(each => each.destroy()));
  });

  it('goes on where a killed process left its lock', async () => {
    const knex = await databases.init(database);
    await migrateUp(knex);
    await knex('topology_migrations_lock').update({ is_locked: 1 });
    await migrateUp(knex);
    expect(await knex('topology_migrations_lock').pluck('is_locked')).toEqual([
      0,
    ]);
  });
});
