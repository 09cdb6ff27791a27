import fc from 'fast-check';
import {
  canonicalJson,
  fingerprint,
  parseRowHash,
  rowHash,
} from './fingerprint';

describe('fingerprints', () => {
  it('are safe integers, equal for equal texts and different for texts that differ', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(Number.isSafeInteger(fingerprint(one))).toBe(true);
        expect(fingerprint(one) === fingerprint(other)).toBe(one === other);
      }),
    );
    const many = Array.from({ length: 200_000 }, (_, nth) => `pod-${nth}`);
    expect(new Set(many.map(text => fingerprint(text))).size).toBe(many.length);
  });

  it('go into a row hash and come back', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (content, verdict) => {
        expect(parseRowHash(rowHash(content, verdict))).toEqual({
          content,
          verdict,
        });
      }),
    );
    expect(parseRowHash('of another version')).toEqual({
      content: NaN,
      verdict: NaN,
    });
  });

  it('of JSON do not depend on the order in which an object was written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = JSON.stringify(value);
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(text));
        expect(canonicalJson(reversed(JSON.parse(text)))).toBe(
          canonicalJson(JSON.parse(text)),
        );
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(reversed);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .map(([name, field]) => [name, reversed(field)])
          .reverse(),
      )
    : value;
}
