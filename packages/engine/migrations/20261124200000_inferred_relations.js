// @ts-check

/**
 * Which relations are guesses: the analysis, which reads relations from here, must not build on them alone.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('relations', table => {
    table
      .integer('inferred')
      .notNullable()
      .defaultTo(0)
      .comment('1: guessed from names or text');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('relations', table => {
    table.dropColumn('inferred');
  });
};
