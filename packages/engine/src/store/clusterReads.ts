import { Knex } from 'knex';
import { KindState } from '../graph/delta';
import { Unavailability } from '../kinds/update';
import { syncProgress } from '../syncProgress';
import { ClusterState } from '../topology';
import { selectRows } from './sqlDialect';

interface KindStateRow {
  cluster_id: number;
  api_group: string;
  kind: string;
  state: KindState['state'];
  resource_version: string;
  objects: number;
  expected: number;
  message: string;
  at: number | string;
}

/** 0 before the first write. */
export async function readRevision(knex: Knex): Promise<number> {
  const [row] = await selectRows<{ id: number | string | null }>(
    knex,
    'SELECT MAX(id) AS id FROM revisions',
  );
  return Number(row.id ?? 0);
}

export async function readClusters(knex: Knex): Promise<ClusterState[]> {
  const clusters = await selectRows<{
    id: number;
    name: string;
    state: ClusterState['state'];
    message: string;
    at: number | string;
  }>(knex, 'SELECT id, name, state, message, at FROM clusters ORDER BY name');
  const states = await selectRows<KindStateRow>(
    knex,
    `SELECT s.cluster_id, k.api_group, k.kind, s.state, s.resource_version, s.objects, s.expected, s.message, s.at
     FROM kind_states s JOIN kinds k ON k.id = s.kind_id ORDER BY k.text`,
  );
  return clusters.map(({ id, name, state, message, at }) => {
    const kinds = states
      .filter(row => row.cluster_id === id)
      .map(row => ({ ...kindStateFrom(row), at: Number(row.at) }));
    return {
      name,
      state,
      message,
      at: Number(at),
      kinds,
      ...(state === 'syncing' && { progress: syncProgress(kinds) }),
    };
  });
}

function kindStateFrom(row: KindStateRow): KindState {
  const kind = { group: row.api_group, kind: row.kind };
  switch (row.state) {
    case 'listing':
      return {
        state: 'listing',
        kind,
        objects: Number(row.objects),
        ...(row.expected > 0 && { expected: Number(row.expected) }),
      };
    case 'listed':
      return {
        state: 'listed',
        kind,
        resourceVersion: row.resource_version,
        objects: Number(row.objects),
        ...(row.message && { message: row.message }),
      };
    default:
      return {
        state: row.state satisfies Unavailability,
        kind,
        message: row.message,
      };
  }
}
