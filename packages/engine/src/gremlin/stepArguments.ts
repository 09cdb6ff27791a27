import { FieldPath, parseFieldPath } from './fieldPath';
import { GremlinError, Place } from './gremlinError';
import { wordValue } from './predicateArguments';
import { parsePredicate } from './predicates';
import { Condition, Literal, Test } from './query';
import { QueryTime, timeOfNumber, timeOfText } from './queryTime';
import { Argument, Call } from './syntax/syntaxTree';

/** Reads what stands in a step's parentheses, and says precisely what is wrong with it. */
export class StepArguments {
  readonly #query: string;
  readonly #call: Call;
  readonly #list: readonly Argument[];

  constructor(query: string, call: Call) {
    this.#query = query;
    this.#call = call;
    this.#list = call.arguments ?? [];
  }

  get length(): number {
    return this.#list.length;
  }

  none(): void {
    this.#atMost(0, 'nothing');
  }

  /** Exactly one text. */
  text(what: string): string {
    this.#exactly(1, what);
    return this.#textAt(0, what);
  }

  texts(what: string, atLeast: number): string[] {
    if (this.length < atLeast) {
      throw this.#tooFew(what);
    }
    return this.#list.map((_, index) => this.#textAt(index, what));
  }

  field(): FieldPath {
    this.#exactly(1, 'one field');
    return this.#fieldAt(0);
  }

  fields(atLeast: number): FieldPath[] {
    if (this.length < atLeast) {
      throw this.#tooFew('at least one field');
    }
    return this.#list.map((_, index) => this.#fieldAt(index));
  }

  /** Exactly so many whole numbers from 0. */
  wholeNumbers(count: number, what: string): number[] {
    this.#exactly(count, what);
    return this.#list.map((_, index) => this.#wholeNumberAt(index, what));
  }

  /** Pairs of field and value, and where allowed a single field, which must be present. */
  conditions(options: { orNone: boolean }): Condition[] {
    if (this.length === 0 && options.orNone) {
      return [];
    }
    if (this.length === 0) {
      throw this.#tooFew('a field, or pairs of field and value');
    }
    if (this.length === 1) {
      return [{ field: this.#fieldAt(0), test: { test: 'present' } }];
    }
    return this.#pairs(this.length);
  }

  /** Pairs of field and value, and at the end perhaps a depth: what `Descendants` takes. */
  conditionsAndDepth(): { conditions: Condition[]; depth?: number } {
    const odd = this.length % 2 === 1;
    return {
      conditions: this.#pairs(odd ? this.length - 1 : this.length),
      depth: odd
        ? this.#wholeNumberAt(
            this.length - 1,
            'pairs of field and value, then perhaps a depth (0: no limit)',
          )
        : undefined,
    };
  }

  /** `ASC` or `DESC` and a field, in this or the other order, each of them optional. */
  sort(): { key?: FieldPath; descending: boolean } {
    this.#atMost(2, 'ASC or DESC and a field');
    let key: FieldPath | undefined;
    let direction: 'asc' | 'desc' | undefined;
    this.#list.forEach((argument, index) => {
      const word =
        argument.form === 'call' && !argument.arguments
          ? argument.name.toLowerCase()
          : undefined;
      if ((word === 'asc' || word === 'desc') && !direction) {
        direction = word;
      } else if (argument.form === 'text' && !key) {
        key = this.#fieldAt(index);
      } else {
        throw this.#wrong(argument, 'ASC or DESC, and a field');
      }
    });
    return { key, descending: direction === 'desc' };
  }

  /** One point in time, as a number, a text, or the word `NOW`. */
  time(): QueryTime {
    const forms =
      "seconds or milliseconds since 1970, '-10m', '2026-01-31T12:00:00Z' or 'Sat, 31 Jan 2026 12:00:00 GMT'";
    if (this.length === 2) {
      throw new GremlinError({
        text: this.#query,
        at: this.#list[1].at,
        problem: `${
          this.#call.name
        } takes a point in time; a span of it is not built yet`,
        expected: '")"',
      });
    }
    this.#exactly(1, forms);
    const [argument] = this.#list;
    let time: QueryTime | undefined;
    if (argument.form === 'number') {
      time = timeOfNumber(argument.value);
    } else if (argument.form === 'text') {
      time = timeOfText(argument.value);
    } else if (!argument.arguments && argument.name.toLowerCase() === 'now') {
      time = { since: 'now', milliseconds: 0 };
    }
    if (!time) {
      throw this.#wrong(argument, forms);
    }
    return time;
  }

  #pairs(count: number): Condition[] {
    const conditions: Condition[] = [];
    for (let index = 0; index < count; index += 2) {
      const field = this.#fieldAt(index);
      const value = this.#list[index + 1];
      if (!value) {
        throw new GremlinError({
          text: this.#query,
          at: this.#call.close ?? this.#call.at,
          problem: `${this.#call.name} lacks the value for ${JSON.stringify(
            field.text,
          )}`,
          expected: 'pairs of field and value',
        });
      }
      conditions.push({ field, test: this.#testOf(value) });
    }
    return conditions;
  }

  #testOf(argument: Argument): Test {
    if (argument.form === 'call') {
      const word: Literal | undefined = wordValue(argument);
      return word !== undefined
        ? { test: 'equals', anyOf: [word] }
        : parsePredicate(this.#query, argument);
    }
    return { test: 'equals', anyOf: [argument.value] };
  }

  #fieldAt(index: number): FieldPath {
    const argument = this.#list[index];
    return parseFieldPath(
      this.#textAt(index, 'the name of a field in quotes'),
      this.#query,
      argument.at,
    );
  }

  #textAt(index: number, what: string): string {
    const argument = this.#list[index];
    if (argument.form !== 'text') {
      throw this.#wrong(argument, what);
    }
    return argument.value;
  }

  #wholeNumberAt(index: number, what: string): number {
    const argument = this.#list[index];
    if (
      argument.form !== 'number' ||
      argument.value < 0 ||
      !Number.isInteger(argument.value)
    ) {
      throw this.#wrong(argument, what);
    }
    return argument.value;
  }

  #exactly(count: number, what: string): void {
    if (this.length < count) {
      throw this.#tooFew(what);
    }
    this.#atMost(count, what);
  }

  #atMost(count: number, what: string): void {
    if (this.length > count) {
      throw new GremlinError({
        text: this.#query,
        at: this.#list[count].at,
        problem: `${this.#call.name} takes no more than this`,
        expected: count === 0 ? '")"' : what,
      });
    }
  }

  #tooFew(what: string): GremlinError {
    return new GremlinError({
      text: this.#query,
      at: this.#call.close ?? this.#call.at,
      problem: `${this.#call.name} needs more`,
      expected: what,
    });
  }

  #wrong(argument: { at: Place }, what: string): GremlinError {
    return new GremlinError({
      text: this.#query,
      at: argument.at,
      problem: `${this.#call.name} does not take this`,
      expected: what,
    });
  }
}
