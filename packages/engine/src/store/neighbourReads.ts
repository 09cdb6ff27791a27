import { Knex } from 'knex';
import { Neighbour } from '../topology';
import { Dictionaries } from './dictionaries';
import { Moment } from './moment';
import { NodeFilter } from './nodeFilter';
import { nodeFilterSql } from './nodeFilterSql';
import {
  NODE_COLUMNS,
  NODE_JOINS,
  NodeTableRow,
  storedNode,
} from './nodeReads';
import { selectRows } from './sqlDialect';
import { severitySql } from './severity';

interface NeighbourRow extends NodeTableRow {
  rel: number;
  required: number;
  total: number | string;
}

/**
 * At most `limit` neighbours per relation and direction, the worst first. `more` tells for `<relation>/<direction>`
 * how many are left out. A node that the filter hides has no neighbours.
 */
export async function readNeighbours(
  knex: Knex,
  moment: Moment,
  dictionaries: Dictionaries,
  key: string,
  options: { filter?: NodeFilter; limit: number },
): Promise<{ neighbours: Neighbour[]; more: Record<string, number> }> {
  const neighbours: Neighbour[] = [];
  const more: Record<string, number> = {};
  for (const direction of ['out', 'in'] as const) {
    const rows = await readSide(knex, moment, key, direction, options);
    for (const row of rows) {
      const relation = dictionaries.relation(row.rel);
      if (relation) {
        neighbours.push({
          relation,
          direction,
          required: Number(row.required) === 1,
          node: storedNode(row),
        });
        const left = Number(row.total) - options.limit;
        if (left > 0) {
          more[`${relation.name}/${direction}`] = left;
        }
      }
    }
  }
  return { neighbours, more };
}

async function readSide(
  knex: Knex,
  moment: Moment,
  key: string,
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
       SELECT self.id FROM ${moment.search} self WHERE self.key = ? AND ${
      self.sql
    }
     ), found AS MATERIALIZED (
       SELECT other.id, other.name, ${severitySql('other')} AS severity,
         e.rel, e.required
       FROM self CROSS JOIN ${moment.edges} e
         CROSS JOIN ${moment.nodes} other
       WHERE e.${here} = self.id AND other.id = e.${there} AND ${other.sql}
     ), placed AS MATERIALIZED (
       SELECT id, rel, required,
         ROW_NUMBER() OVER (PARTITION BY rel ORDER BY severity, name, id) AS place,
         COUNT(*) OVER (PARTITION BY rel) AS total
       FROM found
     )
     SELECT ${NODE_COLUMNS}, p.rel, p.required, p.total, p.place
     FROM placed p CROSS JOIN ${moment.nodes} n ${NODE_JOINS}
     WHERE p.place <= ? AND n.id = p.id
     ORDER BY p.rel, p.place`,
    [key, ...self.bindings, ...other.bindings, limit],
  );
}
