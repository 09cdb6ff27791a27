// @ts-check

/**
 * How far the list of a kind is: how many objects it will have brought in the end.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('kind_states', table => {
    table
      .integer('expected')
      .notNullable()
      .defaultTo(0)
      .comment('objects of the present list, 0 when it is not known');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('kind_states', table => {
    table.dropColumn('expected');
  });
};
