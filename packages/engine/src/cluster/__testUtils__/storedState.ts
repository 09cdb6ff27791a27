import { Knex } from 'knex';

export interface StoredState {
  /** By key. */
  nodes: Record<string, unknown>;
  /** `<source> -<relation>-> <target>`, sorted, with what else the edge holds. */
  edges: string[];
  events: string[];
}

/** All that the database holds of a cluster, under names instead of numbers, to compare two databases. */
export async function storedState(
  knex: Knex,
  cluster: string,
): Promise<StoredState> {
  const json = (value: unknown) =>
    typeof value === 'string' ? JSON.parse(value) : value;
  const nodes = await knex('nodes')
    .join('clusters', 'clusters.id', 'nodes.cluster_id')
    .join('kinds', 'kinds.id', 'nodes.kind_id')
    .where('clusters.name', cluster)
    .select('nodes.*', 'kinds.text as kind');
  const keys = new Map<number, string>(nodes.map(({ id, key }) => [id, key]));
  const edges = await knex('edges')
    .join('relations', 'relations.id', 'edges.rel')
    .select('edges.*', 'relations.name as relation');
  const events = await knex('object_events').select('*');
  return {
    nodes: Object.fromEntries(
      nodes.map(row => [
        row.key,
        {
          kind: row.kind,
          namespace: row.namespace,
          name: row.name,
          uid: row.uid,
          level: row.level,
          labels: json(row.labels),
          properties: json(row.properties),
          verdict: json(row.verdict),
          createdAt: row.created_at === null ? null : Number(row.created_at),
          hash: row.hash,
        },
      ]),
    ),
    edges: edges
      .filter(({ src, dst }) => keys.has(src) || keys.has(dst))
      .map(
        ({ src, relation, dst, required, details }) =>
          `${keys.get(src)} -${relation}-> ${keys.get(dst)} ${Number(
            required,
          )} ${JSON.stringify(sorted(json(details)))}`,
      )
      .sort(),
    events: events
      .filter(({ about }) => about.startsWith(`${cluster}/`))
      .map(({ about, reason, source, count, message }) =>
        JSON.stringify([about, reason, source, Number(count), message]),
      )
      .sort(),
  };
}

/** PostgreSQL's jsonb has an order of its own. */
function sorted(value: any): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(
        Object.keys(value)
          .sort()
          .map(key => [key, sorted(value[key])]),
      )
    : value;
}
