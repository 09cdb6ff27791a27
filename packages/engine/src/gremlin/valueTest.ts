import { Json } from '../kinds/observation';
import { Literal, Test } from './query';

/**
 * Whether a single value, not a list, passes a test; `undefined`: the field is absent. For the fields whose value is
 * known without asking the database; the comparison rules are those of `docs/query-language.md`.
 */
export function passes(test: Test, value: Json | undefined): boolean {
  switch (test.test) {
    case 'present':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'equals':
      return test.anyOf.some(each => equals(each, value));
    case 'differs':
      return value === undefined
        ? test.whenAbsent
        : !test.noneOf.some(each => equals(each, value));
    case 'matches':
      return typeof value === 'string' && test.pattern.matches(value);
    case 'not':
      return value !== undefined && !passes(test.of, value);
    default: {
      const number = numberOf(value);
      if (number === undefined) {
        return false;
      }
      if (test.test === 'outside') {
        return number < test.below || number > test.above;
      }
      const { above, below } = test;
      return (
        (!above ||
          number > above.value ||
          (above.inclusive && number === above.value)) &&
        (!below ||
          number < below.value ||
          (below.inclusive && number === below.value))
      );
    }
  }
}

function equals(literal: Literal, value: Json | undefined): boolean {
  return typeof literal === 'number'
    ? numberOf(value) === literal
    : literal === value;
}

/** A number, or a text that is a whole one. */
function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') {
    return value;
  }
  return typeof value === 'string' && /^-?[0-9]{1,15}$/.test(value)
    ? Number(value)
    : undefined;
}
