// @ts-check

/**
 * Incidents from when they opened until they were resolved, and after. The same root and fault may come again: one row
 * each time.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const isPostgres = knex.client.config.client === 'pg';
  await knex.schema.createTable('incidents', table => {
    table.text('id').notNullable();
    table.integer('cluster_id').notNullable();
    table.bigInteger('opened_at').notNullable().comment('ms since the epoch');
    table.bigInteger('changed_at').notNullable();
    table.bigInteger('resolved_at').comment('NULL: it is open');
    table.specificType('document', isPostgres ? 'jsonb' : 'text').notNullable();
    table.primary(['id', 'opened_at']);
    table.index(['cluster_id', 'resolved_at']);
    table.index(['changed_at']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('incidents');
};
