import { FieldPath, FieldPathError } from './fieldPath';

const OBJECT = {
  metadata: {
    name: 'web',
    annotations: { 'example.com/owner': 'team-a' },
  },
  spec: {
    listeners: [
      { name: 'http' },
      { name: 'https', tls: { refs: [{ name: 'a' }, { name: 'b' }] } },
      null,
    ],
    ports: { web: 80, admin: 81 },
    empty: null,
  },
};

it.each<[string, unknown[]]>([
  ['metadata.name', ['web']],
  ['metadata.annotations["example.com/owner"]', ['team-a']],
  ["metadata.annotations['example.com/owner']", ['team-a']],
  ['spec.listeners[*].name', ['http', 'https']],
  ['spec.listeners[*].tls.refs[*].name', ['a', 'b']],
  ['spec.listeners[1].tls.refs[0].name', ['a']],
  ['spec.ports[*]', [80, 81]],
  ['spec.empty', []],
  ['spec.empty.more', []],
  ['spec.nothing[*].name', []],
  ['spec.listeners.name', []],
  ['metadata.name.more', []],
  ['spec.toString', []],
  ['spec.listeners[7].name', []],
])('%s', (text, expected) => {
  expect(FieldPath.parse(text).all(OBJECT)).toEqual(expected);
});

it.each<[string, string]>([
  ['', "column 1: expected a field's name"],
  ['.spec', "column 1: expected a field's name"],
  ['spec.', "column 6: expected a field's name"],
  ['spec..name', "column 6: expected a field's name"],
  ['spec name', "column 5: expected '.', '[' or the end"],
  ['spec[', "column 5: expected '.', '[' or the end"],
  ['spec[x]', "column 5: expected '.', '[' or the end"],
  ['$.spec[?(@.x)]', "column 7: expected '.', '[' or the end"],
])('says where %p is no path', (text, expected) => {
  expect(() => FieldPath.parse(text)).toThrow(FieldPathError);
  expect(() => FieldPath.parse(text)).toThrow(expected);
});

it('tells the objects around what it finds, the nearest first', () => {
  const around: unknown[] = [];
  FieldPath.parse('spec.listeners[*].tls.refs[*].name').visit(
    OBJECT,
    (name, above) => {
      if (name === 'b') {
        around.push(...above);
      }
    },
  );
  const { listeners } = OBJECT.spec;
  expect(around).toEqual([
    { name: 'b' },
    listeners[1]!.tls!.refs,
    listeners[1]!.tls,
    listeners[1],
    listeners,
    OBJECT.spec,
    OBJECT,
  ]);
});

it('follows no list without end', () => {
  const items = Array.from({ length: 10_000 }, (_, at) => at);
  expect(FieldPath.parse('items[*]').all({ items })).toHaveLength(500);
});
