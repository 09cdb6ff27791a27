// @ts-check

/**
 * Which replica follows and writes which cluster. Times are the database's own, in milliseconds since the epoch.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('replicas', table => {
    table.text('id').primary().notNullable().comment('random, of one process');
    table.text('clusters').notNullable().comment('what it configures, JSON');
    table.bigInteger('expires_at').notNullable();
  });

  // A fencing number is given out once, ever: who has it has the lease. It is unique also because PostgreSQL then takes
  // a change of it for a change of a key, which waits for the writers that hold the row FOR KEY SHARE; renewing does not.
  await knex.schema.createTable('cluster_leases', table => {
    table.text('cluster').primary().notNullable();
    table.bigInteger('fencing').notNullable().unique();
    table.text('holder').notNullable().comment("a replica's id, '' when free");
    table.bigInteger('expires_at').notNullable();
    table
      .bigInteger('unwanted_since')
      .comment('no live replica configures it since then');
  });

  await knex.schema.alterTable('revisions', table => {
    table
      .bigInteger('fencing')
      .notNullable()
      .defaultTo(0)
      .comment('under which it was written; never goes back within a cluster');
  });

  const clusters = await knex('clusters').select('name').orderBy('id');
  let fencing = 1;
  for (const { name } of clusters) {
    await knex('cluster_leases').insert({
      cluster: name,
      fencing: fencing++,
      holder: '',
      expires_at: 0,
    });
  }
  await knex('id_blocks').insert({ name: 'fencing', next: fencing });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('revisions', table => {
    table.dropColumn('fencing');
  });
  await knex('id_blocks').where({ name: 'fencing' }).delete();
  await knex.schema.dropTable('cluster_leases');
  await knex.schema.dropTable('replicas');
};
