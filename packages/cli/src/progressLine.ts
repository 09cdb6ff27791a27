import { shortened } from './textTable';

/** The part of standard error that is needed. */
export type ProgressStream = Pick<
  NodeJS.WriteStream,
  'isTTY' | 'columns' | 'write'
>;

/** What takes long says on standard error how far it is: one line that changes on a terminal, lines elsewhere. */
export class ProgressLine {
  readonly #stream: ProgressStream;
  readonly #isTold: boolean;
  #last = '';

  constructor(stream: ProgressStream, isWanted: boolean | undefined) {
    this.#stream = stream;
    this.#isTold = isWanted ?? stream.isTTY === true;
  }

  show(text: string): void {
    if (this.#isTold && text !== this.#last) {
      this.#last = text;
      const { isTTY, columns = 80 } = this.#stream;
      // A line that wraps could not be taken back.
      this.#stream.write(
        isTTY ? `\r\x1b[2K${shortened(text, columns - 1)}` : `${text}\n`,
      );
    }
  }

  /** Leaves the line to what comes. */
  end(): void {
    if (this.#last !== '' && this.#stream.isTTY) {
      this.#stream.write('\r\x1b[2K');
    }
    this.#last = '';
  }
}
