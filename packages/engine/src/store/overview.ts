import { Knex } from 'knex';
import { PROBLEM_LEVELS, StatusLevel } from '../kinds/status';
import { Moment } from './moment';
import { NodeFilter } from './nodeFilter';
import { nodeFilterSql } from './nodeFilterSql';
import { selectRows } from './sqlDialect';

/** What a namespace holds, or a cluster outside of its namespaces. */
export interface PlaceCounts {
  cluster: string;
  /** `''`: what is in none. */
  namespace: string;
  /** Objects by level; levels without any are left out. Containers and what contains all others do not count. */
  levels: Partial<Record<StatusLevel, number>>;
  /** Of them, pods. */
  pods: number;
}

export interface Overview {
  /** Those with the most that is wrong first. */
  places: PlaceCounts[];
  /** Places beyond the limit. */
  more: number;
}

/** Parts and frames: counting them tells nothing. */
const NOT_COUNTED = ['Container', 'Cluster', 'Namespace', 'EndpointSlice'];

interface Row {
  cluster: string;
  namespace: string;
  level: StatusLevel;
  is_pod: number;
  total: number | string;
}

/** Counts of all places, in one pass over the nodes that the asker may see. */
export async function readOverview(
  knex: Knex,
  moment: Moment,
  options: { clusters?: readonly string[]; filter?: NodeFilter; limit: number },
): Promise<Overview> {
  const { clusters, filter, limit } = options;
  const visible = nodeFilterSql(filter, 'n');
  const rows = await selectRows<Row>(
    knex,
    `WITH counted AS MATERIALIZED (
       SELECT n.cluster_id, n.namespace, n.level,
         CASE WHEN n.kind_id IN (SELECT id FROM kinds WHERE text = 'Pod') THEN 1 ELSE 0 END AS is_pod
       FROM ${moment.nodes} n
       WHERE n.level <> 'history'
         AND n.kind_id NOT IN (SELECT id FROM kinds WHERE kind IN (${NOT_COUNTED.map(
           () => '?',
         ).join()}))
         AND ${visible.sql}
     )
     SELECT c.name AS cluster, n.namespace, n.level, n.is_pod, COUNT(*) AS total
     FROM counted n JOIN clusters c ON c.id = n.cluster_id
     ${
       clusters
         ? `WHERE c.name IN (${clusters.map(() => '?').join() || 'NULL'})`
         : ''
     }
     GROUP BY c.name, n.namespace, n.level, n.is_pod`,
    [...NOT_COUNTED, ...visible.bindings, ...(clusters ?? [])],
  );
  const places = placesOf(rows);
  return {
    places: places.slice(0, limit),
    more: Math.max(0, places.length - limit),
  };
}

function placesOf(rows: readonly Row[]): PlaceCounts[] {
  const places = new Map<string, PlaceCounts>();
  for (const { cluster, namespace, level, is_pod, total } of rows) {
    const id = JSON.stringify([cluster, namespace]);
    const place = places.get(id) ?? { cluster, namespace, levels: {}, pods: 0 };
    places.set(id, place);
    place.levels[level] = (place.levels[level] ?? 0) + Number(total);
    if (Number(is_pod) === 1) {
      place.pods += Number(total);
    }
  }
  return [...places.values()].sort(
    (a, b) =>
      problemsIn(b) - problemsIn(a) ||
      a.cluster.localeCompare(b.cluster) ||
      a.namespace.localeCompare(b.namespace),
  );
}

function problemsIn({ levels }: PlaceCounts): number {
  return [...PROBLEM_LEVELS].reduce(
    (sum, level) => sum + (levels[level] ?? 0),
    0,
  );
}
