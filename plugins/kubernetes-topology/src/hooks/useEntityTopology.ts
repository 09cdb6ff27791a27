import { useApi, useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import {
  EntityTopology,
  TOPOLOGY_SIGNAL_CHANNEL,
  TopologySignal,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { topologyApiRef } from '../api/TopologyApi';
import { reuseUnchanged } from '../model/reuseUnchanged';
import { Failure, failureOf } from './failure';

/** Without signals: how often to ask (milliseconds). */
const POLL_INTERVAL = 5_000;
/** With signals: a lost connection must not freeze the picture for ever. */
const POLL_INTERVAL_BESIDE_SIGNALS = 60_000;
/** Signals closer together are answered by one request; changes show within 2 s all the same. */
const SIGNAL_DEBOUNCE = 500;

type SignalMessage = TopologySignal & { [name: string]: number };

export interface EntityTopologyState {
  /** The last good answer; stays while a later request fails. */
  topology?: EntityTopology;
  /** When that answer came, milliseconds since the epoch. */
  at?: number;
  /** Why the last request came to nothing. */
  failure?: Failure;
  loading: boolean;
  retry(): void;
}

interface Answer {
  entityRef: string;
  topology?: EntityTopology;
  at?: number;
  failure?: Failure;
}

function merged(
  former: EntityTopology | undefined,
  current: EntityTopology,
): EntityTopology {
  if (!former) return current;
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
  const signals = useApiHolder().get(signalApiRef);
  const [answer, setAnswer] = useState<Answer>({ entityRef });
  const signalled = useRef(false);

  /** At most one request runs; a wish during it is granted after it. */
  const running = useRef<{ again: boolean } | undefined>(undefined);
  const current = useRef(entityRef);
  current.current = entityRef;

  const load = useCallback(async () => {
    if (running.current) {
      running.current.again = true;
      return;
    }
    const run = { again: false };
    running.current = run;
    const asked = current.current;
    try {
      const topology = await api.entityTopology(asked);
      setAnswer(former => ({
        entityRef: asked,
        topology: merged(
          former.entityRef === asked ? former.topology : undefined,
          topology,
        ),
        at: Date.now(),
      }));
    } catch (error) {
      const failure = failureOf(error);
      setAnswer(former => ({
        entityRef: asked,
        failure,
        // Who may not see it any more shall not go on seeing it.
        ...(former.entityRef === asked && failure.kind !== 'forbidden'
          ? { topology: former.topology, at: former.at }
          : {}),
      }));
    } finally {
      running.current = undefined;
      if (run.again || current.current !== asked) {
        load();
      }
    }
  }, [api]);

  useEffect(() => {
    load();
  }, [load, entityRef]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const subscription = signals?.subscribe<SignalMessage>(
      TOPOLOGY_SIGNAL_CHANNEL,
      () => {
        signalled.current = true;
        timer ??= setTimeout(() => {
          timer = undefined;
          load();
        }, SIGNAL_DEBOUNCE);
      },
    );
    let last = Date.now();
    const poll = setInterval(() => {
      // The API may be there and its server not: until a first signal comes, it is asked as if there were none.
      const interval = signalled.current
        ? POLL_INTERVAL_BESIDE_SIGNALS
        : POLL_INTERVAL;
      if (Date.now() - last >= interval && !document.hidden) {
        last = Date.now();
        load();
      }
    }, 1_000);
    return () => {
      subscription?.unsubscribe();
      clearTimeout(timer);
      clearInterval(poll);
    };
  }, [signals, load]);

  const own = answer.entityRef === entityRef ? answer : { entityRef };
  return {
    topology: own.topology,
    at: own.at,
    failure: own.failure,
    loading: !own.topology && !own.failure,
    retry: load,
  };
}
