// fc.assert is the assertion of a property.
/* eslint jest/expect-expect: ["error", { "assertFunctionNames": ["expect", "fc.assert"] }] */
import fc from 'fast-check';
import { NOW } from '../store/moment';
import { DEFAULT_BOUNDS } from './bounds';
import { GremlinError } from './gremlinError';
import { parseGremlin } from './parseGremlin';
import { compile } from './sql/compile';
import { Plan } from './sql/plan';
import { POSTGRES } from './sql/postgresDialect';
import { Sql } from './sql/sql';
import { SQLITE } from './sql/sqliteDialect';
import { queries } from './__testUtils__/randomQueries';

function errorOf(text: string): GremlinError {
  try {
    parseGremlin(text);
  } catch (error) {
    expect(error).toBeInstanceOf(GremlinError);
    return error as GremlinError;
  }
  throw new Error(`${text} is not wrong`);
}

describe('what is read', () => {
  it.each([
    ['letter case of steps', 'g.v().HAS("Type", WITHIN("pod"))'],
    ['single quotes', `G.V().Has('Type', Within('pod'))`],
    [
      'lines, tabs, carriage returns',
      'G\r\n\t.V()\n.Has ( "Type" ,Within("pod") )',
    ],
    ['no commas', 'G.V().Has("Type" Within("pod"))'],
    ['too many commas', 'G.V(,).Has(,"Type",,Within(,"pod",),)'],
    ['a field with Metadata.', 'G.V().Has("Metadata.Type", Within("pod"))'],
  ])('%s', (_, text) => {
    expect(shape(text)).toEqual(shape('G.V().Has("Type", Within("pod"))'));
  });

  it.each([
    [`'it\\'s'`, "it's"],
    [`"say \\"hi\\""`, 'say "hi"'],
    [`"it's"`, "it's"],
    [`'a\\\\b'`, 'a\\b'],
    [`'a\\nb\\tc'`, 'a\nb\tc'],
    [`'\\u00e9\\u4e2d'`, 'é中'],
    // A regular expression reads as it is written.
    [`'web-\\d+\\.\\w'`, 'web-\\d+\\.\\w'],
    [`'two\nlines'`, 'two\nlines'],
    [`''`, ''],
    [`-1`, -1],
    [`2.5`, 2.5],
    [`007`, 7],
    [`TRUE`, true],
    [`false`, false],
  ])('the value %s', (written, value) => {
    const [, , has] = parseGremlin(`G.V().Has("x", ${written})`).steps;
    expect(has).toMatchObject({
      conditions: [{ test: { test: 'equals', anyOf: [value] } }],
    });
  });

  it.each([
    ['K8s.Labels.app', ['K8s', 'Labels', 'app']],
    ['Metadata.Name', ['Name']],
    ['Metadata', ['Metadata']],
    [
      'K8s.Labels["app.kubernetes.io/name"]',
      ['K8s', 'Labels', 'app.kubernetes.io/name'],
    ],
    [`K8s['a.b'].c`, ['K8s', 'a.b', 'c']],
    ['@ID', ['@ID']],
  ])('the field %s', (written, segments) => {
    const [, , has] = parseGremlin(
      `G.V().HasKey(${JSON.stringify(written)})`,
    ).steps;
    expect(has).toMatchObject({ conditions: [{ field: { segments } }] });
  });
});

/** The query without its places. */
function shape(text: string): unknown {
  return JSON.parse(
    JSON.stringify(parseGremlin(text).steps, (key, value) =>
      key === 'at' || key === 'text' ? undefined : value,
    ),
  );
}

describe('what is wrong', () => {
  const STEPS_ON_NODES =
    'G, Has, HasEither, HasKey, HasNot, Out, In, Both, OutE, InE, BothE, Dedup, Limit, Range, Sort, Count, Sum, Min, Max, Mean, GroupCount, Group, Values, ValueMap, Keys, SubGraph, As, Select, Descendants, Ascendants, Neighbors, Impact, Where, Not, And, Or, Repeat, Path, ShortestPathTo, Diff';
  const VALUE = 'a text in quotes, a number, true or false';

  it.each<[text: string, line: number, column: number, message: string]>([
    // the whole
    [
      '',
      1,
      1,
      'the query ends too early; expected "G", with which every query begins',
    ],
    [
      '  \n ',
      2,
      2,
      'the query ends too early; expected "G", with which every query begins',
    ],
    [
      'V()',
      1,
      1,
      'a query does not begin with "V"; expected "G", with which every query begins',
    ],
    [
      '"G"',
      1,
      1,
      '"\\"G\\"" does not belong here; expected "G", with which every query begins',
    ],
    ['G()', 1, 1, 'G takes no parentheses'],
    ['G.', 1, 3, 'the query ends too early; expected a step'],
    [
      'G V()',
      1,
      3,
      '"V" does not belong here; expected "." and a step, or the end',
    ],
    ['G..V()', 1, 3, '"." does not belong here; expected a step'],
    ['G.V', 1, 3, 'V needs parentheses; expected V()'],
    [
      'G.V(',
      1,
      5,
      'the query ends too early; expected a value, a comma or ")"',
    ],
    [
      'G.V().Has("a", "b"',
      1,
      19,
      'the query ends too early; expected a value, a comma or ")"',
    ],
    [
      'G.V())',
      1,
      6,
      '")" does not belong here; expected "." and a step, or the end',
    ],
    ['G.V();', 1, 6, '";" means nothing in this language'],
    ['G.V() // all', 1, 7, '"/" means nothing in this language'],
    // values
    [
      `G.V().Has('a', 'b)`,
      1,
      16,
      "the text that begins here has no end; expected a closing '",
    ],
    [
      `G.V().Has('a", 'b')`,
      1,
      18,
      "the text that begins here has no end; expected a closing '",
    ],
    [
      'G.V().Limit(1a)',
      1,
      13,
      '"1a" is not a number; expected digits, with at most one dot between them',
    ],
    [
      'G.V().Limit(1.2.3)',
      1,
      13,
      '"1.2.3" is not a number; expected digits, with at most one dot between them',
    ],
    [
      'G.V().Has("a", 1234567890123456)',
      1,
      16,
      'a number has at most 15 digits',
    ],
    [
      'G.V().Has("a", "\\u0000")',
      1,
      16,
      'a text holds a character that no database can (NUL or half)',
    ],
    [
      'G.V().Has("a", foo)',
      1,
      16,
      '"foo" is neither a value nor a predicate; expected a text in quotes, a number, true, false or one of Ne, Nee, Lt, Lte, Gt, Gte, Inside, Between, Outside, Within, Without, Regex, Ipv4Range',
    ],
    [
      'G.V().Has("a", Widthin("x"))',
      1,
      16,
      '"Widthin" is neither a value nor a predicate; did you mean Within?',
    ],
    ['G.V().Has("a", Gt)', 1, 16, 'Gt needs its values in parentheses'],
    // steps
    ['G.V().Hsa("a")', 1, 7, 'there is no step "Hsa"; did you mean Has?'],
    [
      'G.V()\n  .Desendants()',
      2,
      4,
      'there is no step "Desendants"; did you mean Descendants?',
    ],
    ['G.V().outt()', 1, 7, 'there is no step "outt"; did you mean Out?'],
    [
      'G.V().Frobnicate()',
      1,
      7,
      'there is no step "Frobnicate"; expected one of G, V, E, Has',
    ],
    [
      'G.V().Count().Out()',
      1,
      15,
      'Out works on nodes, and here is a number; expected one of G',
    ],
    [
      'G.E().Out()',
      1,
      7,
      'Out works on nodes, and here is edges; expected one of G, Has, ',
    ],
    [
      'G.V().OutV()',
      1,
      7,
      `OutV works on edges, and here is nodes; expected one of ${STEPS_ON_NODES}`,
    ],
    [
      'G.Out()',
      1,
      3,
      'Out works on nodes, and here is a graph; expected one of G, V, E',
    ],
    [
      'G.Count()',
      1,
      3,
      'Count works on nodes or edges or paths or values or maps or keys, and here is a graph',
    ],
    [
      'G.V().Values("a").Out()',
      1,
      19,
      'Out works on nodes, and here is values; expected one of G, Has, HasEither, HasKey, HasNot, Dedup, Limit, Range, Count, Sum, Min, Max, Mean, GroupCount, Is',
    ],
    // within parentheses
    ['G.V().Where()', 1, 13, 'Where needs more; expected steps, such as'],
    ['G.V().Where(5)', 1, 13, 'Where does not take this; expected steps'],
    ['G.V().Where(__)', 1, 13, 'Where does not take this; expected steps'],
    ['G.V().Where(Oot())', 1, 13, 'there is no step "Oot"; did you mean Out?'],
    [
      'G.V().Where(OutV())',
      1,
      13,
      'OutV works on edges, and here is nodes; expected one of Has,',
    ],
    [
      'G.V().Where(SubGraph())',
      1,
      13,
      'SubGraph does not work within a condition',
    ],
    ['G.V().Where(As("a"))', 1, 13, 'As does not work within a condition'],
    ['G.V().Where(Path())', 1, 13, 'Path does not work within a condition'],
    ['G.V().Where(Out(), In())', 1, 20, 'Where takes no more than this'],
    [
      'G.V().Where(Values("a").Dedup())',
      1,
      25,
      'Dedup does not work behind Values within a condition; expected Is(…)',
    ],
    [
      'G.V().Has("a", Within("b").Count())',
      1,
      28,
      'nothing follows a predicate such as Within',
    ],
    // Repeat and what stands beside it
    [
      'G.V().Repeat(Out())',
      1,
      7,
      'Repeat does not say when to stop, nor what to give; expected Times(n), Until(…) or Emit() behind it',
    ],
    ['G.V().Repeat(Out()).Count()', 1, 7, 'Repeat does not say when to stop'],
    [
      'G.V().Repeat(OutE()).Times(2)',
      1,
      14,
      'what Repeat repeats ends in edges, and has to end in nodes',
    ],
    [
      'G.V().Repeat(Limit(1)).Times(2)',
      1,
      14,
      'Limit does not work within Repeat',
    ],
    [
      'G.V().Times(2)',
      1,
      7,
      'Times belongs to Repeat(…), and none stands beside it',
    ],
    ['G.V().Until(Out()).Count()', 1, 7, 'Until belongs to Repeat(…)'],
    [
      'G.V().Repeat(Out()).Times(1).Times(2)',
      1,
      30,
      'Times is said twice here',
    ],
    ['G.V().Repeat(Out()).Times(-1)', 1, 27, 'Times does not take this'],
    ['G.V().By("Type")', 1, 7, 'By belongs to Group() or GroupCount()'],
    // sums, groups, paths
    ['G.V().Sum()', 1, 7, 'of which field is not said'],
    [
      'G.V().Values("a").Sum("b")',
      1,
      19,
      'a field is taken of nodes and edges, and here is values',
    ],
    ['G.V().Count().Count()', 1, 15, 'Count works on'],
    ['G.V().GroupCount("Type").Limit(1)', 1, 26, 'Limit works on'],
    [
      'G.V().Path().Out()',
      1,
      14,
      'Out works on nodes, and here is paths; expected one of G, Dedup, Limit, Range, Count, SubGraph',
    ],
    [
      'G.V().ShortestPathTo("Type", "pod")',
      1,
      22,
      "ShortestPathTo does not take this; expected Metadata('Type', 'secret')",
    ],
    ['G.V().ShortestPathTo(Metadata())', 1, 31, 'Metadata needs more'],
    ['G.V().Diff("-10m").Count()', 1, 20, 'Count works on'],
    ['G.V().Diff("soon")', 1, 12, 'Diff does not take this'],
    // what TinkerPop and Skydive have besides
    [
      'G.V().hasLabel("pod")',
      1,
      7,
      "TinkerPop's step hasLabel is written Has('Type', 'pod') here",
    ],
    [
      'G.V().addV("pod")',
      1,
      7,
      "TinkerPop's step addV would change the graph, and this language only reads",
    ],
    [
      'G.Workflow("x")',
      1,
      3,
      "Skydive's step Workflow runs scripts on the server",
    ],
    [
      'G.V().Metrics()',
      1,
      7,
      "Skydive's step Metrics needs Skydive's captured flows",
    ],
    ['G.V().G.At("-10m")', 1, 9, 'At works only directly behind the G'],
    ['G.At()', 1, 6, 'At needs more'],
    ['G.At(1.5)', 1, 6, 'At does not take this'],
    ['G.At(-1)', 1, 6, 'At does not take this'],
    ['G.At("10 minutes ago")', 1, 6, 'At does not take this'],
    ['G.At("2026-13-01")', 1, 6, 'At does not take this'],
    [
      'G.At("-10m", true)',
      1,
      14,
      "At does not take this; expected a span: seconds, '1h30m' or FOREVER",
    ],
    [
      'G.Flows()',
      1,
      3,
      "Skydive's step Flows needs Skydive's captured flows, and Kubernetes objects have none",
    ],
    // arguments
    ['G.V(1)', 1, 5, 'V does not take this; expected an id'],
    [
      'G.V().Has()',
      1,
      11,
      'Has needs more; expected a field, or pairs of field and value',
    ],
    [
      'G.V().Has("a", "b", "c")',
      1,
      24,
      'Has lacks the value for "c"; expected pairs of field and value',
    ],
    [
      'G.V().Has(1, "b")',
      1,
      11,
      'Has does not take this; expected the name of a field in quotes',
    ],
    [
      'G.V().Has(true)',
      1,
      11,
      'Has does not take this; expected the name of a field in quotes',
    ],
    [
      'G.V().HasKey("a", "b")',
      1,
      19,
      'HasKey takes no more than this; expected one field',
    ],
    ['G.V().Count("a")', 1, 13, 'Count takes no more than this; expected ")"'],
    [
      'G.V().Limit("a")',
      1,
      13,
      'Limit does not take this; expected a whole number from 0',
    ],
    [
      'G.V().Limit(-1)',
      1,
      13,
      'Limit does not take this; expected a whole number from 0',
    ],
    [
      'G.V().Limit(1.5)',
      1,
      13,
      'Limit does not take this; expected a whole number from 0',
    ],
    [
      'G.V().Range(1)',
      1,
      14,
      'Range needs more; expected two whole numbers from 0',
    ],
    [
      'G.V().Sort(UP)',
      1,
      12,
      'Sort does not take this; expected ASC or DESC, and a field',
    ],
    ['G.V().Values()', 1, 14, 'Values needs more; expected one field'],
    [
      'G.V().Descendants("a")',
      1,
      19,
      'Descendants does not take this; expected pairs of field and value, then perhaps a depth (0: no limit)',
    ],
    ['G.V().Select("a")', 1, 7, 'no As("a") stands before this Select'],
    [
      'G.V().As("pods").Select("pod")',
      1,
      18,
      'no As("pod") stands before this Select; did you mean pods?',
    ],
    [
      'G.V().Values("a").Dedup("b")',
      1,
      19,
      'Dedup takes fields on nodes and edges, and here is values; expected Dedup()',
    ],
    // predicates
    [
      'G.V().Has("a", Ne())',
      1,
      19,
      `Ne takes 1 value, not 0; expected ${VALUE}`,
    ],
    [
      'G.V().Has("a", Ne("x", "y"))',
      1,
      24,
      `Ne takes 1 value, not 2; expected ${VALUE}`,
    ],
    [
      'G.V().Has("a", Within(Ne("x")))',
      1,
      23,
      `Within does not take this; expected ${VALUE}`,
    ],
    [
      'G.V().Has("a", Lt("x"))',
      1,
      19,
      'Lt does not take this; expected a number',
    ],
    [
      'G.V().Has("a", Between(1))',
      1,
      25,
      'Between takes 2 values, not 1; expected two numbers',
    ],
    [
      'G.V().Has("a", Regex("a("))',
      1,
      22,
      'this is not a regular expression: missing closing ): `a(`',
    ],
    [
      'G.V().Has("a", Regex("(a)\\\\1"))',
      1,
      22,
      'this is not a regular expression: invalid escape sequence: `\\1`',
    ],
    [
      'G.V().Has("a", Regex(1))',
      1,
      22,
      'Regex does not take this; expected a regular expression in quotes',
    ],
    [
      'G.V().Has("a", Ipv4Range("10.0.0.0"))',
      1,
      26,
      'this is not an IPv4 network: expected a network such as 10.1.0.0/16',
    ],
    [
      'G.V().Has("a", Ipv4Range("10.0.0.0/33"))',
      1,
      26,
      'this is not an IPv4 network: expected a network such as 10.1.0.0/16',
    ],
    // fields
    [
      'G.V().Has("")',
      1,
      11,
      '"" is no field; expected a field such as Name, K8s.Node or K8s.Labels["app.kubernetes.io/name"]',
    ],
    ['G.V().Has("a..b")', 1, 11, '"a..b" is no field; expected'],
    ['G.V().Has("a[b]")', 1, 11, '"a[b]" is no field; expected'],
    ['G.V().Has("a[\\"b")', 1, 11, '"a[\\"b" is no field; expected'],
    [
      'G.V().Has("@Id")',
      1,
      11,
      'there is no attribute "@Id"; did you mean @ID?',
    ],
    [
      "G.V().Impact('soft')",
      1,
      14,
      "Impact does not take this; expected 'hard', or nothing",
    ],
    [
      "G.V().Impact('hard', 2)",
      1,
      22,
      "Impact takes no more than this; expected 'hard', or nothing",
    ],
    // bounds
    [
      `G.V().Has("a", ${'Ne('.repeat(12)}`,
      1,
      45,
      'parentheses are nested more than 10 deep',
    ],
  ])('%s', (text, line, column, message) => {
    const error = errorOf(text);
    expect([error.line, error.column]).toEqual([line, column]);
    expect(error.message).toContain(
      `line ${line}, column ${column}: ${message}`,
    );
  });

  it('shows the place', () => {
    expect(errorOf('G.V().Hsa("a")').excerpt).toBe('G.V().Hsa("a")\n      ^^^');
    expect(errorOf('G.V()\n\t.Hsa("a")').excerpt).toBe(' .Hsa("a")\n  ^^^');
    // Columns count characters, not bytes or halves of them.
    expect(errorOf('G.V("😀é").Hsa()')).toMatchObject({
      column: 11,
      excerpt: 'G.V("😀é").Hsa()\n          ^^^',
    });
    const long = errorOf(
      `G.V().Has("Name", "${'x'.repeat(200)}").Hsa("${'y'.repeat(200)}")`,
    );
    const [line, carets] = long.excerpt.split('\n');
    expect(line.length).toBeLessThan(80);
    expect(line.slice(carets.indexOf('^'), carets.length)).toBe('Hsa');
  });
});

function statementsOf({ answer, lookups, visits }: Plan): Sql[] {
  const bound = { lookup: 0 };
  const more =
    answer.form === 'graph' || answer.form === 'paths'
      ? [answer.edges(bound)]
      : [];
  return [
    ...lookups.flatMap(each =>
      'hop' in each ? [each.sources, each.targets, each.hop] : [each.statement],
    ),
    ...(visits ? [visits] : []),
    ...more,
    ...(answer.form === 'paths' ? [answer.nodes(bound)] : []),
    ...(answer.form === 'graph' ? [answer.nodes] : [answer.statement]),
  ];
}

describe('whatever comes', () => {
  /** `GREMLIN_FUZZ=100000` for a long search. */
  const RUNS = Number(process.env.GREMLIN_FUZZ ?? 5_000);

  /** Parses and, if that succeeds, compiles for both databases. */
  function plansOf(text: string): Plan[] | GremlinError {
    try {
      const query = parseGremlin(text);
      return [SQLITE, POSTGRES].map(dialect =>
        compile(query, {
          dialect,
          view: { moment: NOW },
          bounds: DEFAULT_BOUNDS,
        }),
      );
    } catch (error) {
      if (error instanceof GremlinError) {
        return error;
      }
      throw error;
    }
  }

  function isSound(result: Plan[] | GremlinError): boolean {
    return (
      !(result instanceof GremlinError) ||
      (result.line > 0 && result.column > 0 && result.excerpt.includes('^'))
    );
  }

  it(`only GremlinError comes out of ${RUNS} random texts`, () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          fc.string({ unit: 'grapheme', maxLength: 60 }),
          fc
            .array(
              fc.constantFrom(
                ...'G V() . ( ) , \' " \\ [ ] @ 0 -1 1.5 Has Regex("[") Within Dedup() "K8s.Labels" Count() Limit( Select( As("a") Where( Repeat( Times(2) Until( Emit() Path() __ Metadata( ShortestPathTo( GroupCount( At( NOW Diff( \u0000 \ud800'.split(
                  ' ',
                ),
                ' ',
                '\n',
              ),
              { maxLength: 40 },
            )
            .map(parts => parts.join('')),
        ),
        text => isSound(plansOf(text)),
      ),
      { numRuns: RUNS },
    );
  });

  it(`only GremlinError comes out of ${RUNS} queries with something changed`, () => {
    fc.assert(
      fc.property(
        queries,
        fc.nat(),
        fc.nat(4),
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 3 }),
          fc.constantFrom('(', ')', '"', "'", '.', ',', '\\', '-', 'Has'),
        ),
        (text, position, removed, inserted) => {
          const at = position % (text.length + 1);
          return isSound(
            plansOf(text.slice(0, at) + inserted + text.slice(at + removed)),
          );
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('nothing of a query becomes text of a statement', () => {
    const mark = 'zqMARKqz';
    fc.assert(
      fc.property(queries, text => {
        // Every text of the query carries the mark: values, fields, ids, patterns, names.
        const marked = text.replace(
          /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g,
          (_, a, b) => {
            const inner: string = a ?? b;
            return inner.startsWith('@') ? `"${inner}"` : `"${inner}${mark}"`;
          },
        );
        const plans = plansOf(marked);
        const statements =
          plans instanceof GremlinError ? [] : plans.flatMap(statementsOf);
        return statements.every(
          ({ text: sql, bindings }) =>
            !sql.includes(mark) &&
            sql.split('?').length === bindings.length + 1,
        );
      }),
      { numRuns: Math.min(RUNS, 2_000) },
    );
  });
});
