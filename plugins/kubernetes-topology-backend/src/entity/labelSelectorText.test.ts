import { LabelRequirement } from '@kubernetes-topology/engine';
import { parseLabelSelector } from './labelSelectorText';
import { matchesLabels } from './matchesLabels';

const one = (
  key: string,
  operator: LabelRequirement['operator'],
  ...values: string[]
) => ({ key, operator, values });

function errorName(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    return (error as Error).name;
  }
}

describe('parseLabelSelector', () => {
  it.each([
    ['app=web', [one('app', 'In', 'web')]],
    ['app==web', [one('app', 'In', 'web')]],
    ['app = web', [one('app', 'In', 'web')]],
    ['app!=web', [one('app', 'NotIn', 'web')]],
    ['app=', [one('app', 'In', '')]],
    ['app in (web, api)', [one('app', 'In', 'web', 'api')]],
    ['app in(web)', [one('app', 'In', 'web')]],
    ['app notin (web)', [one('app', 'NotIn', 'web')]],
    ['in in (in)', [one('in', 'In', 'in')]],
    ['app', [one('app', 'Exists')]],
    ['!app', [one('app', 'DoesNotExist')]],
    [
      'app.kubernetes.io/name=web,tier in (a,b), !canary',
      [
        one('app.kubernetes.io/name', 'In', 'web'),
        one('tier', 'In', 'a', 'b'),
        one('canary', 'DoesNotExist'),
      ],
    ],
  ])('reads %s', (text, expected) => {
    expect(parseLabelSelector(text)).toEqual(expected);
  });

  it.each([
    ['', 'empty'],
    ['app=web,', '""'],
    ['app=we b', '"app=we b"'],
    ['app in (a', 'app in (a'],
    ['app in a', 'app in a'],
    ['a=b=c', 'a=b=c'],
    ['-app=web', '"-app" is no label key'],
    ['app=-web', '"-web" is no label value'],
    ['app in (a,b!)', '"b!" is no label value'],
    ['app>1', '"app>1" is no label key'],
  ])('refuses %j', (text, words) => {
    expect(() => parseLabelSelector(text)).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringContaining(words),
      }),
    );
  });

  it('reads back what it writes, for many random selectors', () => {
    let seed = 20261123;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) % 2147483648;
      return Math.abs(seed) % below;
    };
    const word = () =>
      Array.from({ length: 1 + random(5) }, () => 'aZ09x'[random(5)]).join('');
    const key = () =>
      [word(), `${word()}.io/${word()}`, `in`, `notin`][random(4)];
    const space = () => ' '.repeat(random(3));
    for (let run = 0; run < 2000; run++) {
      const requirements = Array.from({ length: 1 + random(4) }, () => {
        const operator = (['In', 'NotIn', 'Exists', 'DoesNotExist'] as const)[
          random(4)
        ];
        const values = operator.endsWith('n')
          ? Array.from({ length: 1 + random(3) }, word)
          : [];
        return { key: key(), operator, values };
      });
      const text = requirements
        .map(({ key: k, operator, values }) => {
          if (operator === 'Exists') return `${space()}${k}${space()}`;
          if (operator === 'DoesNotExist') return `!${space()}${k}`;
          const word0 = operator === 'In' ? 'in' : 'notin';
          if (values.length > 1 || random(2) === 0) {
            return `${k} ${word0}${space()}(${values.join(`${space()},`)})`;
          }
          const sign = operator === 'In' ? ['=', '=='][random(2)] : '!=';
          return `${k}${space()}${sign}${space()}${values[0]}`;
        })
        .join(',');
      expect([text, parseLabelSelector(text)]).toEqual([text, requirements]);
    }
  });

  it('throws nothing but InputError, whatever it is given', () => {
    let seed = 7;
    const alphabet = 'ab=!(), innot/.-\n"\'\\é';
    for (let run = 0; run < 5000; run++) {
      let text = '';
      for (let i = 0; i < run % 24; i++) {
        seed = (Math.imul(seed, 1103515245) + 12345) % 2147483648;
        text += alphabet[Math.abs(seed >> 8) % alphabet.length];
      }
      expect([text, errorName(() => parseLabelSelector(text))]).toEqual([
        text,
        expect.stringMatching(/^(none|InputError)$/),
      ]);
    }
  });
});

describe('matchesLabels', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['app=web', { app: 'web' }, true],
    ['app=web', { app: 'api' }, false],
    ['app=web', {}, false],
    ['app!=web', { app: 'api' }, true],
    ['app!=web', {}, true],
    ['app!=web', { app: 'web' }, false],
    ['app in (web,api)', { app: 'api' }, true],
    ['app notin (web,api)', { app: 'api' }, false],
    ['app notin (web,api)', {}, true],
    ['app', { app: '' }, true],
    ['!app', { app: '' }, false],
    ['toString', {}, false],
    ['app=web,!canary', { app: 'web', canary: 'yes' }, false],
  ])('%s on %j is %s', (text, labels, expected) => {
    expect(matchesLabels(parseLabelSelector(text), labels)).toBe(expected);
  });
});
