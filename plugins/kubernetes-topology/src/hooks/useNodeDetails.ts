import { useApi } from '@backstage/frontend-plugin-api';
import {
  Explanation,
  Impact,
  NodeDetails,
  NodeHistory,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useCallback } from 'react';
import { topologyApiRef } from '../api/TopologyApi';
import { AnswerState, useAnswer } from './useAnswer';

/** Objects that the panel lists. */
const IMPACTED = 100;
const VERSIONS = 20;

/** All that is known of a node, kept up with the topology's revision. */
export function useNodeDetails(
  key: string | undefined,
  revision: number,
): AnswerState<NodeDetails> {
  const api = useApi(topologyApiRef);
  const ask = useCallback(
    (subject: string, signal: AbortSignal) => api.node(subject, { signal }),
    [api],
  );
  return useAnswer(key, revision, ask);
}

/** Why a node is down; pass no key where nothing is wrong. */
export function useExplanation(
  key: string | undefined,
  revision: number,
): AnswerState<Explanation> {
  const api = useApi(topologyApiRef);
  const ask = useCallback(
    (subject: string, signal: AbortSignal) =>
      api.explanation(subject, { signal }),
    [api],
  );
  return useAnswer(key, revision, ask);
}

/** What breaks if a node goes. */
export function useImpact(key: string, revision: number): AnswerState<Impact> {
  const api = useApi(topologyApiRef);
  const ask = useCallback(
    (subject: string, signal: AbortSignal) =>
      api.impact(subject, { signal, limit: IMPACTED }),
    [api],
  );
  return useAnswer(key, revision, ask);
}

/** How a node was, the newest version first. */
export function useHistory(
  key: string,
  revision: number,
): AnswerState<NodeHistory> {
  const api = useApi(topologyApiRef);
  const ask = useCallback(
    (subject: string, signal: AbortSignal) =>
      api.history(subject, { signal, limit: VERSIONS }),
    [api],
  );
  return useAnswer(key, revision, ask);
}
