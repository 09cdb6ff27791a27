// @ts-check

/**
 * What is true now. Integers inside, readable keys outside; namespace is '' and never NULL (`NOT IN` must not drop rows).
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const isPostgres = knex.client.config.client === 'pg';
  const json = isPostgres ? 'jsonb' : 'text';

  await knex.schema.createTable('clusters', table => {
    table.integer('id').primary().notNullable();
    table.text('name').notNullable().unique();
    table.text('state').notNullable().comment('ready, syncing or failing');
    table.text('message').notNullable().defaultTo('');
    table.bigInteger('at').notNullable().comment('ms since the epoch');
  });

  await knex.schema.createTable('kinds', table => {
    table.integer('id').primary().notNullable();
    table.text('api_group').notNullable();
    table.text('kind').notNullable();
    table.text('type').notNullable().comment('lower case, as in queries');
    table.text('text').notNullable().unique().comment('Kind[.group]');
  });

  await knex.schema.createTable('relations', table => {
    table.integer('id').primary().notNullable();
    table.text('name').notNullable().unique();
    table.text('relation_type').notNullable();
    table.text('class').notNullable();
    table.text('suffers').notNullable().comment('source, target or none');
    table.text('strength').notNullable();
    table.specificType('metadata', json).notNullable();
  });

  await knex.schema.createTable('nodes', table => {
    table.integer('id').primary().notNullable();
    table.integer('cluster_id').notNullable();
    table.integer('kind_id').notNullable();
    table.text('namespace').notNullable().defaultTo('');
    table.text('name').notNullable();
    table.text('key').notNullable().unique();
    table.text('uid');
    table.text('level').notNullable();
    table.specificType('labels', json).notNullable();
    table.specificType('properties', json).notNullable();
    table.specificType('verdict', json).notNullable();
    table.text('hash').notNullable();
    table.bigInteger('created_at').comment('ms since the epoch');
    table.bigInteger('updated_at').notNullable();
    table.integer('revision').notNullable().comment('of this node, from 1');
    table.index(['name', 'kind_id']);
    table.index(['kind_id', 'namespace', 'name']);
    table.index(['cluster_id', 'level']);
  });

  // A narrow clustered table: traversals never touch anything else of an edge.
  await knex.schema.raw(
    `CREATE TABLE edges (
       src integer NOT NULL,
       rel integer NOT NULL,
       dst integer NOT NULL,
       required smallint NOT NULL,
       details ${json},
       created_at bigint NOT NULL,
       PRIMARY KEY (src, rel, dst)
     ) ${isPostgres ? '' : 'WITHOUT ROWID'}`,
  );
  await knex.schema.raw(
    'CREATE INDEX edges_dst_rel_src ON edges (dst, rel, src)',
  );

  await knex.schema.createTable('object_events', table => {
    table.text('about').notNullable().comment('key of the node');
    table.text('reason').notNullable();
    table.text('source').notNullable();
    table.text('event_type').notNullable();
    table.text('message').notNullable();
    table.integer('count').notNullable();
    table.bigInteger('first_at').notNullable();
    table.bigInteger('last_at').notNullable();
    table.primary(['about', 'reason', 'source']);
  });

  await knex.schema.createTable('kind_states', table => {
    table.integer('cluster_id').notNullable();
    table.integer('kind_id').notNullable();
    table
      .text('state')
      .notNullable()
      .comment('listing, listed, forbidden, absent, failing');
    table.text('resource_version').notNullable().defaultTo('');
    table.integer('objects').notNullable().defaultTo(0);
    table.text('message').notNullable().defaultTo('');
    table.bigInteger('at').notNullable();
    table.primary(['cluster_id', 'kind_id']);
  });

  await knex.schema.createTable('revisions', table => {
    table.bigInteger('id').primary().notNullable();
    table.integer('cluster_id').notNullable();
    table.bigInteger('at').notNullable();
    table.integer('nodes').notNullable();
    table.integer('edges').notNullable();
  });

  // Ids are handed out in blocks, so that several replicas can write.
  await knex.schema.createTable('id_blocks', table => {
    table.text('name').primary().notNullable();
    table.bigInteger('next').notNullable();
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'id_blocks',
    'revisions',
    'kind_states',
    'object_events',
    'edges',
    'nodes',
    'relations',
    'kinds',
    'clusters',
  ]) {
    await knex.schema.dropTable(table);
  }
};
