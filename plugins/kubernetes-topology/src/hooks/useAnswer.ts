import { useCallback, useEffect, useState } from 'react';
import { Failure, failureOf } from './failure';

export interface AnswerState<T> {
  value?: T;
  failure?: Failure;
  loading: boolean;
  retry(): void;
}

/**
 * Asks a question again when its subject or the revision changes. On another subject the former answer goes at
 * once; on another revision it stays until the new one comes.
 */
export function useAnswer<T>(
  subject: string | undefined,
  revision: number,
  ask: (subject: string, signal: AbortSignal) => Promise<T>,
): AnswerState<T> {
  const [answer, setAnswer] = useState<{
    subject?: string;
    value?: T;
    failure?: Failure;
  }>({});
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt(count => count + 1), []);

  useEffect(() => {
    if (subject === undefined) {
      return undefined;
    }
    const abort = new AbortController();
    ask(subject, abort.signal).then(
      value => {
        if (!abort.signal.aborted) setAnswer({ subject, value });
      },
      error => {
        if (!abort.signal.aborted) {
          setAnswer(former => ({
            subject,
            value: former.subject === subject ? former.value : undefined,
            failure: failureOf(error),
          }));
        }
      },
    );
    return () => abort.abort();
  }, [subject, revision, ask, attempt]);

  const own = answer.subject === subject ? answer : {};
  return {
    value: own.value,
    failure: own.failure,
    loading:
      subject !== undefined &&
      own.value === undefined &&
      own.failure === undefined,
    retry,
  };
}
