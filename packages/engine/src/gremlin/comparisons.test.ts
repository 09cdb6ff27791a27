import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { Json } from '../kinds/observation';
import { runGremlin } from './runGremlin';
import { FixtureDictionary, FixtureGraph } from './__testUtils__/fixtureGraph';
import { testStore } from './__testUtils__/testStore';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

const DICTIONARY: FixtureDictionary = {
  clusters: ['demo'],
  kinds: ['Pod'],
  relations: [{ name: 'contains', relationType: 'ownership' }],
};

/** A node for each form that a field `K8s.x` can have, named after it. */
const VALUES: Record<string, Json | undefined> = {
  absent: undefined,
  null: null,
  true: true,
  false: false,
  one: 1,
  'one-and-a-half': 1.5,
  ten: 10,
  'text-10': '10',
  'text-007': '007',
  'text-1.5': '1.5',
  'text-true': 'true',
  empty: '',
  quoted: `a'b"c\\d%_?`,
  list: ['a', 'b', 10],
  'empty-list': [],
  object: { y: 'a' },
  'list-of-objects': [{ y: 'a' }, { y: 10 }, { z: 1 }],
  'nested-list': [['a']],
};

const GRAPH: FixtureGraph = {
  nodes: Object.entries(VALUES).map(([name, x], index) => ({
    id: index + 1,
    cluster: 'demo',
    kind: 'Pod',
    namespace: '',
    name,
    level: 'ok' as const,
    labels: {},
    properties: (x === undefined ? {} : { x }) as { [name: string]: Json },
    updatedAt: 1,
    revision: 1,
  })),
  edges: [],
};

const NAMES = Object.keys(VALUES);
const without = (...names: string[]) =>
  NAMES.filter(name => !names.includes(name));

/** What `Has("K8s.x", …)` (or another step) finds. */
const FACTS: [query: string, names: string[]][] = [
  // Texts equal texts, never numbers or booleans; of a list any element counts.
  [`Has("K8s.x", "10")`, ['text-10']],
  [`Has("K8s.x", "a")`, ['list']],
  [`Has("K8s.x", "true")`, ['text-true']],
  [`Has("K8s.x", "")`, ['empty']],
  [`Has("K8s.x", "a'b\\"c\\\\d%_?")`, ['quoted']],
  [`Has("K8s.x", "%")`, []],
  // Numbers equal numbers and texts that are whole numbers, leading zeros or not; nothing is truncated.
  [`Has("K8s.x", 10)`, ['ten', 'text-10', 'list']],
  [`Has("K8s.x", 7)`, ['text-007']],
  [`Has("K8s.x", 1)`, ['one']],
  [`Has("K8s.x", 1.5)`, ['one-and-a-half']],
  [`Has("K8s.x", 0)`, []],
  // Booleans equal booleans.
  [`Has("K8s.x", true)`, ['true']],
  [`Has("K8s.x", FALSE)`, ['false']],
  // Presence: null and empty lists are there.
  [`Has("K8s.x")`, without('absent')],
  [`HasNot("K8s.x")`, ['absent']],
  [`HasKey("K8s.x.y")`, ['object', 'list-of-objects']],
  // Not equal.
  [`Has("K8s.x", Ne("a"))`, without('absent', 'list')],
  [`Has("K8s.x", Nee("a"))`, without('list')],
  [`Has("K8s.x", Ne(true))`, without('absent', 'true')],
  [`Has("K8s.x", Nee(true))`, without('true')],
  [`Has("K8s.x", Ne(10))`, without('absent', 'ten', 'text-10', 'list')],
  [`Has("K8s.x", Without("a", 10))`, without('list', 'ten', 'text-10')],
  [`Has("K8s.x", Without())`, NAMES],
  [`Has("K8s.x", Within("a", 1, true))`, ['true', 'one', 'list']],
  [`Has("K8s.x", Within())`, []],
  // Greater and less: numbers and texts that are whole numbers.
  [
    `Has("K8s.x", Gt(1))`,
    ['one-and-a-half', 'ten', 'text-10', 'text-007', 'list'],
  ],
  [`Has("K8s.x", Gte("10"))`, ['ten', 'text-10', 'list']],
  [`Has("K8s.x", Lt(1.5))`, ['one']],
  [`Has("K8s.x", Lte(1.5))`, ['one', 'one-and-a-half']],
  [`Has("K8s.x", Inside(1, 10))`, ['one-and-a-half', 'text-007']],
  [`Has("K8s.x", Between(1, 10))`, ['one', 'one-and-a-half', 'text-007']],
  [`Has("K8s.x", Outside(1, 7))`, ['ten', 'text-10', 'list']],
  [
    `Has("K8s.x", Gt(-1))`,
    ['one', 'one-and-a-half', 'ten', 'text-10', 'text-007', 'list'],
  ],
  // Patterns search, in texts only.
  [`Has("K8s.x", Regex("0"))`, ['text-10', 'text-007']],
  [`Has("K8s.x", Regex("^10$"))`, ['text-10']],
  [`Has("K8s.x", Regex("^$"))`, ['empty']],
  [`Has("K8s.x", Regex("(?i)^A$"))`, ['list']],
  [`Has("K8s.x", Regex("\\."))`, ['text-1.5']],
  [`Has("K8s.x", Regex('[?]'))`, ['quoted']],
  [`Has("K8s.x", Regex("\\x00"))`, []],
  // Paths cross lists, one level.
  [`Has("K8s.x.y", "a")`, ['object', 'list-of-objects']],
  [`Has("K8s.x.y", 10)`, ['list-of-objects']],
  [`Has("K8s.x.z", Lt(5))`, ['list-of-objects']],
  [`Has("K8s.x.y", Regex("a"))`, ['object', 'list-of-objects']],
];

describe.each(databases.eachSupportedId())('on %s', id => {
  let knex: Knex;

  beforeAll(async () => {
    knex = await testStore(databases, id, DICTIONARY, GRAPH);
  });

  it.each(FACTS)('%s', async (step, names) => {
    const { value } = await runGremlin({
      knex,
      text: `G.V().${step}.Values("Name")`,
    });
    expect(value).toEqual(names);
  });

  it('sorts numbers by value, then texts by code point, then the rest', async () => {
    const sorted = async (direction: string) =>
      (
        await runGremlin({
          knex,
          text: `G.V().Sort(${direction}, "K8s.x").Values("Name")`,
        })
      ).value;
    const rest = [
      'absent',
      'null',
      'empty-list',
      'object',
      'list-of-objects',
      'nested-list',
    ];
    expect(await sorted('ASC')).toEqual([
      ...['one', 'one-and-a-half', 'text-007', 'ten', 'text-10'],
      ...['empty', 'text-1.5', 'list', 'quoted', 'false', 'true', 'text-true'],
      ...rest,
    ]);
    expect(await sorted('DESC')).toEqual([
      ...['true', 'text-true', 'false', 'quoted', 'list', 'text-1.5', 'empty'],
      ...['ten', 'text-10', 'text-007', 'one-and-a-half', 'one'],
      ...rest,
    ]);
  });

  it('gives values as they are stored', async () => {
    const { value } = await runGremlin({ knex, text: `G.V().Values("K8s.x")` });
    expect(value).toEqual(
      NAMES.filter(name => !['absent', 'empty-list'].includes(name)).map(
        name => VALUES[name],
      ),
    );
  });
});
