import { Knex } from 'knex';
import { Relation, RelationClass } from '../kinds/relation';
import { Dictionaries } from './dictionaries';
import { Moment } from './moment';
import { NodeFilter } from './nodeFilter';
import { nodeFilterSql } from './nodeFilterSql';
import { severitySql } from './severity';
import { selectRows, SqlDialect } from './sqlDialect';

/** Kinds on which everything hangs: a way may end at them, and never leads through them to others. */
const HUBS: readonly string[] = [
  'Cluster',
  'Namespace',
  'Node',
  'StorageClass.storage.k8s.io',
];

export interface Frontier {
  id: number;
  kindId: number;
}

export async function hubKindIds(knex: Knex): Promise<ReadonlySet<number>> {
  const rows = await selectRows<{ id: number }>(
    knex,
    `SELECT id FROM kinds WHERE text IN (${HUBS.map(() => '?').join(', ')})`,
    HUBS,
  );
  return new Set(rows.map(row => row.id));
}

/**
 * One hop along the way failure flows: to what the nodes suffer from (`causes`), or to what suffers from them
 * (`sufferers`). Only to nodes that the filter shows; the worst first where the limit cuts.
 */
export async function stepTo(
  knex: Knex,
  dialect: SqlDialect,
  moment: Moment,
  step: {
    from: readonly number[];
    side: 'causes' | 'sufferers';
    relations: Dictionaries;
    classes: ReadonlySet<RelationClass>;
    filter: NodeFilter | undefined;
    limit: number;
  },
): Promise<Frontier[]> {
  const { from, side, relations, classes, filter, limit } = step;
  const suffering = (end: Relation['suffers']) =>
    relations.relationIds(
      relation => classes.has(relation.class) && relation.suffers === end,
    );
  const [outwards, inwards] =
    side === 'causes'
      ? [suffering('source'), suffering('target')]
      : [suffering('target'), suffering('source')];
  const ids = dialect.ids(from);
  const visible = nodeFilterSql(filter, 'n');
  const rows = await selectRows<{ id: number; kind_id: number }>(
    knex,
    `WITH stepped AS (
       SELECT e.dst AS id FROM ${ids.sql} here CROSS JOIN ${moment.edges} e
       WHERE e.src = here.id AND ${relationIn('e', outwards)}
       UNION
       SELECT e.src AS id FROM ${ids.sql} here CROSS JOIN ${moment.edges} e
       WHERE e.dst = here.id AND ${relationIn('e', inwards)}
     )
     SELECT n.id, n.kind_id, ${severitySql('n')} AS severity
     FROM stepped s CROSS JOIN ${moment.nodes} n
     WHERE n.id = s.id AND ${visible.sql}
     ORDER BY severity, n.id LIMIT ?`,
    [...ids.bindings, ...ids.bindings, ...visible.bindings, Math.max(0, limit)],
  );
  return rows.map(row => ({ id: row.id, kindId: row.kind_id }));
}

/**
 * Only edges of these relations. The sum keeps the index out of it: a node has fewer edges than there are relations,
 * and one look-up per node beats one per node and relation.
 */
export function relationIn(
  alias: string,
  relations: readonly number[],
): string {
  return `(${alias}.rel + 0) IN (${numbers(relations)})`;
}

/** Ids of our own dictionary, as a list for IN. */
export function numbers(ids: readonly number[]): string {
  return ids.length === 0 ? 'NULL' : ids.map(Number).join(', ');
}
