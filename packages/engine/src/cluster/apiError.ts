/** Why a request to an API server gave no usable answer. */
export type ApiErrorReason =
  | 'unauthorized' // 401
  | 'forbidden' // 403
  | 'absent' // 404
  | 'gone' // 410: the resource version or continue token is too old
  | 'throttled' // 429
  | 'refused' // any other status
  | 'unreachable' // no connection, or it broke
  | 'silent' // no answer in time
  | 'too-large'
  | 'malformed'; // not what a Kubernetes API server answers

const ADVICE: { readonly [reason in ApiErrorReason]?: string } = {
  unauthorized:
    "Check the cluster's credentials: the token may have expired or belong to another cluster.",
  forbidden:
    'Grant this identity the verbs list and watch on it (a ClusterRole and a binding).',
  absent: 'This API server does not serve it.',
  throttled: 'Reading goes on more slowly.',
};

/** A failed request. The message says what failed and what to do; it holds neither credentials nor object contents. */
export class ApiError extends Error {
  readonly name = 'ApiError';

  constructor(
    readonly reason: ApiErrorReason,
    message: string,
    readonly details: {
      /** HTTP status. */
      status?: number;
      /** Milliseconds that the server asked to wait. */
      retryAfter?: number;
      /** The token of an expired list that returns the rest at a newer revision. */
      continueToken?: string;
    } = {},
  ) {
    super(message);
  }

  /** From the status and body of an answer that is no success; `what` reads `list pods`. */
  static fromAnswer(
    what: string,
    status: number,
    body: string,
    retryAfterHeader?: string,
  ): ApiError {
    const answer = parseStatus(body);
    const seconds = Number(
      retryAfterHeader ?? answer?.details?.retryAfterSeconds,
    );
    const said = answer?.message
      ? String(answer.message).slice(0, 500)
      : `no reason given`;
    const reason = reasonOf(status);
    return new ApiError(
      reason,
      `Could not ${what}: HTTP ${status}, ${said}. ${
        ADVICE[reason] ?? ''
      }`.trim(),
      {
        status,
        retryAfter: seconds > 0 ? seconds * 1000 : undefined,
        continueToken: answer?.metadata?.continue || undefined,
      },
    );
  }
}

function reasonOf(status: number): ApiErrorReason {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'absent';
    case 410:
      return 'gone';
    case 429:
      return 'throttled';
    default:
      return 'refused';
  }
}

/** A `metav1.Status`, or `undefined` for a proxy's HTML page and the like. */
function parseStatus(body: string): { [field: string]: any } | undefined {
  try {
    const answer = JSON.parse(body);
    return answer?.kind === 'Status' ? answer : undefined;
  } catch {
    return undefined;
  }
}
