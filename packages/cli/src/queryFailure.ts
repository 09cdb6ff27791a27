import { Failure, indented } from './failure';

/** A query that cannot be answered as it is. */
export class QueryFailure extends Failure {
  /** From 1, in the query. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  /** @param excerpt the place with a caret under it */
  constructor(message: string, excerpt?: string) {
    super(message, { details: excerpt && indented(excerpt) });
    // The engine and the portal say it alike.
    const place = /^line (\d+), column (\d+)\b/.exec(message);
    this.line = place ? Number(place[1]) : undefined;
    this.column = place ? Number(place[2]) : undefined;
  }
}
