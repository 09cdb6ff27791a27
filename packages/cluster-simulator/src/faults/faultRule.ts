import { RequestInfo } from '../server/requestInfo';
import { Replay } from '../server/watchStream';

/** What goes wrong with a request. */
export type FaultAction =
  /** Answers with a Status of this code. */
  | {
      kind: 'status';
      code: number;
      reason?: string;
      message?: string;
      retryAfterSeconds?: number;
    }
  /** A watch answers 200, then an ERROR event of this code, and ends. */
  | { kind: 'errorEvent'; code: number; reason?: string; message?: string }
  /** Takes the request and never answers. */
  | { kind: 'hang' }
  /** Cuts the connection without an answer. */
  | { kind: 'reset' }
  /** Answers later. */
  | { kind: 'delay'; milliseconds: number }
  /** A watch tells again what came before its start (`Replay`). */
  | ({ kind: 'replay' } & Replay)
  /** Ends the answer's body after so many bytes; `reset` cuts the connection there. */
  | { kind: 'truncate'; bytes: number; end: 'clean' | 'reset' };

/** Which requests; what is left out matches all. */
export interface FaultPattern {
  verb?: RequestInfo['verb'];
  resource?: string;
  namespace?: string;
  path?: RegExp;
}

export function matchesPattern(
  pattern: FaultPattern,
  { verb, path, target }: RequestInfo,
): boolean {
  return (
    (pattern.verb === undefined || pattern.verb === verb) &&
    (pattern.resource === undefined || pattern.resource === target?.resource) &&
    (pattern.namespace === undefined ||
      pattern.namespace === target?.namespace) &&
    (pattern.path === undefined || pattern.path.test(path))
  );
}
