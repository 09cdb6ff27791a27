import { GremlinError } from './gremlinError';
import { nearestWord } from './nearestWord';
import { PredicateArguments, wordValue } from './predicateArguments';
import { Bound, Test } from './query';
import { Argument, Call } from './syntax/syntaxTree';
import { ipv4RangePattern, regexPattern } from './textPattern';

/** A predicate as it reads in a query, and the test that it makes of its arguments. */
interface Predicate {
  name: string;
  read(values: PredicateArguments, query: string): Test;
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
  // TinkerPop's name of a test for equality.
  {
    name: 'Eq',
    read: values => ({ test: 'equals', anyOf: values.literals(1) }),
  },
  {
    name: 'Not',
    read: (values, query) => ({
      test: 'not',
      of: values.one(argument => parseTest(query, argument)),
    }),
  },
];

/** A value, which is to be equal, or a predicate. Throws `GremlinError`. */
export function parseTest(query: string, argument: Argument): Test {
  if (argument.form === 'call') {
    const word = wordValue(argument);
    return word !== undefined
      ? { test: 'equals', anyOf: [word] }
      : parsePredicate(query, argument);
  }
  return { test: 'equals', anyOf: [argument.value] };
}

const BY_NAME = new Map(
  PREDICATES.map(each => [each.name.toLowerCase(), each]),
);

/** Reads `Within('pod', 'node')`. Throws `GremlinError`. */
export function parsePredicate(query: string, call: Call): Test {
  const predicate = BY_NAME.get(call.name.toLowerCase());
  if (!predicate) {
    const names = PREDICATES.map(each => each.name);
    const near = nearestWord(call.name, names);
    throw new GremlinError({
      text: query,
      at: call.at,
      problem: `${JSON.stringify(
        call.name,
      )} is neither a value nor a predicate`,
      suggestion: near,
      expected:
        near === undefined
          ? `a text in quotes, a number, true, false or one of ${names.join(
              ', ',
            )}`
          : undefined,
    });
  }
  if (!call.arguments) {
    throw new GremlinError({
      text: query,
      at: call.at,
      problem: `${predicate.name} needs its values in parentheses`,
    });
  }
  if (call.then) {
    throw new GremlinError({
      text: query,
      at: call.then[0].at,
      problem: `nothing follows a predicate such as ${predicate.name}`,
      expected: 'a comma or ")"',
    });
  }
  return predicate.read(
    new PredicateArguments(query, call, call.arguments),
    query,
  );
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
