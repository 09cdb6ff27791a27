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

/** The user pressed Ctrl-C, or the process was told to end. */
export class Interrupted extends Error {
  readonly name = 'Interrupted';
  /** As shells count: 128 and the signal's number. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT') {
    super('interrupted');
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/** A wrong call of the command. */
export function usageFailure(message: string): Failure {
  return new Failure(message, { exitCode: 2 });
}

export function indented(text: string): string {
  return text
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n');
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  // Several addresses that refuse are one error without words.
  const { code = error.name } = error as NodeJS.ErrnoException;
  return error.message || code;
}
