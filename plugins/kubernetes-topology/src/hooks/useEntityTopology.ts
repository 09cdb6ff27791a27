import { useApi } from '@backstage/frontend-plugin-api';
import { EntityTopology } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useMemo } from 'react';
import { topologyApiRef } from '../api/TopologyApi';
import { reuseUnchanged } from '../model/reuseUnchanged';
import { LiveAnswerState, useLiveAnswer } from './useLiveAnswer';

/** With signals: a lost connection must not freeze the picture for ever. */
const POLL_INTERVAL_BESIDE_SIGNALS = 60_000;

export interface EntityTopologyState
  extends Omit<LiveAnswerState<EntityTopology>, 'value'> {
  /** The last good answer; stays while a later request fails. */
  topology?: EntityTopology;
}

function merged(
  former: EntityTopology,
  current: EntityTopology,
): EntityTopology {
  const edgeIdentity = (edge: EntityTopology['edges'][number]) =>
    `${edge.source} ${edge.relation} ${edge.target}`;
  return {
    ...current,
    nodes: reuseUnchanged(former.nodes, current.nodes, node => node.key),
    edges: reuseUnchanged(former.edges, current.edges, edgeIdentity),
    causes: reuseUnchanged(
      former.causes,
      current.causes,
      cause => cause.root.key,
    ),
  };
}

/** The topology of an entity, asked again on every hint that something changed. */
export function useEntityTopology(entityRef: string): EntityTopologyState {
  const api = useApi(topologyApiRef);
  const question = useMemo(
    () => ({
      ask: (ref: string) => api.entityTopology(ref),
      merge: merged,
      pollBesideSignals: POLL_INTERVAL_BESIDE_SIGNALS,
    }),
    [api],
  );
  const { value, ...state } = useLiveAnswer(entityRef, question);
  return { topology: value, ...state };
}
