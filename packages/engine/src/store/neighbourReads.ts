import { Knex } from 'knex';
import { Neighbour } from '../topology';
import { Dictionaries } from './dictionaries';
import { Moment } from './moment';
import { NodeFilter } from './nodeFilter';
import { nodeFilterSql } from './nodeFilterSql';
import {
  MAX_KEYS,
  NODE_COLUMNS,
  NODE_JOINS,
  NodeTableRow,
  storedNode,
  TooManyKeysError,
} from './nodeReads';
import { selectRows } from './sqlDialect';
import { severitySql } from './severity';

interface NeighbourRow extends NodeTableRow {
  self_key: string;
  rel: number;
  required: number;
  total: number | string;
}

/** Neighbours of one node. `more` tells for `<relation>/<direction>` how many are left out. */
export interface Neighbourhood {
  neighbours: Neighbour[];
  more: Record<string, number>;
}

/** At most `limit` neighbours per relation and direction, the worst first. A node that the filter hides has none. */
export async function readNeighbours(
  knex: Knex,
  moment: Moment,
  dictionaries: Dictionaries,
  key: string,
  options: { filter?: NodeFilter; limit: number },
): Promise<Neighbourhood> {
  const found = await readNeighboursOf(
    knex,
    moment,
    dictionaries,
    [key],
    options,
  );
  return found.get(key) ?? { neighbours: [], more: {} };
}

/**
 * The neighbours of many nodes in one statement a direction, not one a node. Nodes without any are left out.
 *
 * @throws TooManyKeysError for more keys than a statement carries
 */
export async function readNeighboursOf(
  knex: Knex,
  moment: Moment,
  dictionaries: Dictionaries,
  keys: readonly string[],
  options: { filter?: NodeFilter; limit: number },
): Promise<Map<string, Neighbourhood>> {
  const found = new Map<string, Neighbourhood>();
  if (keys.length === 0) {
    return found;
  }
  if (keys.length > MAX_KEYS) {
    throw new TooManyKeysError(keys.length);
  }
  for (const direction of ['out', 'in'] as const) {
    const rows = await readSide(knex, moment, keys, direction, options);
    for (const row of rows) {
      const relation = dictionaries.relation(row.rel);
      if (relation) {
        const of = found.get(row.self_key) ?? { neighbours: [], more: {} };
        found.set(row.self_key, of);
        of.neighbours.push({
          relation,
          direction,
          required: Number(row.required) === 1,
          node: storedNode(row),
        });
        const left = Number(row.total) - options.limit;
        if (left > 0) {
          of.more[`${relation.name}/${direction}`] = left;
        }
      }
    }
  }
  return found;
}

async function readSide(
  knex: Knex,
  moment: Moment,
  keys: readonly string[],
  direction: 'out' | 'in',
  { filter, limit }: { filter?: NodeFilter; limit: number },
): Promise<NeighbourRow[]> {
  const [here, there] =
    direction === 'out' ? ['src', 'dst'] : (['dst', 'src'] as const);
  const self = nodeFilterSql(filter, 'self');
  const other = nodeFilterSql(filter, 'other');
  return selectRows<NeighbourRow>(
    knex,
    `WITH self AS MATERIALIZED (
       SELECT self.id, self.key FROM ${moment.search} self
       WHERE self.key IN (${keys.map(() => '?').join(', ')}) AND ${self.sql}
     ), found AS MATERIALIZED (
       SELECT self.key AS self_key, other.id, other.name,
         ${severitySql('other')} AS severity, e.rel, e.required
       FROM self CROSS JOIN ${moment.edges} e
         CROSS JOIN ${moment.nodes} other
       WHERE e.${here} = self.id AND other.id = e.${there} AND ${other.sql}
     ), placed AS MATERIALIZED (
       SELECT self_key, id, rel, required,
         ROW_NUMBER() OVER (
           PARTITION BY self_key, rel ORDER BY severity, name, id
         ) AS place,
         COUNT(*) OVER (PARTITION BY self_key, rel) AS total
       FROM found
     )
     SELECT ${NODE_COLUMNS}, p.self_key, p.rel, p.required, p.total, p.place
     FROM placed p CROSS JOIN ${moment.nodes} n ${NODE_JOINS}
     WHERE p.place <= ? AND n.id = p.id
     ORDER BY p.self_key, p.rel, p.place`,
    [...keys, ...self.bindings, ...other.bindings, limit],
  );
}
