import { useApi } from '@backstage/frontend-plugin-api';
import {
  Incidents,
  PlaceTopology,
  TopologyOverview,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useMemo } from 'react';
import { topologyApiRef } from '../api/TopologyApi';
import { reuseUnchanged } from '../model/reuseUnchanged';
import { LiveAnswerState, useLiveAnswer } from './useLiveAnswer';

/** Signals may be lost with a connection. */
const POLL_INTERVAL_BESIDE_SIGNALS = 30_000;
const EVERYWHERE = '*';

/** A namespace, or with `''` what of a cluster is in none. */
export interface Place {
  cluster: string;
  namespace: string;
}

/** How many objects of which level each namespace holds, in all clusters. */
export function useOverview(): LiveAnswerState<TopologyOverview> {
  const api = useApi(topologyApiRef);
  const question = useMemo(
    () => ({
      ask: () => api.overview(),
      merge: (former: TopologyOverview, current: TopologyOverview) => ({
        ...current,
        places: reuseUnchanged(former.places, current.places, place =>
          JSON.stringify([place.cluster, place.namespace]),
        ),
      }),
      pollBesideSignals: POLL_INTERVAL_BESIDE_SIGNALS,
    }),
    [api],
  );
  return useLiveAnswer(EVERYWHERE, question);
}

/** What is in trouble and why, everywhere or in one place. */
export function useIncidents(
  place: Place | undefined,
): LiveAnswerState<Incidents> {
  const api = useApi(topologyApiRef);
  const question = useMemo(
    () => ({
      ask: (subject: string) =>
        api.incidents(subject === EVERYWHERE ? {} : scopeOf(subject)),
      merge: (former: Incidents, current: Incidents) => ({
        ...current,
        incidents: reuseUnchanged(
          former.incidents,
          current.incidents,
          incident => incident.id,
        ),
      }),
      pollBesideSignals: POLL_INTERVAL_BESIDE_SIGNALS,
    }),
    [api],
  );
  return useLiveAnswer(place ? textOf(place) : EVERYWHERE, question);
}

/** The graph of a place. */
export function usePlaceTopology(place: Place): LiveAnswerState<PlaceTopology> {
  const api = useApi(topologyApiRef);
  const question = useMemo(
    () => ({
      ask: (subject: string) => api.placeTopology(placeOf(subject)),
      merge: (former: PlaceTopology, current: PlaceTopology) => ({
        ...current,
        nodes: reuseUnchanged(former.nodes, current.nodes, node => node.key),
        causes: reuseUnchanged(
          former.causes,
          current.causes,
          cause => cause.root.key,
        ),
      }),
      pollBesideSignals: POLL_INTERVAL_BESIDE_SIGNALS,
    }),
    [api],
  );
  return useLiveAnswer(textOf(place), question);
}

function textOf({ cluster, namespace }: Place): string {
  return JSON.stringify([cluster, namespace]);
}

function placeOf(text: string): Place {
  const [cluster, namespace] = JSON.parse(text) as [string, string];
  return { cluster, namespace };
}

/** Nothing is in the namespace `''` that could be asked for by it: then the cluster is. */
function scopeOf(text: string): { cluster: string; namespace?: string } {
  const { cluster, namespace } = placeOf(text);
  return namespace === '' ? { cluster } : { cluster, namespace };
}
