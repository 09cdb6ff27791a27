/** What keeps a command from its answer, told in one line that says what to do. */
export class Failure extends Error {
  readonly name = 'Failure';
  /** 2 for a wrong call of the command, 1 for everything else. */
  readonly exitCode: 1 | 2;
  /** Lines below the message, e.g. the query with a caret under the fault. */
  readonly details: string | undefined;

  constructor(
    message: string,
    options: { exitCode?: 1 | 2; details?: string } = {},
  ) {
    super(message);
    this.exitCode = options.exitCode ?? 1;
    this.details = options.details;
  }
}
