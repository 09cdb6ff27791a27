import {
  ClusterState,
  kindText,
  KindState,
  NodeFilter,
} from '@kubernetes-topology/engine';
import {
  ClusterStatus,
  SyncProgress,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { KnownClusters } from '../clusters/clusterDirectory';
import { filterSight } from '../permissions/filterSight';

/**
 * How well each cluster is read, for one caller: clusters and kinds of which they may see nothing are left out, and
 * a kind's objects are only counted where they may see all of them.
 */
export function clusterStatuses(
  states: readonly ClusterState[],
  unwatched: KnownClusters['unwatched'],
  filter: NodeFilter | undefined,
): ClusterStatus[] {
  const all = [
    ...states.map(state => ({
      name: state.name,
      state: state.state,
      message: state.message,
      ...(state.progress && { progress: syncProgress(state.progress) }),
      at: state.at,
      kinds: state.kinds.flatMap(kind => kindStatus(kind, state.name, filter)),
    })),
    ...unwatched.map(({ name, reason, at }) => ({
      name,
      state: 'failing' as const,
      message: reason,
      at,
      kinds: [],
    })),
  ];
  return all.filter(
    ({ name }) => filterSight(filter, { cluster: name }) !== 'none',
  );
}

export function syncProgress({
  kinds,
  ofKinds,
  percent,
}: NonNullable<ClusterState['progress']>): SyncProgress {
  return { kinds: ofKinds, kindsDone: kinds, percent };
}

function kindStatus(
  state: KindState,
  cluster: string,
  filter: NodeFilter | undefined,
): ClusterStatus['kinds'] {
  const sight = filterSight(filter, { cluster, kind: state.kind });
  if (sight === 'none') {
    return [];
  }
  return [
    {
      kind: kindText(state.kind),
      state: state.state,
      objects: state.state === 'listed' && sight === 'all' ? state.objects : 0,
      ...(sight === 'some' && { countHidden: true as const }),
      message: ('message' in state && state.message) || '',
    },
  ];
}
