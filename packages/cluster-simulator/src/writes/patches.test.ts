import fc from 'fast-check';
import { applyJsonPatch } from './jsonPatch';
import { applyMergePatch } from './mergePatch';
import { applyStrategicMergePatch } from './strategicMergePatch';

const value = fc.letrec(tie => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.nat(3),
    fc.constantFrom('x', 'y'),
    fc.array(fc.nat(3), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3 }),
  ),
})).any;
const object = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);

describe('merge patch', () => {
  // The table of RFC 7386, appendix A.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('%s with %s is %s', (target, patch, expected) => {
    expect(applyMergePatch(JSON.parse(target), JSON.parse(patch))).toEqual(
      JSON.parse(expected),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(object, object, (target, patch) => {
        const once = applyMergePatch(target, patch);
        expect(applyMergePatch(once, patch)).toEqual(once);
      }),
    );
  });
});

describe('strategic merge patch', () => {
  it('agrees with a merge patch where there are no lists with keys', () => {
    fc.assert(
      fc.property(object, object, (target, patch) => {
        expect(applyStrategicMergePatch(target, patch)).toEqual(
          applyMergePatch(target, patch),
        );
      }),
    );
  });

  const containers = [
    { name: 'a', image: '1' },
    { name: 'b', image: '1' },
  ];
  it.each([
    [
      'merges by key',
      { containers: [{ name: 'b', image: '2' }] },
      ['a:1', 'b:2'],
    ],
    [
      'adds',
      { containers: [{ name: 'c', image: '2' }] },
      ['a:1', 'b:1', 'c:2'],
    ],
    ['deletes', { containers: [{ name: 'a', $patch: 'delete' }] }, ['b:1']],
    [
      'replaces the list',
      { containers: [{ $patch: 'replace' }, { name: 'c', image: '2' }] },
      ['c:2'],
    ],
  ])('%s', (_, patch, expected) => {
    const result = applyStrategicMergePatch({ containers }, patch) as any;
    expect(result.containers.map((c: any) => `${c.name}:${c.image}`)).toEqual(
      expected,
    );
  });

  it.each([
    [
      'adds to sets',
      { finalizers: ['x'] },
      { finalizers: ['y'] },
      { finalizers: ['x', 'y'] },
    ],
    [
      'takes from sets',
      { finalizers: ['x', 'y'] },
      { '$deleteFromPrimitiveList/finalizers': ['x'] },
      { finalizers: ['y'] },
    ],
    [
      'keeps only named fields',
      { strategy: { type: 'A', rollingUpdate: {} } },
      { strategy: { $retainKeys: ['type'], type: 'B' } },
      { strategy: { type: 'B' } },
    ],
    [
      'replaces an object',
      { a: { x: 1 } },
      { a: { $patch: 'replace', y: 2 } },
      { a: { y: 2 } },
    ],
    [
      'leaves out the order',
      { a: 1 },
      { '$setElementOrder/containers': [] },
      { a: 1 },
    ],
  ])('%s', (_, target, patch, expected) => {
    expect(applyStrategicMergePatch(target as any, patch as any)).toEqual(
      expected,
    );
  });
});

describe('JSON patch', () => {
  it.each([
    [
      'adds to a list',
      { l: [1, 3] },
      [{ op: 'add', path: '/l/1', value: 2 }],
      { l: [1, 2, 3] },
    ],
    [
      'appends',
      { l: [1] },
      [{ op: 'add', path: '/l/-', value: 2 }],
      { l: [1, 2] },
    ],
    ['moves', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    [
      'copies',
      { a: 1 },
      [{ op: 'copy', from: '/a', path: '/b' }],
      { a: 1, b: 1 },
    ],
    [
      'replaces',
      { a: [1] },
      [{ op: 'replace', path: '/a/0', value: 2 }],
      { a: [2] },
    ],
    [
      'reads escapes',
      { 'a/b': { '~': 1 } },
      [{ op: 'remove', path: '/a~1b/~0' }],
      { 'a/b': {} },
    ],
  ])('%s', (_, target, operations, expected) => {
    expect(applyJsonPatch(target, operations)).toEqual(expected);
  });

  it('leaves the target alone', () => {
    const target = { a: [1] };
    applyJsonPatch(target, [{ op: 'add', path: '/a/-', value: 2 }]);
    expect(target).toEqual({ a: [1] });
  });
});
