import { Knex } from 'knex';
import { CLUSTER } from './messages';
import {
  addEvent,
  edgeName,
  emptyPicture,
  Picture,
  sortedJson,
} from './picture';

/** What an engine's database holds of the cluster, and what in it contradicts itself. */
export async function storedPicture(
  knex: Knex,
): Promise<{ stored: Picture; broken: string[] }> {
  // One snapshot: the engine writes meanwhile.
  return knex.transaction(
    async trx => ({
      stored: await readPicture(trx),
      broken: await contradictions(trx),
    }),
    knex.client.config.client === 'pg'
      ? { isolationLevel: 'repeatable read', readOnly: true }
      : {},
  );
}

async function readPicture(trx: Knex): Promise<Picture> {
  const picture = emptyPicture();
  const keys = new Map<number, string>();
  const nodes = await trx('nodes')
    .join('clusters', 'clusters.id', 'nodes.cluster_id')
    .join('kinds', 'kinds.id', 'nodes.kind_id')
    .where('clusters.name', CLUSTER)
    .select('nodes.*', 'kinds.text as kind');
  for (const row of nodes) {
    keys.set(row.id, row.key);
    picture.nodes.set(
      row.key,
      sortedJson({
        key: row.key,
        kind: row.kind,
        namespace: row.namespace,
        name: row.name,
        uid: row.uid ?? undefined,
        labels: json(row.labels),
        properties: json(row.properties),
        createdAt: row.created_at === null ? undefined : Number(row.created_at),
      }),
    );
    picture.verdicts.set(row.key, sortedJson(json(row.verdict)));
  }
  const edges = await trx('edges')
    .join('relations', 'relations.id', 'edges.rel')
    .select('edges.*', 'relations.name as relation');
  for (const { src, dst, relation, required, details } of edges) {
    picture.edges.set(
      edgeName({
        source: keys.get(src) ?? `no node ${src}`,
        relation,
        target: keys.get(dst) ?? `no node ${dst}`,
      }),
      sortedJson({
        required: Number(required) === 1,
        details: details === null ? undefined : json(details),
      }),
    );
  }
  for (const row of await trx('object_events').select('*')) {
    addEvent(picture, {
      about: row.about,
      reason: row.reason,
      source: row.source,
      eventType: row.event_type,
      message: row.message,
      count: Number(row.count),
      firstAt: Number(row.first_at),
      lastAt: Number(row.last_at),
    });
  }
  const kinds = await trx('kind_states')
    .join('kinds', 'kinds.id', 'kind_states.kind_id')
    .select('kind_states.*', 'kinds.text as kind');
  for (const { kind, state, objects } of kinds) {
    picture.kinds.set(kind, `${state} ${state === 'listed' ? objects : 0}`);
  }
  return picture;
}

/** What no landscape can explain. */
async function contradictions(trx: Knex): Promise<string[]> {
  const found: string[] = [];
  const clusters = await trx('clusters').select('name', 'state', 'message');
  for (const { name, state, message } of clusters) {
    if (state !== 'ready') {
      found.push(`cluster ${name} is ${state} ${message}`);
    }
  }
  const gaps = await trx('revisions')
    .select('id')
    .groupBy('id')
    .havingRaw('count(*) > 1');
  if (gaps.length > 0) {
    found.push(`${gaps.length} revisions are there twice`);
  }
  return found;
}

/** Two versions of one object at one time, or a version that does not end where the next one of the same row begins. */
export async function brokenHistory(
  knex: Knex,
  since: number,
): Promise<string[]> {
  const versions = (view: string, name: string, row: string) =>
    knex.raw(
      `SELECT * FROM (
         SELECT ${name} AS name, valid_from, valid_to,
           LEAD(valid_from) OVER (PARTITION BY ${name} ORDER BY valid_from, valid_to) AS next,
           LEAD(${row}) OVER (PARTITION BY ${name} ORDER BY valid_from, valid_to) AS next_row, ${row} AS own_row
         FROM ${view} WHERE valid_to >= ?
       ) AS versions
       WHERE valid_from > valid_to OR next < valid_to OR (own_row = next_row AND next <> valid_to)`,
      [since],
    );
  const rowsOf = (result: any): Record<string, unknown>[] =>
    result.rows ?? result;
  const nodes = rowsOf(await versions('node_history', 'key', 'id'));
  const edges = rowsOf(
    await versions(
      'edge_history',
      "src || ' ' || rel || ' ' || dst",
      // An edge may come back under the same name: there may be a gap.
      'CAST(valid_from AS text)',
    ),
  );
  return [...nodes, ...edges].map(
    row => `versions overlap or leave a gap: ${JSON.stringify(row)}`,
  );
}

function json(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}
