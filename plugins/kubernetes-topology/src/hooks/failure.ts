/** What a request came to nothing for, as the views tell it apart. */
export type Failure =
  | { kind: 'forbidden'; message: string }
  | { kind: 'absent'; message: string }
  | { kind: 'failed'; message: string };

/** Reads the status of the client's `ResponseError`; anything else, such as a lost connection, is `failed`. */
export function failureOf(error: unknown): Failure {
  const { statusCode, cause, message } = (error ?? {}) as {
    statusCode?: number;
    cause?: { message?: string };
    message?: string;
  };
  const words = cause?.message ?? message ?? String(error);
  if (statusCode === 403 || statusCode === 401) {
    return { kind: 'forbidden', message: words };
  }
  return { kind: statusCode === 404 ? 'absent' : 'failed', message: words };
}
