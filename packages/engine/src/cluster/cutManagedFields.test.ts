import fc from 'fast-check';
import { cutLastApplied, cutManagedFields } from './cutManagedFields';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function parseAfter(cut: (json: Buffer) => Buffer, text: string): unknown {
  return JSON.parse(cut(Buffer.from(text)).toString());
}

/** What the cut must equal: parse, then delete the arrays called managedFields of every object under `metadata`. */
function withoutManagedFields(value: any, under = ''): any {
  if (Array.isArray(value)) {
    return value.map(each => withoutManagedFields(each));
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([key, member]) =>
          !(
            under === 'metadata' &&
            key === 'managedFields' &&
            Array.isArray(member)
          ),
      )
      .map(([key, member]) => [key, withoutManagedFields(member, key)]),
  );
}

function withEmptyLastApplied(value: any): any {
  if (Array.isArray(value)) {
    return value.map(withEmptyLastApplied);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === LAST_APPLIED && typeof member === 'string'
        ? ''
        : withEmptyLastApplied(member),
    ]),
  );
}

// Node forgets keys right after a key that ends in a backslash (nodejs/node #63785), in the reference side too.
const hostileText = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'managedFields',
    '"managedFields":[',
    '\\"managedFields\\":[1]',
    'metadata',
    '"metadata":{"managedFields":[]}',
    '\\',
    '\\\\',
    '"',
    '\\"',
    '}]',
    '{[',
    'ü€😀',
    LAST_APPLIED,
    `{"${LAST_APPLIED}":"x"}`,
  ),
);
const key = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom('metadata', 'managedFields') },
    { weight: 1, arbitrary: fc.constant(LAST_APPLIED) },
    { weight: 2, arbitrary: hostileText },
  )
  .filter(text => !text.includes('\\') && text !== '__proto__');
const { document } = fc.letrec(tie => ({
  document: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.oneof(hostileText, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('document'), { maxLength: 4 }),
    fc.dictionary(key, tie('document'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const indent = fc.constantFrom(undefined, 1, '\t', '\r\n ');

describe('cutManagedFields', () => {
  it.each([
    ['alone', '{"metadata":{"managedFields":[{"a":1}]}}'],
    ['first', '{"metadata":{"managedFields":[{"a":"]"}],"name":"x"}}'],
    ['last', '{"metadata":{"name":"x","managedFields":[[],{}]}}'],
    ['twice', '{"metadata":{"managedFields":[1],"managedFields":[2]}}'],
    [
      'thrice at the end',
      '{"metadata":{"a":1,"managedFields":[1] , "managedFields":[2], "managedFields":[3] }}',
    ],
    [
      'in each item of a list',
      '{"items":[{"metadata":{"name":"a","managedFields":[1]}},{"metadata":{"managedFields":[2]}}]}',
    ],
    [
      'in a watch event',
      '{"type":"ADDED","object":{"metadata":{"managedFields":[1]}}}',
    ],
    ['of a spec, which stays', '{"spec":{"managedFields":[{"a":1}]}}'],
    ['an object, which stays', '{"metadata":{"managedFields":{"a":1}}}'],
    [
      'behind annotations with braces and quotes in them',
      '{"metadata":{"annotations":{"a":"{\\"metadata\\":{[","b":"}"},"managedFields":[1]}}',
    ],
    ['inside a string', '{"metadata":{"a":"\\"managedFields\\":[1]"}}'],
    ['as a value', '{"metadata":{"a":"managedFields","b":[1]}}'],
  ])('%s', (_, text) => {
    expect(parseAfter(cutManagedFields, text)).toEqual(
      withoutManagedFields(JSON.parse(text)),
    );
  });

  it.each([
    '{"metadata":{"managedFields":[1',
    '{"metadata":{"managedFields":["',
  ])('leaves truncated text to the parser: %s', text => {
    expect(cutManagedFields(Buffer.from(text)).toString()).toBe(text);
  });

  it('equals parsing and deleting, for any document', () => {
    fc.assert(
      fc.property(document, indent, (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(parseAfter(cutManagedFields, text)).toEqual(
          withoutManagedFields(JSON.parse(text)),
        );
      }),
      { numRuns: 3000 },
    );
  });
});

describe('cutLastApplied', () => {
  it('leaves nothing of a Secret that kubectl applied', () => {
    const applied = JSON.stringify({
      kind: 'Secret',
      data: { password: 'aHVudGVyMg==' },
    });
    const left = cutLastApplied(
      Buffer.from(
        JSON.stringify({
          metadata: { annotations: { [LAST_APPLIED]: applied } },
        }),
      ),
    ).toString();
    expect(left).toBe(`{"metadata":{"annotations":{"${LAST_APPLIED}":""}}}`);
  });

  it('equals parsing and emptying, for any document', () => {
    fc.assert(
      fc.property(document, indent, (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(parseAfter(cutLastApplied, text)).toEqual(
          withEmptyLastApplied(JSON.parse(text)),
        );
      }),
      { numRuns: 3000 },
    );
  });
});
