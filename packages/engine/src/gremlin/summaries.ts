import { Json } from '../kinds/observation';
import { GremlinError } from './gremlinError';
import { Query, Step } from './query';

/** A value, and how often it occurs. */
export interface Occurrence {
  value: Json;
  times: number;
}

type Aggregate = Extract<Step, { step: 'aggregate' }>;

/**
 * `Sum` of nothing is 0, `Min`, `Max` and `Mean` of nothing are null.
 *
 * @throws GremlinError for what is no number
 */
export function aggregated(
  query: Query,
  step: Aggregate,
  occurrences: readonly Occurrence[],
): number | null {
  const numbers = occurrences
    .map(({ value, times }) => ({
      number: numberOf(query, step, value),
      times,
    }))
    // Sums of fractions depend on the order: it is the same on every database.
    .sort((a, b) => a.number - b.number);
  const sum = numbers.reduce(
    (total, { number, times }) => total + number * times,
    0,
  );
  const count = numbers.reduce((total, { times }) => total + times, 0);
  if (step.of === 'sum') {
    return sum;
  }
  if (count === 0) {
    return null;
  }
  switch (step.of) {
    case 'min':
      return numbers[0].number;
    case 'max':
      return numbers.at(-1)!.number;
    default:
      return sum / count;
  }
}

/** A number, or a text that is a whole one. */
function numberOf(query: Query, step: Aggregate, value: Json): number {
  if (typeof value === 'number') {
    return value;
  }
  if (typeof value === 'string' && /^-?[0-9]{1,15}$/.test(value)) {
    return Number(value);
  }
  throw new GremlinError({
    text: query.text,
    at: step.at,
    problem: `${JSON.stringify(value).slice(0, 40)} is not a number`,
    expected: 'a field whose values are numbers',
  });
}

/** How often each value occurs, the most frequent first; values that read alike count together. */
export function counted(occurrences: readonly Occurrence[]): Json {
  const counts = new Map<string, number>();
  for (const { value, times } of occurrences) {
    const name = nameOf(value);
    counts.set(name, (counts.get(name) ?? 0) + times);
  }
  return Object.fromEntries(
    [...counts].sort(
      ([one, many], [other, more]) => more - many || (one < other ? -1 : 1),
    ),
  );
}

/** What a value is called as a member of an object; objects by their members in order. */
export function nameOf(value: Json): string {
  return typeof value === 'string'
    ? value
    : JSON.stringify(value, (_, each) =>
        typeof each === 'object' && each !== null && !Array.isArray(each)
          ? Object.fromEntries(
              Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)),
            )
          : each,
      );
}
