import { GremlinError } from './gremlinError';
import { nearestWord } from './nearestWord';
import { Bound, Literal, Test } from './query';
import { Argument, Call } from './syntax/syntaxTree';
import {
  ipv4RangePattern,
  PatternError,
  regexPattern,
  TextPattern,
} from './textPattern';

/** A predicate as it reads in a query, and the test that it makes of its arguments. */
interface Predicate {
  name: string;
  read(values: PredicateArguments): Test;
}

/** `skydive.md` 3.4; adding a predicate is adding a row. */
const PREDICATES: readonly Predicate[] = [
  {
    name: 'Ne',
    read: values => ({
      test: 'differs',
      noneOf: values.literals(1),
      whenAbsent: false,
    }),
  },
  {
    name: 'Nee',
    read: values => ({
      test: 'differs',
      noneOf: values.literals(1),
      whenAbsent: true,
    }),
  },
  { name: 'Lt', read: values => below(values.number(), false) },
  { name: 'Lte', read: values => below(values.number(), true) },
  { name: 'Gt', read: values => above(values.number(), false) },
  { name: 'Gte', read: values => above(values.number(), true) },
  {
    name: 'Inside',
    read: values => between(values.numbers(), false),
  },
  {
    name: 'Between',
    read: values => between(values.numbers(), true),
  },
  {
    name: 'Outside',
    read: values => {
      const [low, high] = values.numbers();
      return { test: 'outside', below: low, above: high };
    },
  },
  {
    name: 'Within',
    read: values => ({ test: 'equals', anyOf: values.literals() }),
  },
  {
    name: 'Without',
    read: values => ({
      test: 'differs',
      noneOf: values.literals(),
      whenAbsent: true,
    }),
  },
  {
    name: 'Regex',
    read: values => ({
      test: 'matches',
      pattern: values.pattern('a regular expression', regexPattern),
    }),
  },
  {
    name: 'Ipv4Range',
    read: values => ({
      test: 'matches',
      pattern: values.pattern('an IPv4 network', ipv4RangePattern),
    }),
  },
];

const BY_NAME = new Map(
  PREDICATES.map(each => [each.name.toLowerCase(), each]),
);

const WORDS = new Map<string, Literal>([
  ['true', true],
  ['false', false],
]);

/** `true` and `false`; `undefined` when the word is not a value. */
export function wordValue(call: Call): Literal | undefined {
  return call.arguments ? undefined : WORDS.get(call.name.toLowerCase());
}

/** Reads `Within('pod', 'node')`. Throws `GremlinError`. */
export function parsePredicate(query: string, call: Call): Test {
  const predicate = BY_NAME.get(call.name.toLowerCase());
  if (!predicate || !call.arguments) {
    const near = nearestWord(
      call.name,
      PREDICATES.map(each => each.name),
    );
    throw new GremlinError({
      text: query,
      at: call.at,
      problem: predicate
        ? `${call.name} needs its values in parentheses`
        : `${JSON.stringify(call.name)} is neither a value nor a predicate`,
      suggestion: predicate ? undefined : near,
      expected:
        near === undefined
          ? `a text in quotes, a number, true, false or one of ${PREDICATES.map(
              each => each.name,
            ).join(', ')}`
          : undefined,
    });
  }
  return predicate.read(new PredicateArguments(query, call, call.arguments));
}

class PredicateArguments {
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

function below(value: number, inclusive: boolean): Test {
  return { test: 'within', below: { value, inclusive } };
}

function above(value: number, inclusive: boolean): Test {
  return { test: 'within', above: { value, inclusive } };
}

function between(
  [low, high]: [number, number],
  withLow: Bound['inclusive'],
): Test {
  return {
    test: 'within',
    above: { value: low, inclusive: withLow },
    below: { value: high, inclusive: false },
  };
}
