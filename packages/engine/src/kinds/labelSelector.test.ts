import fc from 'fast-check';
import {
  LabelRequirement,
  LabelSelector,
  matchesLabels,
  selectorFromMap,
  selectorFromObject,
  selectorText,
} from './labelSelector';
import { LabelSelectorError, parseLabelSelector } from './labelSelectorText';

const name = fc.stringMatching(
  /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,8}[A-Za-z0-9])?$/,
);
const prefix = fc.stringMatching(/^[a-z0-9]{1,5}(\.[a-z0-9]{1,5}){0,2}$/);
const key = fc.oneof(
  name,
  fc.tuple(prefix, name).map(([first, last]) => `${first}/${last}`),
  fc.constantFrom('in', 'notin'),
);
const value = fc.oneof(name, fc.constant(''));
const requirement: fc.Arbitrary<LabelRequirement> = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom<'In' | 'NotIn'>('In', 'NotIn'),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    key,
    operator: fc.constantFrom<'Exists' | 'DoesNotExist'>(
      'Exists',
      'DoesNotExist',
    ),
    values: fc.constant<string[]>([]),
  }),
);
const selector: fc.Arbitrary<LabelSelector> = fc.array(requirement, {
  maxLength: 4,
});
const labels = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'app.kubernetes.io/name'),
  fc.constantFrom('', 'x', 'y', 'z'),
);
const smallRequirement = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'app.kubernetes.io/name'),
  operator: fc.constantFrom<LabelRequirement['operator']>(
    'In',
    'NotIn',
    'Exists',
    'DoesNotExist',
  ),
  values: fc.array(fc.constantFrom('', 'x', 'y'), { maxLength: 2 }),
});

/** Why the text was refused; any other error goes on. */
function refusal(text: string): LabelSelectorError | undefined {
  try {
    parseLabelSelector(text);
    return undefined;
  } catch (error) {
    if (error instanceof LabelSelectorError) {
      return error;
    }
    throw error;
  }
}

describe('a selector as text', () => {
  it.each<[string, LabelSelector]>([
    ['', []],
    ['  ', []],
    ['a=b', [{ key: 'a', operator: 'In', values: ['b'] }]],
    ['a==b', [{ key: 'a', operator: 'In', values: ['b'] }]],
    ['a = b', [{ key: 'a', operator: 'In', values: ['b'] }]],
    ['a=', [{ key: 'a', operator: 'In', values: [''] }]],
    ['a!=b', [{ key: 'a', operator: 'NotIn', values: ['b'] }]],
    ['a', [{ key: 'a', operator: 'Exists', values: [] }]],
    ['!a', [{ key: 'a', operator: 'DoesNotExist', values: [] }]],
    ['a in (b,c)', [{ key: 'a', operator: 'In', values: ['b', 'c'] }]],
    ['a notin ( b )', [{ key: 'a', operator: 'NotIn', values: ['b'] }]],
    [
      'app.kubernetes.io/name=cart,c in (d,e),!f',
      [
        { key: 'app.kubernetes.io/name', operator: 'In', values: ['cart'] },
        { key: 'c', operator: 'In', values: ['d', 'e'] },
        { key: 'f', operator: 'DoesNotExist', values: [] },
      ],
    ],
  ])('%j', (text, expected) => {
    expect(parseLabelSelector(text)).toEqual(expected);
  });

  it.each([
    ['a=b,', 5, 'a label key'],
    [',a', 1, 'a label key'],
    ['a b', 3, "'in'"],
    ['a in b', 6, "'('"],
    ['a in (b', 8, "')'"],
    ['a=b c', 5, "','"],
    ['a=(b)', 3, 'a label value'],
    ['-a=b', 1, 'a label key'],
    ['UPPER/a=b', 1, 'a label key'],
    ['a=b/c', 3, 'a label value'],
    ['!', 2, 'a label key'],
  ])('%j is refused at column %d', (text, column, expected) => {
    const error = refusal(text);
    expect(error?.column).toBe(column);
    expect(error?.message).toContain(expected);
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(selector, given => {
        expect(parseLabelSelector(selectorText(given))).toEqual(given);
      }),
    );
  });

  it('is either read or refused with a column inside the text', () => {
    const anyText = fc.oneof(
      fc.string(),
      fc
        .array(
          fc.constantFrom(
            'a',
            'in',
            'notin',
            '=',
            '!',
            '!=',
            ',',
            '(',
            ')',
            ' ',
          ),
        )
        .map(parts => parts.join('')),
    );
    fc.assert(
      fc.property(anyText, text => {
        const column = refusal(text)?.column ?? 1;
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(text.length + 1);
      }),
    );
  });
});

describe('matching', () => {
  const LABELS = { app: 'cart', tier: '' };
  it.each([
    ['', true],
    ['app=cart', true],
    ['app=pay', false],
    ['app!=pay', true],
    ['app!=cart', false],
    ['app in (pay,cart)', true],
    ['app notin (pay)', true],
    ['tier=', true],
    ['tier', true],
    ['!tier', false],
    ['zone!=a', true],
    ['zone notin (a)', true],
    ['zone', false],
    ['!zone', true],
    ['app=cart,zone', false],
    ['toString', false],
  ])('%j is %s', (text, expected) => {
    expect(matchesLabels(parseLabelSelector(text), LABELS)).toBe(expected);
  });

  it('holds when every requirement holds', () => {
    fc.assert(
      fc.property(fc.array(smallRequirement), labels, (all, given) => {
        expect(matchesLabels(all, given)).toBe(
          all.every(one => matchesLabels([one], given)),
        );
      }),
    );
  });

  it('of an operator is the opposite of matching its opposite', () => {
    const opposite = {
      In: 'NotIn',
      NotIn: 'In',
      Exists: 'DoesNotExist',
      DoesNotExist: 'Exists',
    } as const;
    fc.assert(
      fc.property(smallRequirement, labels, (one, given) => {
        const other = { ...one, operator: opposite[one.operator] };
        expect(matchesLabels([one], given)).toBe(
          !matchesLabels([other], given),
        );
      }),
    );
  });

  it('by a map matches exactly what has all its pairs', () => {
    fc.assert(
      fc.property(labels, labels, (wanted, given) => {
        expect(matchesLabels(selectorFromMap(wanted), given)).toBe(
          Object.entries(wanted).every(([one, is]) => given[one] === is),
        );
      }),
    );
  });
});

describe('a selector of the API', () => {
  it.each<[string, any, LabelSelector | undefined]>([
    ['that is absent says nothing', undefined, undefined],
    ['that is null says nothing', null, undefined],
    ['that is empty takes all', {}, []],
    [
      'has labels and expressions',
      {
        matchLabels: { a: 'b' },
        matchExpressions: [{ key: 'c', operator: 'Exists' }],
      },
      [
        { key: 'a', operator: 'In', values: ['b'] },
        { key: 'c', operator: 'Exists', values: [] },
      ],
    ],
  ])('%s', (_, given, expected) => {
    expect(selectorFromObject(given)).toEqual(expected);
  });
});
