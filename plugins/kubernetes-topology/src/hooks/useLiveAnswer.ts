import { useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import {
  TOPOLOGY_SIGNAL_CHANNEL,
  TopologySignal,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Failure, failureOf } from './failure';

/** Without signals: how often to ask (milliseconds). */
const POLL_INTERVAL = 5_000;
/** Signals closer together are answered by one request; changes show within 2 s all the same. */
const SIGNAL_DEBOUNCE = 500;

type SignalMessage = TopologySignal & { [name: string]: number };

export interface LiveAnswerState<T> {
  /** The last good answer; stays while a later request fails. */
  value?: T;
  /** When that answer came, milliseconds since the epoch. */
  at?: number;
  /** Why the last request came to nothing. */
  failure?: Failure;
  loading: boolean;
  retry(): void;
}

interface Answer<T> {
  subject: string;
  value?: T;
  at?: number;
  failure?: Failure;
}

export interface LiveQuestion<T> {
  ask(subject: string): Promise<T>;
  /** Takes over from the former answer what did not change. */
  merge?(former: T, current: T): T;
  /** How often to ask although signals come (milliseconds): for what changes without a signal, and lost connections. */
  pollBesideSignals: number;
}

/**
 * Asks a question about a subject again on every hint that something changed. On another subject the former answer
 * goes at once. `undefined` as the subject asks nothing.
 *
 * @param question - must keep its identity from one rendering to the next
 */
export function useLiveAnswer<T>(
  subject: string | undefined,
  question: LiveQuestion<T>,
): LiveAnswerState<T> {
  const { ask, merge, pollBesideSignals } = question;
  const signals = useApiHolder().get(signalApiRef);
  const [answer, setAnswer] = useState<Answer<T>>();
  const signalled = useRef(false);

  /** At most one request runs; a wish during it is granted after it. */
  const running = useRef<{ again: boolean } | undefined>(undefined);
  const current = useRef(subject);
  current.current = subject;

  const load = useCallback(async () => {
    if (running.current) {
      running.current.again = true;
      return;
    }
    const asked = current.current;
    if (asked === undefined) {
      return;
    }
    const run = { again: false };
    running.current = run;
    const own = (former: Answer<T> | undefined) =>
      former?.subject === asked ? former : undefined;
    try {
      const value = await ask(asked);
      setAnswer(former => {
        const known = own(former)?.value;
        return {
          subject: asked,
          value: known !== undefined && merge ? merge(known, value) : value,
          at: Date.now(),
        };
      });
    } catch (error) {
      const failure = failureOf(error);
      setAnswer(former => ({
        subject: asked,
        failure,
        // Who may not see it any more shall not go on seeing it.
        ...(failure.kind !== 'forbidden'
          ? { value: own(former)?.value, at: own(former)?.at }
          : {}),
      }));
    } finally {
      running.current = undefined;
      if (run.again || current.current !== asked) {
        load();
      }
    }
  }, [ask, merge]);

  useEffect(() => {
    load();
  }, [load, subject]);

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
      const interval = signalled.current ? pollBesideSignals : POLL_INTERVAL;
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
  }, [signals, load, pollBesideSignals]);

  const own = answer?.subject === subject ? answer : undefined;
  return {
    value: own?.value,
    at: own?.at,
    failure: own?.failure,
    loading:
      subject !== undefined &&
      own?.value === undefined &&
      own?.failure === undefined,
    retry: load,
  };
}
