import { parseTime } from '../metadata';
import { FieldPath } from './fieldPath';
import { Comparison } from './ruleSchema';

type Scalar = string | number | boolean;

/** Whether a comparison holds: always, never, or from a time on (milliseconds since the epoch). */
export type Held = boolean | { from: number };

export type Compare = (found: readonly unknown[], object: unknown) => Held;

/** What is compared is what stands at a path; `of: all` needs at least one that stands there. */
export function compileComparison(
  comparison: Comparison,
  of: 'any' | 'all' = 'any',
): Compare {
  const { exists, past } = comparison;
  if (exists !== undefined) {
    return found => found.length > 0 === exists;
  }
  if (past) {
    return found => {
      const times = found.flatMap(value => parseTime(value) ?? []);
      return (
        times.length > 0 && {
          from: of === 'all' ? Math.max(...times) : Math.min(...times),
        }
      );
    };
  }
  const holds = compileValueTest(comparison);
  return (found, object) =>
    found.length > 0 &&
    (of === 'all'
      ? found.every(value => holds(value, object))
      : found.some(value => holds(value, object)));
}

function compileValueTest(
  comparison: Comparison,
): (value: unknown, object: unknown) => boolean {
  const { equals, oneOf, notOneOf, lessThan, greaterThan, contains } =
    comparison;
  if (notOneOf) {
    return value => isScalar(value) && !isOneOf(value, notOneOf);
  }
  if (lessThan !== undefined) {
    const other = compileNumber(lessThan);
    return (value, object) => isLess(numberOf(value), other(object));
  }
  if (greaterThan !== undefined) {
    const other = compileNumber(greaterThan);
    return (value, object) => isLess(other(object), numberOf(value));
  }
  if (contains !== undefined) {
    return value => typeof value === 'string' && value.includes(contains);
  }
  const wanted = oneOf ?? [equals!];
  return value => isScalar(value) && isOneOf(value, wanted);
}

/** YAML tells 8080 from "8080", and whether a field holds the one or the other few remember. */
function isOneOf(value: Scalar, wanted: readonly Scalar[]): boolean {
  return wanted.some(each => String(each) === String(value));
}

export function isScalar(value: unknown): value is Scalar {
  return (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  );
}

function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number)
    ? number
    : undefined;
}

function compileNumber(
  wanted: number | string,
): (object: unknown) => number | undefined {
  if (typeof wanted === 'number') {
    return () => wanted;
  }
  const path = FieldPath.parse(wanted);
  return object => numberOf(path.first(object));
}

function isLess(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && one < other;
}
