/** A stretch of the query's text: UTF-16 offsets, as JavaScript counts. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

export interface GremlinErrorOptions {
  /** The whole query. */
  text: string;
  at: Place;
  /** What is wrong, without a position. */
  problem: string;
  /** What would have been right here, e.g. `a step` or `")"`. */
  expected?: string;
  /** The word that was probably meant. */
  suggestion?: string;
  /** `bound`: the query is well formed, but a limit (length, depth, time) forbids it. Default `syntax`. */
  reason?: 'syntax' | 'bound';
}

const SHOWN = 76;

/**
 * The only error that a query can cause. `message` is one line with the position, what is wrong, what was expected
 * and, for a misspelt word, a suggestion; `excerpt` shows the place with a caret under it.
 */
export class GremlinError extends Error {
  readonly name = 'GremlinError';
  readonly reason: 'syntax' | 'bound';
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  readonly expected?: string;
  readonly suggestion?: string;
  /** Two lines: the text around the place, and a caret. */
  readonly excerpt: string;

  constructor(options: GremlinErrorOptions) {
    const { text, at, problem, expected, suggestion } = options;
    const before = text.slice(0, at.offset).split('\n');
    const line = before.length;
    const column = [...before[line - 1]].length + 1;
    const parts = [`line ${line}, column ${column}: ${problem}`];
    if (suggestion !== undefined) {
      parts.push(`did you mean ${suggestion}?`);
    }
    if (expected !== undefined) {
      parts.push(`expected ${expected}`);
    }
    super(parts.join('; '));
    this.reason = options.reason ?? 'syntax';
    this.line = line;
    this.column = column;
    this.expected = expected;
    this.suggestion = suggestion;
    this.excerpt = excerptOf(text.split('\n')[line - 1], column, at.length);
  }
}

/** The line around a column, cut to a terminal's width, with carets below. */
function excerptOf(line: string, column: number, length: number): string {
  const characters = [...line.replace(/\s/g, ' ')];
  const start = Math.max(0, Math.min(column - 1 - SHOWN / 2, column - 1));
  const shown = characters.slice(start, start + SHOWN);
  const head = start > 0 ? '…' : '';
  const tail = start + SHOWN < characters.length ? '…' : '';
  const indent = ' '.repeat(head.length + column - 1 - start);
  const carets = '^'.repeat(
    Math.max(1, Math.min(length, start + SHOWN - column + 1)),
  );
  return `${head}${shown.join('')}${tail}\n${indent}${carets}`;
}
