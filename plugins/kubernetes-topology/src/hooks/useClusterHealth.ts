import { useApi } from '@backstage/frontend-plugin-api';
import {
  ClusterHealth,
  ClusterStatus,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useMemo } from 'react';
import { topologyApiRef } from '../api/TopologyApi';
import { reuseUnchanged } from '../model/reuseUnchanged';
import { LiveAnswerState, useLiveAnswer } from './useLiveAnswer';

/** Lag, lease and progress change without a signal. */
const POLL_INTERVAL_BESIDE_SIGNALS = 5_000;

/** Every cluster that the caller may see, and how well it is read. */
export function useClusters(): LiveAnswerState<ClusterStatus[]> {
  const api = useApi(topologyApiRef);
  const question = useMemo(
    () => ({
      ask: () => api.clusters(),
      merge: (former: ClusterStatus[], current: ClusterStatus[]) =>
        reuseUnchanged(former, current, cluster => cluster.name),
      pollBesideSignals: POLL_INTERVAL_BESIDE_SIGNALS,
    }),
    [api],
  );
  return useLiveAnswer('clusters', question);
}

function merged(former: ClusterHealth, current: ClusterHealth): ClusterHealth {
  return {
    ...current,
    kinds: reuseUnchanged(
      former.kinds,
      current.kinds,
      ({ kind, group }) => `${kind}.${group}`,
    ),
  };
}

/** How well a cluster is read, kind by kind; of no cluster while none is named. */
export function useClusterHealth(
  name: string | undefined,
): LiveAnswerState<ClusterHealth> {
  const api = useApi(topologyApiRef);
  const question = useMemo(
    () => ({
      ask: (cluster: string) => api.clusterHealth(cluster),
      merge: merged,
      pollBesideSignals: POLL_INTERVAL_BESIDE_SIGNALS,
    }),
    [api],
  );
  return useLiveAnswer(name, question);
}
