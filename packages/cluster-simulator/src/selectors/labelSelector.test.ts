import fc from 'fast-check';
import {
  labelSelectorMatcher,
  mapSelectorMatcher,
  parseLabelSelector,
  SelectorSyntaxError,
} from './labelSelector';

const key = fc.constantFrom('app', 'tier', 'example.com/part-of', 'a');
const value = fc.constantFrom('x', 'y', 'web-1', '');
const labels = fc.dictionary(key, value);
const requirement = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    key,
    operator: fc.constantFrom('Exists', 'DoesNotExist'),
    values: fc.constant<string[]>([]),
  }),
);

/** The same requirement as queries write it. */
function written({ key: name, operator, values }: any): string {
  switch (operator) {
    case 'In':
      return `${name} in (${values.join(',')})`;
    case 'NotIn':
      return `${name} notin (${values.join(', ')})`;
    default:
      return operator === 'Exists' ? name : `!${name}`;
  }
}

/** What parsing and matching throws. */
function problem(text: string): unknown {
  try {
    parseLabelSelector(text)({});
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('label selectors', () => {
  it('say the same as text and as an object', () => {
    fc.assert(
      fc.property(fc.array(requirement), labels, (matchExpressions, of) => {
        const text = matchExpressions.map(written).join(',');
        expect(parseLabelSelector(text)(of)).toBe(
          labelSelectorMatcher({ matchExpressions })(of),
        );
      }),
    );
  });

  it.each([
    ['a=x', { a: 'x' }, true],
    ['a==x', { a: 'y' }, false],
    ['a!=x', {}, true],
    [' a = x , b ', { a: 'x', b: '' }, true],
    ['a=', { a: '' }, true],
    ['constructor', {}, false],
    ['', {}, true],
  ])('%j of %j is %s', (text, of, expected) => {
    expect(parseLabelSelector(text)(of as Record<string, string>)).toBe(
      expected,
    );
  });

  it.each(['a=b=c', 'a in b', 'a in (b', '=x', 'a b', '!a=b', 'ä=b'])(
    'does not understand %j',
    text => {
      expect(() => parseLabelSelector(text)).toThrow(SelectorSyntaxError);
    },
  );

  it('never fails otherwise than by saying that it does not understand', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const found = problem(text) ?? new SelectorSyntaxError();
        expect(found).toBeInstanceOf(SelectorSyntaxError);
      }),
    );
  });

  it.each([
    ['an absent selector', labelSelectorMatcher(undefined), false],
    ['an empty selector', labelSelectorMatcher({}), true],
    ["a Service's absent selector", mapSelectorMatcher(undefined), false],
    ["a Service's empty selector", mapSelectorMatcher({}), false],
  ])('%s selects all: %s', (_, matches, expected) => {
    expect(matches({ a: 'b' })).toBe(expected);
  });
});
