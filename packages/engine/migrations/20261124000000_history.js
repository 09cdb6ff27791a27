// @ts-check

/**
 * The past: a log of closed versions. Rows are appended in the order in which they were closed, so that retention
 * cuts the log's head. What is true now is in `nodes` and `edges` alone, valid since `nodes.updated_at` and
 * `edges.created_at`; nothing is written here when an object appears.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const isPostgres = knex.client.config.client === 'pg';
  const json = isPostgres ? 'jsonb' : 'text';
  const sequence = isPostgres
    ? 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY'
    : 'integer PRIMARY KEY';

  // Whole former rows: a read of the past costs what one of now does, and a version is written by one copy in SQL.
  await knex.schema.raw(
    `CREATE TABLE node_versions (
       version ${sequence},
       id integer NOT NULL,
       cluster_id integer NOT NULL,
       kind_id integer NOT NULL,
       namespace text NOT NULL,
       name text NOT NULL,
       key text NOT NULL,
       uid text,
       level text NOT NULL,
       labels ${json} NOT NULL,
       properties ${json} NOT NULL,
       verdict ${json} NOT NULL,
       created_at bigint,
       valid_from bigint NOT NULL,
       valid_to bigint NOT NULL,
       revision integer NOT NULL,
       removed smallint NOT NULL
     )`,
  );
  // What was valid at a time was closed after it: so the end of the validity comes first.
  await index(knex, 'node_versions', 'id, valid_to, valid_from');
  // A node is found by what it is in `nodes`, and when it is gone by its last version: others need no such index.
  for (const columns of ['key', 'name, kind_id', 'kind_id, namespace']) {
    await index(knex, 'node_versions', columns, 'WHERE removed = 1');
  }

  await knex.schema.raw(
    `CREATE TABLE edge_versions (
       version ${sequence},
       cluster_id integer NOT NULL,
       src integer NOT NULL,
       rel integer NOT NULL,
       dst integer NOT NULL,
       required smallint NOT NULL,
       details ${json},
       valid_from bigint NOT NULL,
       valid_to bigint NOT NULL
     )`,
  );
  await index(knex, 'edge_versions', 'src, valid_to, valid_from');
  await index(knex, 'edge_versions', 'dst, valid_to, valid_from');

  // All that is and was, with the columns of now. Both databases take such a view apart and use each table's indexes.
  const forever = 'CAST(9223372036854775807 AS bigint)';
  const node =
    'id, cluster_id, kind_id, namespace, name, key, uid, level, labels, properties, verdict, created_at';
  await knex.schema.raw(
    `CREATE VIEW node_history AS
     SELECT ${node}, updated_at, revision, updated_at AS valid_from, ${forever} AS valid_to FROM nodes
     UNION ALL
     SELECT ${node}, valid_from, revision, valid_from, valid_to FROM node_versions`,
  );
  await knex.schema.raw(
    `CREATE VIEW edge_history AS
     SELECT src, rel, dst, required, details, created_at, created_at AS valid_from, ${forever} AS valid_to FROM edges
     UNION ALL
     SELECT src, rel, dst, required, details, valid_from, valid_from, valid_to FROM edge_versions`,
  );

  // One row: since when the log is complete. A database that had objects before it had a log starts now.
  await knex.schema.createTable('history', table => {
    table.integer('id').primary().notNullable();
    table.bigInteger('since').notNullable().comment('ms since the epoch');
  });
  const [{ count }] = await knex('revisions').count({ count: '*' });
  await knex('history').insert({
    id: 1,
    since: Number(count) === 0 ? 0 : Date.now(),
  });

  // A clock that is set back must not make two versions valid at one time.
  await knex.schema.alterTable('clusters', table => {
    table
      .bigInteger('written_at')
      .notNullable()
      .defaultTo(0)
      .comment('ms since the epoch; never goes back');
  });

  if (isPostgres) {
    // Changed rows find room on their own page, and the many dead ones of a roll-out are cleaned up soon.
    await knex.schema.raw(
      `ALTER TABLE nodes SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02,
         autovacuum_analyze_scale_factor = 0.05)`,
    );
    for (const table of ['edges', 'node_versions', 'edge_versions']) {
      await knex.schema.raw(
        `ALTER TABLE ${table} SET (autovacuum_vacuum_scale_factor = 0.05)`,
      );
    }
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.raw('DROP VIEW edge_history');
  await knex.schema.raw('DROP VIEW node_history');
  await knex.schema.alterTable('clusters', table => {
    table.dropColumn('written_at');
  });
  for (const table of ['history', 'edge_versions', 'node_versions']) {
    await knex.schema.dropTable(table);
  }
};

/**
 * @param {import('knex').Knex} knex
 * @param {string} table
 * @param {string} columns
 * @param {string} [where]
 */
async function index(knex, table, columns, where = '') {
  const name = [table, ...columns.split(', ')].join('_');
  await knex.schema.raw(
    `CREATE INDEX ${name} ON ${table} (${columns}) ${where}`,
  );
}
