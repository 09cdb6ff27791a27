import { useApi } from '@backstage/frontend-plugin-api';
import {
  RestartRun,
  RestartTarget,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { topologyApiRef } from '../api/TopologyApi';
import { Failure, failureOf } from './failure';

const PROGRESS_INTERVAL = 500;

/** A restart on its way: planned, confirmed, followed to its end. */
export type RestartState =
  | { stage: 'planning' }
  | { stage: 'planned'; plan: RestartRun }
  | { stage: 'starting'; plan: RestartRun }
  /** `lost`: the last question for its progress was not answered; it is asked again. */
  | { stage: 'followed'; run: RestartRun; lost?: Failure }
  | { stage: 'failed'; failure: Failure };

/** Plans a restart at once, starts it on `confirm`, then follows it until it is done or failed. */
export function useRestart(target: RestartTarget): {
  state: RestartState;
  confirm(): void;
} {
  const api = useApi(topologyApiRef);
  const [state, setState] = useState<RestartState>({ stage: 'planning' });
  const subject = JSON.stringify(target);
  const alive = useRef(true);

  useEffect(() => {
    alive.current = true;
    const abort = new AbortController();
    setState({ stage: 'planning' });
    api
      .restart(
        { target: JSON.parse(subject), dryRun: true },
        { signal: abort.signal },
      )
      .then(
        plan => {
          if (!abort.signal.aborted) setState({ stage: 'planned', plan });
        },
        error => {
          if (!abort.signal.aborted) {
            setState({ stage: 'failed', failure: failureOf(error) });
          }
        },
      );
    return () => {
      alive.current = false;
      abort.abort();
    };
  }, [api, subject]);

  const confirm = useCallback(() => {
    setState(former =>
      former.stage === 'planned'
        ? { stage: 'starting', plan: former.plan }
        : former,
    );
    api.restart({ target: JSON.parse(subject) }).then(
      run => alive.current && setState({ stage: 'followed', run }),
      error =>
        alive.current &&
        setState({ stage: 'failed', failure: failureOf(error) }),
    );
  }, [api, subject]);

  const runId =
    state.stage === 'followed' && state.run.state === 'running'
      ? state.run.id
      : undefined;
  useEffect(() => {
    if (runId === undefined) {
      return undefined;
    }
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const follow = async () => {
      try {
        const run = await api.restartRun(runId);
        if (!stopped) setState({ stage: 'followed', run });
      } catch (error) {
        if (!stopped) {
          const lost = failureOf(error);
          setState(former =>
            former.stage === 'followed' ? { ...former, lost } : former,
          );
        }
      }
      if (!stopped) timer = setTimeout(follow, PROGRESS_INTERVAL);
    };
    timer = setTimeout(follow, PROGRESS_INTERVAL);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [api, runId]);

  return { state, confirm };
}
