import { Dialect } from './dialect';
import { sql, Sql } from './sql';

/**
 * The way to an element, as SQL carries it: its items as a JSON list without the brackets. A node is its id, an edge
 * `src:rel:dst`, padded so that ways sort by their ids.
 */
export interface TrailItem {
  node?: number;
  edge?: [src: number, rel: number, dst: number];
}

/** The item for a node's id, or for the three parts of an edge's. */
export function trailItem(keys: readonly Sql[], dialect: Dialect): Sql {
  const parts = keys.map(key => dialect.padded(key));
  return sql`'"' || ${Sql.join(parts, sql` || ':' || `)} || '"'`;
}

export function readTrail(trail: string): TrailItem[] {
  return (JSON.parse(`[${trail}]`) as string[]).map(item => {
    const [first, rel, dst] = item.split(':').map(Number);
    return rel === undefined ? { node: first } : { edge: [first, rel, dst] };
  });
}

/** As SQL writes it. */
export function trailOfNodes(ids: readonly number[]): string {
  return ids.map(id => `"${`${id}`.padStart(10, '0')}"`).join();
}
