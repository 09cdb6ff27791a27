/** One request that the simulator answered or is answering. */
export interface LoggedRequest {
  /** Milliseconds since the epoch. */
  at: number;
  method: string;
  /** With its query. */
  url: string;
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  user: string;
  accept: string;
  userAgent: string;
  /** Undefined while there is no answer. */
  status?: number;
}

/** The last requests, for tests to assert on. */
export class RequestLog {
  readonly #limit: number;
  #entries: LoggedRequest[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit * 1.25) {
      this.#entries = this.#entries.slice(-this.#limit);
    }
  }

  /** Oldest first; with a pattern, those that agree in all its fields. */
  all(pattern: Partial<LoggedRequest> = {}): LoggedRequest[] {
    const wanted = Object.entries(pattern);
    return this.#entries.filter(entry =>
      wanted.every(
        ([field, value]) => entry[field as keyof LoggedRequest] === value,
      ),
    );
  }

  clear(): void {
    this.#entries = [];
  }
}
