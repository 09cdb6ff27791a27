import { GremlinError } from './gremlinError';
import { Literal } from './query';
import { Argument, Call } from './syntax/syntaxTree';
import { PatternError, TextPattern } from './textPattern';

const WORDS = new Map<string, Literal>([
  ['true', true],
  ['false', false],
]);

/** `true` and `false`; `undefined` when the word is not a value. */
export function wordValue(call: Call): Literal | undefined {
  return call.arguments || call.then
    ? undefined
    : WORDS.get(call.name.toLowerCase());
}

/** Reads what stands in a predicate's parentheses, and says precisely what is wrong with it. */
export class PredicateArguments {
  readonly #query: string;
  readonly #call: Call;
  readonly #list: readonly Argument[];

  constructor(query: string, call: Call, list: readonly Argument[]) {
    this.#query = query;
    this.#call = call;
    this.#list = list;
  }

  literals(count?: number): Literal[] {
    this.#expect(count, 'a text in quotes, a number, true or false');
    return this.#list.map(argument => {
      const value =
        argument.form === 'call' ? wordValue(argument) : argument.value;
      if (value === undefined) {
        throw this.#wrong(
          argument,
          'a text in quotes, a number, true or false',
        );
      }
      return value;
    });
  }

  /** Exactly one value or predicate, read by `read`. */
  one<T>(read: (argument: Argument) => T): T {
    this.#expect(1, 'a value or a predicate');
    return read(this.#list[0]);
  }

  number(): number {
    this.#expect(1, 'a number');
    return this.#numberAt(0);
  }

  numbers(): [number, number] {
    this.#expect(2, 'two numbers');
    return [this.#numberAt(0), this.#numberAt(1)];
  }

  pattern(what: string, read: (text: string) => TextPattern): TextPattern {
    this.#expect(1, `${what} in quotes`);
    const [argument] = this.#list;
    if (argument.form !== 'text') {
      throw this.#wrong(argument, `${what} in quotes`);
    }
    try {
      return read(argument.value);
    } catch (error) {
      if (error instanceof PatternError) {
        throw new GremlinError({
          text: this.#query,
          at: argument.at,
          problem: `this is not ${what}: ${error.message}`,
        });
      }
      throw error;
    }
  }

  /** A number, or digits in quotes as Skydive takes them. */
  #numberAt(index: number): number {
    const argument = this.#list[index];
    if (argument.form === 'number') {
      return argument.value;
    }
    if (argument.form === 'text' && /^-?[0-9]{1,15}$/.test(argument.value)) {
      return Number(argument.value);
    }
    throw this.#wrong(argument, 'a number');
  }

  #expect(count: number | undefined, what: string): void {
    if (count === undefined || this.#list.length === count) {
      return;
    }
    throw new GremlinError({
      text: this.#query,
      at:
        this.#list.length > count
          ? this.#list[count].at
          : this.#call.close ?? this.#call.at,
      problem: `${this.#call.name} takes ${count} value${
        count === 1 ? '' : 's'
      }, not ${this.#list.length}`,
      expected: what,
    });
  }

  #wrong(argument: Argument, what: string): GremlinError {
    return new GremlinError({
      text: this.#query,
      at: argument.at,
      problem: `${this.#call.name} does not take this`,
      expected: what,
    });
  }
}
