import fc from 'fast-check';
import { postgresJson, storableText } from './postgresJson';

describe('postgresJson', () => {
  it.each([
    ['a NUL', 'a\u0000b', 'a\ufffdb'],
    ['half a character', 'a\ud83db', 'a\ufffdb'],
    ['the other half', 'a\ude42b', 'a\ufffdb'],
    ['a whole one', 'a🙂b', 'a🙂b'],
    ['the escape of a NUL as text', 'a\\u0000b', 'a\\u0000b'],
  ])('replaces what PostgreSQL refuses: %s', (_, text, stored) => {
    expect(storableText(text)).toBe(stored);
    expect(JSON.parse(postgresJson({ [text]: [text] }))).toEqual({
      [stored]: [stored],
    });
  });

  it('changes nothing else', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: 'grapheme' }),
        text,
        (value, s) => {
          const plain = s.replaceAll('\u0000', '');
          expect(JSON.parse(postgresJson([value, plain]))).toEqual(
            JSON.parse(JSON.stringify([value, plain])),
          );
        },
      ),
    );
  });
});
