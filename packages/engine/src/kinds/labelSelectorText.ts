import { LabelRequirement, LabelSelector } from './labelSelector';

/** A selector's text that kubectl would refuse. `column` counts from 1. */
export class LabelSelectorError extends Error {
  readonly column: number;

  constructor(text: string, column: number, expected: string) {
    super(
      `Label selector '${text}', column ${column}: expected ${expected}. Write it as for kubectl -l: a=b,c!=d,e in (f,g),h notin (i),j,!k`,
    );
    this.name = 'LabelSelectorError';
    this.column = column;
  }
}

interface Token {
  type: 'word' | '=' | '!=' | '!' | ',' | '(' | ')' | 'end';
  text: string;
  column: number;
}

const TOKENS = /\s*(?:(==|!=|[=!,()])|([^\s=!,()]+))/y;
const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const PREFIX =
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

function isLabelKey(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) {
    return NAME.test(text);
  }
  const prefix = text.slice(0, slash);
  return (
    prefix.length <= 253 &&
    PREFIX.test(prefix) &&
    NAME.test(text.slice(slash + 1))
  );
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKENS.lastIndex = 0;
  for (;;) {
    const match = TOKENS.exec(text);
    if (!match) {
      return [...tokens, { type: 'end', text: '', column: text.length + 1 }];
    }
    const [, sign, word] = match;
    const column = TOKENS.lastIndex - (sign ?? word).length + 1;
    tokens.push(
      sign
        ? {
            type: (sign === '==' ? '=' : sign) as Token['type'],
            text: sign,
            column,
          }
        : { type: 'word', text: word, column },
    );
  }
}

/** Reads one selector; keeps the place where it is. */
class Reader {
  readonly #text: string;
  readonly #tokens: Token[];
  #at = 0;

  private constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  static create(text: string): Reader {
    return new Reader(text);
  }

  read(): LabelSelector {
    const requirements: LabelSelector = [];
    if (this.#peek().type === 'end') {
      return requirements;
    }
    for (;;) {
      requirements.push(this.#requirement());
      const token = this.#next();
      if (token.type === 'end') {
        return requirements;
      }
      if (token.type !== ',') {
        throw this.#error(token, "',' or the end");
      }
    }
  }

  #requirement(): LabelRequirement {
    if (this.#peek().type === '!') {
      this.#next();
      return { key: this.#key(), operator: 'DoesNotExist', values: [] };
    }
    const key = this.#key();
    const token = this.#peek();
    if (token.type === '=' || token.type === '!=') {
      this.#next();
      return {
        key,
        operator: token.type === '=' ? 'In' : 'NotIn',
        values: [this.#value()],
      };
    }
    if (token.type === 'word') {
      if (token.text !== 'in' && token.text !== 'notin') {
        throw this.#error(token, "'=', '!=', 'in', 'notin' or ','");
      }
      this.#next();
      return {
        key,
        operator: token.text === 'in' ? 'In' : 'NotIn',
        values: this.#values(),
      };
    }
    return { key, operator: 'Exists', values: [] };
  }

  #values(): string[] {
    const open = this.#next();
    if (open.type !== '(') {
      throw this.#error(open, "'('");
    }
    const values: string[] = [];
    for (;;) {
      values.push(this.#value());
      const token = this.#next();
      if (token.type === ')') {
        return values;
      }
      if (token.type !== ',') {
        throw this.#error(token, "',' or ')'");
      }
    }
  }

  #key(): string {
    const token = this.#next();
    if (token.type !== 'word' || !isLabelKey(token.text)) {
      throw this.#error(token, 'a label key');
    }
    return token.text;
  }

  /** A value may be empty: `a=` asks for the empty string. */
  #value(): string {
    const token = this.#peek();
    if (token.type === ',' || token.type === ')' || token.type === 'end') {
      return '';
    }
    this.#next();
    if (token.type !== 'word' || !NAME.test(token.text)) {
      throw this.#error(token, 'a label value');
    }
    return token.text;
  }

  #peek(): Token {
    return this.#tokens[this.#at];
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    if (token.type !== 'end') {
      this.#at += 1;
    }
    return token;
  }

  #error(token: Token, expected: string): LabelSelectorError {
    return new LabelSelectorError(this.#text, token.column, expected);
  }
}

/**
 * Reads kubectl's selector grammar: `a=b,c in (d,e),!f`; the empty text matches everything.
 *
 * @throws LabelSelectorError naming the column and what was expected there
 */
export function parseLabelSelector(text: string): LabelSelector {
  return Reader.create(text).read();
}
