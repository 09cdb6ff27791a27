// @ts-check

/**
 * Saved queries, private to a user or shared.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('favourites', table => {
    table.text('id').primary().notNullable();
    table.text('owner').notNullable().comment('entity reference or subject');
    table.text('name').notNullable();
    table.text('query').notNullable();
    table.text('use').notNullable().comment('filter or highlight');
    table.boolean('shared').notNullable();
    table.bigInteger('updated_at').notNullable().comment('ms since the epoch');
    table.unique(['owner', 'name', 'use']);
    table.index(['shared']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('favourites');
};
