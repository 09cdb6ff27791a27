/** The part of standard output that is needed. */
export interface StyledStream {
  isTTY?: boolean;
}

const CODES = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
} as const;

export type StyleName = keyof typeof CODES;

/** Colours where they are wanted: on a terminal, unless NO_COLOR is set (https://no-color.org). */
export class Style {
  readonly #isColoured: boolean;

  static of(stream: StyledStream, env: NodeJS.ProcessEnv = process.env): Style {
    return new Style(
      stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    );
  }

  private constructor(isColoured: boolean) {
    this.#isColoured = isColoured;
  }

  paint(style: StyleName | undefined, text: string): string {
    return this.#isColoured && style && text !== ''
      ? `\x1b[${CODES[style]}m${text}\x1b[0m`
      : text;
  }
}

/** Mark, colour: a status is never told by its colour alone. */
const MARKS: Record<string, readonly [mark: string, style: StyleName]> = {
  ok: ['✓', 'green'],
  up: ['✓', 'green'],
  progressing: ['↻', 'blue'],
  degraded: ['!', 'yellow'],
  down: ['✗', 'red'],
  missing: ['∅', 'red'],
  unknown: ['?', 'magenta'],
  terminating: ['×', 'dim'],
  suspended: ['‖', 'dim'],
  maintenance: ['‖', 'dim'],
  idle: ['·', 'dim'],
  history: ['·', 'dim'],
};

/** `✗ down`; of a status that is not known the word alone. */
export function statusText(status: string, style: Style): string {
  const [mark, colour] = MARKS[status] ?? ['', undefined];
  const text = mark === '' ? status : `${mark} ${status}`;
  return style.paint(colour, text);
}
