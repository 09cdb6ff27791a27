// @ts-check

/**
 * Which nodes a revision touched, so that live queries look at these alone.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('revisions', table => {
    table
      .text('changed')
      .comment('JSON list of ids of nodes; NULL: too many, or not known');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('revisions', table => {
    table.dropColumn('changed');
  });
};
