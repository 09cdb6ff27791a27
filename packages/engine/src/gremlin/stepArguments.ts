import { FieldPath, parseFieldPath } from './fieldPath';
import { GremlinError, Place } from './gremlinError';
import { parseTest } from './predicates';
import { Condition, Test, Traversal } from './query';
import { QueryTime, spanOf, timeOfNumber, timeOfText } from './queryTime';
import { Argument, Call } from './syntax/syntaxTree';

const TIMES =
  "seconds or milliseconds since 1970, '-10m', '2026-01-31 12:00', '2026-01-31T12:00:00Z' or 'Sat, 31 Jan 2026 12:00:00 GMT'";
const SPAN = "a span: seconds, '1h30m' or FOREVER";

/** What steps within parentheses may be about. */
export type TraversalUse = 'where' | 'repeat';

/** Reads steps within parentheses; throws `GremlinError`. */
export type ReadTraversal = (
  calls: readonly Call[],
  use: TraversalUse,
) => Traversal;

/** Reads what stands in a step's parentheses, and says precisely what is wrong with it. */
export class StepArguments {
  readonly #query: string;
  readonly #call: Call;
  readonly #list: readonly Argument[];

  readonly #readTraversal: ReadTraversal;

  constructor(query: string, call: Call, readTraversal: ReadTraversal) {
    this.#query = query;
    this.#readTraversal = readTraversal;
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

  /** Steps in parentheses, or what `Has` takes; at least one of them. */
  traversals(use: TraversalUse, atMost = Infinity): Traversal[] {
    const what = "steps, such as Out().Has('Type', 'secret')";
    if (this.length === 0) {
      throw this.#tooFew(what);
    }
    if (use === 'where' && this.#list[0].form === 'text') {
      const conditions = this.conditions({ orNone: false });
      const { at } = this.#list[0];
      return [
        {
          steps: [{ step: 'has', match: 'all', conditions, at }],
          result: 'nodes',
        },
      ];
    }
    this.#atMost(atMost, what);
    return this.#list.map(argument => {
      if (argument.form !== 'call') {
        throw this.#wrong(argument, what);
      }
      const { then = [], ...first } = argument;
      const isAnonymous = first.name === '__' && !first.arguments;
      if (isAnonymous && then.length === 0) {
        throw this.#wrong(argument, what);
      }
      return this.#readTraversal(isAnonymous ? then : [first, ...then], use);
    });
  }

  /** One value or predicate. */
  test(): Test {
    this.#exactly(1, 'a value or a predicate');
    return parseTest(this.#query, this.#list[0]);
  }

  /** Nothing, or one of these texts. */
  optionalWord<W extends string>(words: readonly W[]): W | undefined {
    const what = `${words.map(word => `'${word}'`).join(' or ')}, or nothing`;
    this.#atMost(1, what);
    if (this.length === 0) {
      return undefined;
    }
    const written = this.#textAt(0, what).toLowerCase();
    const word = words.find(each => each === written);
    if (word === undefined) {
      throw this.#wrong(this.#list[0], what);
    }
    return word;
  }

  optionalField(): FieldPath | undefined {
    this.#atMost(1, 'one field');
    return this.length === 0 ? undefined : this.#fieldAt(0);
  }

  /** `Metadata('k', v, …)`, once or twice. */
  metadata(): Condition[][] {
    const what =
      "Metadata('Type', 'secret'), and perhaps a second one for edges";
    if (this.length === 0) {
      throw this.#tooFew(what);
    }
    this.#atMost(2, what);
    return this.#list.map(argument => {
      if (
        argument.form !== 'call' ||
        argument.name.toLowerCase() !== 'metadata' ||
        !argument.arguments ||
        argument.then
      ) {
        throw this.#wrong(argument, what);
      }
      return new StepArguments(
        this.#query,
        argument,
        this.#readTraversal,
      ).conditions({ orNone: false });
    });
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
        argument.form === 'call' &&
        !argument.arguments?.length &&
        !argument.then
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

  /** A point in time: a number, a text, or the word `NOW`. */
  time(): QueryTime {
    this.#exactly(1, TIMES);
    return this.#timeAt(0);
  }

  /** A point in time, and perhaps a span that ends there. */
  timeAndSpan(): { time: QueryTime; span?: number | 'forever' } {
    if (this.length === 0) {
      throw this.#tooFew(TIMES);
    }
    this.#atMost(2, SPAN);
    const time = this.#timeAt(0);
    if (this.length === 1) {
      return { time };
    }
    const argument = this.#list[1];
    const span =
      argument.form === 'call'
        ? isWord(argument, 'forever') && ('forever' as const)
        : spanOf(argument.value);
    if (span === undefined || span === false) {
      throw this.#wrong(argument, SPAN);
    }
    return { time, span };
  }

  #timeAt(index: number): QueryTime {
    const argument = this.#list[index];
    let time: QueryTime | undefined;
    if (argument.form === 'number') {
      time = timeOfNumber(argument.value);
    } else if (argument.form === 'text') {
      time = timeOfText(argument.value);
    } else if (isWord(argument, 'now')) {
      time = { since: 'now', milliseconds: 0 };
    }
    if (!time) {
      throw this.#wrong(argument, TIMES);
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
      conditions.push({ field, test: parseTest(this.#query, value) });
    }
    return conditions;
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

/** A bare word; empty parentheses behind it do no harm. */
function isWord(call: Call, word: string): boolean {
  return (
    call.name.toLowerCase() === word && !call.arguments?.length && !call.then
  );
}
