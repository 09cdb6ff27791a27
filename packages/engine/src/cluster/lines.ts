import { ApiError } from './apiError';

const NEWLINE = 0x0a;
const MAX_LINE = 64 * 1024 * 1024;

/** Cuts a stream of bytes into lines. */
export class Lines {
  #rest: Buffer[] = [];
  #restSize = 0;

  /** `what` is for error messages: `watch pods`. */
  constructor(readonly what: string) {}

  isEmpty(): boolean {
    return this.#restSize === 0;
  }

  add(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) {
        break;
      }
      const line = chunk.subarray(start, end);
      lines.push(
        this.#restSize > 0 ? Buffer.concat([...this.#rest, line]) : line,
      );
      this.#rest = [];
      this.#restSize = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#rest.push(chunk.subarray(start));
      this.#restSize += chunk.length - start;
    }
    if (this.#restSize > MAX_LINE) {
      throw new ApiError(
        'too-large',
        `Could not ${this.what}: an event is larger than ${MAX_LINE} bytes.`,
      );
    }
    return lines.filter(line => line.length > 0);
  }
}
