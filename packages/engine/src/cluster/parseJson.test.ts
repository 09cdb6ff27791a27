import fc from 'fast-check';
import { markBackslashKeys, parseJson } from './parseJson';

describe('keys that end in a backslash', () => {
  it.each([
    ['a key that is one backslash', '{"\\\\":0}', '{"\\\\\ue000":0}'],
    ['white space before the colon', '{"a\\\\" : 0}', '{"a\\\\\ue000" : 0}'],
    ['written as a code', '{"a\\u005c":0}', '{"a\\u005c\ue000":0}'],
    ['a value that ends so', '{"a":"b\\\\"}', '{"a":"b\\\\"}'],
    [
      'an escaped quote and a colon in a value',
      '["\\\\\\": x"]',
      '["\\\\\\": x"]',
    ],
    ['no backslash at all', '{"a":0}', '{"a":0}'],
  ])('%s', (_, text, expected) => {
    expect(markBackslashKeys(text)).toBe(expected);
  });

  const word = fc.stringMatching(/^[a\\": ]{0,4}$/);
  it('are gone, and nothing else is', () => {
    fc.assert(
      fc.property(fc.dictionary(word, word), map => {
        const text = JSON.stringify(map);
        const marked = markBackslashKeys(text);
        expect(marked.replaceAll('\ue000', '')).toBe(text);
        expect(Object.values(JSON.parse(marked))).toEqual(Object.values(map));
        expect(marked).not.toMatch(/(?<!\\)(?:\\\\)+":/);
      }),
    );
  });

  it('spoil no object that is read after them', () => {
    parseJson('{"h":[],"\\\\":0}');
    expect(parseJson('{"h":1,"\\"":2}')).toEqual({ h: 1, '"': 2 });
  });
});
