import { useApi } from '@backstage/frontend-plugin-api';
import {
  Explanation,
  NodeDetails,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useCallback } from 'react';
import { topologyApiRef } from '../api/TopologyApi';
import { AnswerState, useAnswer } from './useAnswer';

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
