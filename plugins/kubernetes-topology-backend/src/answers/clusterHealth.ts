import {
  ClusterState,
  kindText,
  kindType,
  NodeFilter,
} from '@kubernetes-topology/engine';
import {
  ClusterHealth,
  KindHealth,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { KnownClusters } from '../clusters/clusterDirectory';
import { syncProgress } from './clusterStatuses';
import { filterSight } from '../permissions/filterSight';

export interface ClusterHealthOptions {
  state: ClusterState | undefined;
  unwatched: KnownClusters['unwatched'][number] | undefined;
  /** The last one that this replica wrote for it. */
  revision: number | undefined;
  /** The replica that reads the cluster. */
  holder: string | undefined;
  /** Milliseconds, by `kindText`. */
  lags: ReadonlyMap<string, number>;
}

/**
 * One cluster in full, for one caller; `undefined` when it is not there or they may see nothing of it, which an answer
 * must not tell apart.
 */
export function clusterHealth(
  name: string,
  filter: NodeFilter | undefined,
  { state, unwatched, revision, holder, lags }: ClusterHealthOptions,
): ClusterHealth | undefined {
  if (filterSight(filter, { cluster: name }) === 'none') {
    return undefined;
  }
  if (unwatched) {
    const { reason, at } = unwatched;
    return {
      name,
      state: 'failing',
      message: reason,
      updatedAt: at,
      kinds: [],
    };
  }
  if (!state) {
    return undefined;
  }
  const kinds = state.kinds.flatMap(
    kind => kindHealth(kind, { cluster: name, filter, lags }) ?? [],
  );
  return {
    name,
    state: state.state,
    message: state.message,
    ...(state.progress && { progress: syncProgress(state.progress) }),
    ...(revision !== undefined && { revision }),
    updatedAt: Math.max(state.at, ...kinds.map(({ at }) => at)),
    ...(holder !== undefined && { holder }),
    kinds,
  };
}

function kindHealth(
  state: ClusterState['kinds'][number],
  context: {
    cluster: string;
    filter: NodeFilter | undefined;
    lags: ReadonlyMap<string, number>;
  },
): KindHealth | undefined {
  const { cluster, filter, lags } = context;
  const sight = filterSight(filter, { cluster, kind: state.kind });
  if (sight === 'none') {
    return undefined;
  }
  const { kind, group } = state.kind;
  const lagMs = lags.get(kindText(state.kind));
  const isCounted = sight === 'all';
  const objects = 'objects' in state ? state.objects ?? 0 : 0;
  const expected = 'expected' in state ? state.expected : undefined;
  const message = 'message' in state ? state.message : undefined;
  return {
    kind,
    group,
    type: kindType(state.kind),
    state: state.state,
    objects: isCounted ? objects : 0,
    ...(isCounted && expected !== undefined && { expected }),
    ...(!isCounted && { countHidden: true as const }),
    ...(message && { message }),
    ...(lagMs !== undefined && { lagMs }),
    at: state.at ?? 0,
  };
}
