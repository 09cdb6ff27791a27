import fc from 'fast-check';
import { NAMES } from './randomGraphs';

const quoted = (value: string) => JSON.stringify(value);

const NODE_FIELDS = [
  'Name',
  'Metadata.Type',
  'Manager',
  'ClusterName',
  'State',
  'Status',
  'Stale',
  'K8s',
  'K8s.Name',
  'K8s.Namespace',
  'K8s.Labels',
  'K8s.Labels.app',
  'K8s.Labels.app.kubernetes.io/name',
  'K8s.Labels["app.kubernetes.io/name"]',
  'K8s.Labels.n',
  'K8s.Status',
  'K8s.Replicas',
  'K8s.Ports',
  'K8s.Ports.Port',
  'K8s.Ports.Name',
  'K8s.Data',
  'K8s.Flag',
  'K8s.Nested.a',
  'K8s.Nested.a.Port',
  'K8s.Nested["dotted.key"]',
  'K8s.Any',
  'K8s.Any.Port',
  'Nope',
  'Name.first',
  '@ID',
  '@Host',
  '@Origin',
  '@CreatedAt',
  '@UpdatedAt',
  '@DeletedAt',
  '@Revision',
];
const EDGE_FIELDS = [
  'RelationType',
  'Manager',
  'Relation',
  'Parent',
  'Child',
  'PolicyType',
  'PolicyPoint',
  'keys',
  'weight',
  'Nope',
  '@ID',
  '@Origin',
  '@CreatedAt',
  '@Revision',
];

/** Fields with many different values: what sorts, deduplicates and compares. */
const RICH_FIELDS = [
  'Name',
  'Type',
  'K8s.Namespace',
  'K8s.Labels.n',
  'K8s.Ports.Port',
  'K8s.Any',
  'K8s.Nested.a',
];
const nodeField = fc
  .oneof(fc.constantFrom(...RICH_FIELDS), fc.constantFrom(...NODE_FIELDS))
  .map(quoted);
const edgeField = fc.constantFrom(...EDGE_FIELDS).map(quoted);
const numberField = fc
  .constantFrom('K8s.Replicas', 'K8s.Labels.n', 'weight', '@Revision', 'Nope')
  .map(quoted);

const literal = fc.oneof(
  fc
    .constantFrom(
      ...NAMES,
      'pod',
      'secret',
      'deployment',
      'ownership',
      'ingress',
      'shop',
      'k8s',
      'UP',
      'DOWN',
      'ok',
      '5',
      '',
      'x.y',
      "o'k",
      'demo/Pod/shop/web',
      'kubernetes-topology.demo',
    )
    .map(quoted),
  fc.constantFrom(
    '0',
    '1',
    '5',
    '10',
    '-3',
    '2.5',
    '7',
    '2000',
    'true',
    'FALSE',
  ),
);
const number = fc.constantFrom('0', '1', '2', '5', '-3', '2.5', '2000', '"5"');
const regex = fc.constantFrom(
  '"web"',
  '"^web$"',
  '"web-*"',
  '"[0-9]+"',
  '".*"',
  '"^$"',
  '"o|k"',
  "'\\d'",
  '"Ä|Ü"',
  '"^(p|d)[a-z]*"',
);

const value = fc.oneof(
  { weight: 4, arbitrary: literal },
  literal.map(x => `Ne(${x})`),
  literal.map(x => `Nee(${x})`),
  fc
    .tuple(fc.constantFrom('Lt', 'lte', 'Gt', 'GTE'), number)
    .map(([name, x]) => `${name}(${x})`),
  fc
    .tuple(fc.constantFrom('Inside', 'Between', 'Outside'), number, number)
    .map(([name, a, b]) => `${name}(${a}, ${b})`),
  fc
    .tuple(
      fc.constantFrom('Within', 'Without'),
      fc.array(literal, { maxLength: 3 }),
    )
    .map(([name, list]) => `${name}(${list.join(', ')})`),
  regex.map(x => `Regex(${x})`),
  regex.map(x => `Not(Regex(${x}))`),
  literal.map(x => `Not(Within(${x}))`),
);

const pairs = (field: fc.Arbitrary<string>, minLength: number) =>
  fc
    .array(
      fc.tuple(field, value).map(pair => pair.join(', ')),
      { minLength, maxLength: 2 },
    )
    .map(list => list.join(', '));
const conditions = (field: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 4, arbitrary: pairs(field, 1) }, field);
const optional = (field: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant('') }, conditions(field));

type Stream = 'graph' | 'nodes' | 'edges' | 'paths' | 'values' | 'maps' | 'end';
interface Piece {
  text: string;
  next: Stream;
}

const call = (
  name: string,
  next: Stream,
  list: fc.Arbitrary<string> = fc.constant(''),
): fc.Arbitrary<Piece> =>
  list.map(text => ({ text: `${name}(${text})`, next }));

const range = fc
  .tuple(fc.nat(3), fc.nat(6))
  .map(([from, to]) => `${from}, ${to}`);
const limit = fc.nat(4).map(String);
const closure = fc
  .tuple(
    fc.oneof(
      fc.constant(''),
      fc.constant("'RelationType', 'pod'"),
      pairs(edgeField, 1),
    ),
    fc.constantFrom('', '0', '1', '2', '3'),
  )
  .map(list => list.filter(Boolean).join(', '));

/** Conditions on elements: what stands within Where, Not, And, Or, Until and Emit. */
const traversal = (
  stream: 'nodes' | 'edges',
  depth: number,
): fc.Arbitrary<string> => {
  const field = stream === 'nodes' ? nodeField : edgeField;
  const plain = conditions(field).map(text => `Has(${text})`);
  if (depth === 0) {
    return plain;
  }
  const onward =
    stream === 'nodes'
      ? fc.oneof(
          step('Out', optional(nodeField), 'nodes'),
          step('In', optional(nodeField), 'nodes'),
          step('Both', optional(nodeField), 'nodes'),
          step('OutE', optional(edgeField), 'edges'),
          step('InE', optional(edgeField), 'edges'),
          step('Descendants', closure, 'nodes'),
          step('Impact', fc.constantFrom('', '"hard"'), 'nodes'),
          step(
            'Repeat',
            fc.constantFrom('Out()).Times(2', 'In()).Emit('),
            'nodes',
          ),
        )
      : fc.oneof(
          step('OutV', optional(nodeField), 'nodes'),
          step('InV', optional(nodeField), 'nodes'),
        );
  const deeper = onward.chain(([text, next]) =>
    fc.oneof(
      fc.constant(text),
      traversal(next, depth - 1).map(rest => `${text}.${rest}`),
      fc
        .constantFrom(
          'Count()',
          'Count().Is(Gt(1))',
          'Count().Is(0)',
          'Limit(1)',
          'Range(1, 3)',
          'Dedup().Range(1, 2)',
          'Dedup().Count().Is(Lte(1))',
          'Values("Name")',
          'Values("@ID").Is(Regex("web"))',
        )
        .map(rest => `${text}.${rest}`),
    ),
  );
  return fc.oneof(
    plain,
    { weight: 3, arbitrary: deeper },
    fc
      .tuple(
        fc.constantFrom('Where', 'Not', 'And', 'Or'),
        traversal(stream, depth - 1),
        traversal(stream, depth - 1),
      )
      .map(([name, one, other]) =>
        name === 'And' || name === 'Or'
          ? `${name}(${one}, __.${other})`
          : `${name}(${one})`,
      ),
  );
};

function step(
  name: string,
  list: fc.Arbitrary<string>,
  next: 'nodes' | 'edges',
): fc.Arbitrary<[text: string, next: 'nodes' | 'edges']> {
  return list.map(text => [`${name}(${text})`, next]);
}

const body = fc.oneof(
  fc.constantFrom('Out()', 'In()', 'Both()'),
  fc
    .tuple(fc.constantFrom('Out', 'In', 'Both'), optional(nodeField))
    .map(([name, text]) => `${name}(${text})`),
  fc.constantFrom(
    'OutE("RelationType", "pod").OutV()',
    'InE().InV()',
    '__.out().has("Name", Nee("db"))',
    'Out().In()',
    'OutE().BothV()',
    'Out().Where(Out())',
    'Both().Dedup()',
  ),
);

const repeat = fc
  .tuple(
    body,
    fc.constantFrom('', '', '.Times(1)', '.Times(2)', '.Times(3)', '.Times(0)'),
    fc.option(traversal('nodes', 1), { nil: undefined }),
    fc.option(fc.option(traversal('nodes', 1), { nil: '' }), {
      nil: undefined,
    }),
    fc.nat(3),
  )
  .map(([text, times, until, emit, order]) => {
    const modifiers = [
      times.slice(1),
      until === undefined ? '' : `Until(${until})`,
      emit === undefined ? '' : `Emit(${emit})`,
    ].filter(Boolean);
    if (modifiers.length === 0) {
      return `Repeat(${text}).Emit()`;
    }
    // Some of them before Repeat.
    const before = order === 0 ? modifiers.splice(0, 1) : [];
    const early = order === 1 ? modifiers.splice(-1, 1) : before;
    // Behind another Repeat they would belong to that.
    const apart = early.length > 0 ? ['Dedup()'] : [];
    return [...apart, ...early, `Repeat(${text})`, ...modifiers].join('.');
  });

const onLists = (next: Stream) => [
  call('Dedup', next),
  call('Limit', next, limit),
  call('Range', next, range),
  call('Count', 'end'),
];
const onElements = (next: Stream, field: fc.Arbitrary<string>) => [
  ...onLists(next),
  call('Has', next, conditions(field)),
  call('has', next, conditions(field)),
  call('HasEither', next, pairs(field, 1)),
  call('HasKey', next, field),
  call('HasNot', next, field),
  call(
    'Dedup',
    next,
    fc.array(field, { maxLength: 2 }).map(x => x.join()),
  ),
  call('Sort', next, fc.constantFrom('DESC, "Name"', 'ASC, "K8s.Any"')),
  call(
    'Sort',
    next,
    fc
      .tuple(fc.constantFrom('', 'ASC', 'desc'), fc.option(field, { nil: '' }))
      .map(list => list.filter(Boolean).join(', ')),
  ),
  call('Values', 'values', field),
  call(
    'ValueMap',
    'maps',
    fc.array(field, { minLength: 1, maxLength: 3 }).map(x => x.join()),
  ),
  call('SubGraph', 'graph', optional(edgeField)),
  fc
    .tuple(fc.constantFrom('Sum', 'Min', 'Max', 'Mean'), numberField)
    .map(([name, text]): Piece => ({ text: `${name}(${text})`, next: 'end' })),
  call('GroupCount', 'end', fc.oneof(fc.constant(''), field)),
  call('Group', 'end', fc.oneof(fc.constant(''), field)),
  field.map(
    (text): Piece => ({ text: `GroupCount().By(${text})`, next: 'end' }),
  ),
];

const lists: fc.Arbitrary<Piece>[] = [
  call(
    'Has',
    'maps',
    fc.constantFrom('"Name", "web"', '"Port"', '"K8s.Any", Gt(1)'),
  ),
  call('HasNot', 'maps', fc.constantFrom('"Name"', '"Port"')),
];

const conditionals = (stream: 'nodes' | 'edges') => [
  ...['Where', 'Not'].map(name => call(name, stream, traversal(stream, 2))),
  ...['And', 'Or'].map(name =>
    call(
      name,
      stream,
      fc
        .array(traversal(stream, 1), { minLength: 1, maxLength: 3 })
        .map(list => list.join(', ')),
    ),
  ),
];

const shortest = fc
  .tuple(
    pairs(nodeField, 1),
    fc.option(pairs(edgeField, 1), { nil: undefined }),
  )
  .map(([target, edges]) =>
    [target, ...(edges === undefined ? [] : [edges])]
      .map(text => `Metadata(${text})`)
      .join(', '),
  );

const PIECES: Record<Exclude<Stream, 'end'>, fc.Arbitrary<Piece>> = {
  graph: fc.oneof(
    { weight: 8, arbitrary: call('V', 'nodes') },
    { weight: 3, arbitrary: call('E', 'edges') },
    call('V', 'nodes', fc.constantFrom('"demo/Pod/shop/web"', '"nope"')),
    fc.constant<Piece>({ text: 'G', next: 'graph' }),
  ),
  nodes: fc.oneof(
    ...onElements('nodes', nodeField),
    ...conditionals('nodes'),
    {
      weight: 3,
      arbitrary: repeat.map((text): Piece => ({ text, next: 'nodes' })),
    },
    { weight: 3, arbitrary: call('Path', 'paths') },
    {
      weight: 2,
      arbitrary: call('ShortestPathTo', 'paths', shortest),
    },
    ...['Out', 'In', 'Both', 'both'].map(name =>
      call(name, 'nodes', optional(nodeField)),
    ),
    ...['OutE', 'InE', 'BothE'].map(name =>
      call(name, 'edges', optional(edgeField)),
    ),
    ...['Descendants', 'Ascendants', 'Neighbors'].map(name =>
      call(name, 'nodes', closure),
    ),
    call('Impact', 'nodes', fc.constantFrom('', "'hard'")),
    call(
      'Has',
      'nodes',
      fc.constantFrom('"Stale", true', '"Stale", Ne(true)', '"Stale", 1'),
    ),
    call('As', 'nodes', fc.constantFrom('"a"', '"b"')),
    fc.constant<Piece>({ text: 'Select("a")', next: 'nodes' }),
    fc.constant<Piece>({ text: 'Select("a", "b", "a")', next: 'nodes' }),
    fc.constant<Piece>({ text: 'G', next: 'graph' }),
  ),
  edges: fc.oneof(
    ...onElements('edges', edgeField),
    ...conditionals('edges'),
    call('Path', 'paths'),
    ...['OutV', 'InV', 'BothV'].map(name =>
      call(name, 'nodes', optional(nodeField)),
    ),
  ),
  paths: fc.oneof(
    call('Dedup', 'nodes'),
    call('Limit', 'paths', limit),
    call('Range', 'paths', range),
    call('Count', 'end'),
    call('SubGraph', 'graph'),
  ),
  values: fc.oneof(
    ...onLists('values'),
    call('Is', 'values', value),
    ...lists,
    ...['Sum()', 'Max()', 'GroupCount()'].map(text =>
      fc.constant<Piece>({ text, next: 'end' }),
    ),
  ),
  maps: fc.oneof(...onLists('maps'), ...lists),
};

/** Queries whose steps fit each other, on the fields and values of `graphs`. */
export const queries: fc.Arbitrary<string> = fc
  .constantFrom('G', 'g')
  .chain(start =>
    chain('graph', 7)
      .map(rest => `${start}${rest}`)
      // Select needs the names that it mentions.
      .map(text =>
        text.includes('Select(')
          ? text.replace(/^g/i, 'G.V().As("a").Out().As("b").G')
          : text,
      ),
  );

function chain(stream: Stream, left: number): fc.Arbitrary<string> {
  if (stream === 'end' || left === 0) {
    return fc.constant('');
  }
  return fc
    .tuple(PIECES[stream], fc.nat(6))
    .chain(([piece, stop]) =>
      stop === 0 && stream !== 'graph'
        ? fc.constant('')
        : chain(piece.next, left - 1).map(rest => `.${piece.text}${rest}`),
    );
}
