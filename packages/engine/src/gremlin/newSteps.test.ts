import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { Json } from '../kinds/observation';
import { runGremlin } from './runGremlin';
import {
  SKYDIVE_DICTIONARY,
  SKYDIVE_GRAPH,
} from './__testUtils__/skydiveGraph';
import { testStore } from './__testUtils__/testStore';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

/** On the fixture graph of `skydive.md`: ids where elements come out, lists of them for paths, else the value. */
const FACTS: [query: string, result: Json][] = [
  // Conditions that go elsewhere.
  [`G.V().Where(Out('Type', 'secret'))`, ['ns1', 'pod3']],
  [`G.V().Has('Type', 'pod').Not(Out('Type', 'secret'))`, ['pod1', 'pod2']],
  [
    `G.V().Has('Type', 'pod').Where(__.in('Type', 'service'))`,
    ['pod1', 'pod2'],
  ],
  [`G.V().Or(Has('Type', 'secret'), Has('Type', 'ingress'))`, ['ing1', 'sec1']],
  [`G.V().And(Has('Type', 'pod'), Has('State', 'DOWN'))`, ['pod2']],
  [`G.V().Where('Type', 'pod', 'State', 'DOWN')`, ['pod2']],
  [`G.V().Not('Type', Within('pod', 'namespace')).Count()`, 9],
  [
    `G.V().Where(Out('Type', 'pod').Count().Is(Gte(2)))`,
    ['ns1', 'node1', 'rs1', 'svc1', 'np1'],
  ],
  [
    `G.V().Has('Type', 'pod').Where(In('Type', 'service').Count().Is(0))`,
    ['pod3'],
  ],
  [
    `G.V().Where(Out().Range(2, 3).Has('Type', 'pod'))`,
    ['ns1', 'node1', 'np1'],
  ],
  [
    `G.V().Where(Out().Where(Out('Type', 'pod')))`,
    ['cl', 'dep1', 'ing1', 'ns1'],
  ],
  [`G.V().Where(Out().Not(In('Type', 'namespace')).In())`, ['cl', 'pod1']],
  [
    `G.E().Where(OutV('Type', 'secret'))`,
    ['ns1|contains|sec1', 'pod3|pod|sec1'],
  ],
  [`G.V().Where(Out().Values('Name').Is(Regex('^db-p')))`, ['ns1', 'pod3']],
  [`G.V().Has('Name', Not(Regex('web')), 'Type', 'pod')`, ['pod3']],
  // Repetitions.
  [`G.V('cl').Repeat(Out()).Times(2).Dedup().Count()`, 9],
  [`G.V('cl').Repeat(Out()).Times(2).Count()`, 12],
  [`G.V('dep1').repeat(out()).times(2)`, ['pod1', 'pod2']],
  [`G.V('dep1').Repeat(Out()).Times(2).Emit()`, ['rs1', 'pod1', 'pod2']],
  [
    `G.V('dep1').Emit().Repeat(Out()).Times(2)`,
    ['dep1', 'rs1', 'pod1', 'pod2'],
  ],
  [`G.V('dep1').Repeat(Out()).Times(0)`, ['dep1']],
  [`G.V('dep1').Repeat(Out()).Emit()`, ['rs1', 'pod1', 'pod2', 'ct1']],
  [`G.V('dep1').Repeat(Out()).Emit(Has('Type', 'container'))`, ['ct1']],
  [`G.V('dep1').Repeat(Out()).Until(Has('Type', 'pod'))`, ['pod1', 'pod2']],
  [`G.V('pod1').Until(Has('Type', 'pod')).Repeat(Out())`, ['pod1']],
  [
    `G.V('ct1').Repeat(In()).Until(Not(In()))`,
    ['cl', 'dep1', 'ing1', 'np1'].filter(id => id === 'cl'),
  ],
  [
    `G.V('ing1').Repeat(OutE('Manager', 'k8s').OutV()).Emit()`,
    ['svc1', 'pod1', 'pod2'],
  ],
  [
    `G.V('pod3').Repeat(Both().Has('Type', Within('pod', 'node'))).Emit()`,
    ['node1', 'pod1', 'pod2', 'pod3'],
  ],
  [`G.V('dep1').Repeat(Out().Out()).Emit()`, ['pod1', 'pod2']],
  // Ways.
  [
    `G.V('dep1').Out().Out().Path()`,
    [
      ['dep1', 'rs1', 'pod1'],
      ['dep1', 'rs1', 'pod2'],
    ],
  ],
  [`G.V('ing1').OutE().OutV().Path()`, [['ing1', 'ing1|ingress|svc1', 'svc1']]],
  [
    `G.V('ing1').Repeat(Out()).Until(Has('Type', 'container')).Path()`,
    [['ing1', 'svc1', 'pod1', 'ct1']],
  ],
  [`G.V('dep1').Repeat(Out()).Times(2).Path().Count()`, 2],
  [`G.V('dep1').Out().Out().Path().Limit(1)`, [['dep1', 'rs1', 'pod1']]],
  [`G.V('dep1').Out().Out().Path().Dedup()`, ['dep1', 'rs1', 'pod1', 'pod2']],
  [`G.V('dep1').Out().Out().Path().SubGraph().E().Count()`, 3],
  [
    `G.V('ing1').ShortestPathTo(Metadata('Type','secret'))`,
    [['ing1', 'ns1', 'sec1']],
  ],
  [
    `G.V('ing1').ShortestPathTo(Metadata('Type','secret'), Metadata('Manager','k8s'))`,
    [['ing1', 'svc1', 'pod1', 'node1', 'pod3', 'sec1']],
  ],
  [`G.V('sec1').ShortestPathTo(Metadata('Type','secret'))`, [['sec1']]],
  [`G.V().ShortestPathTo(Metadata('Type','nothing'))`, []],
  [
    `G.V().Has('Type','pod').ShortestPathTo(Metadata('Type','secret')).Count()`,
    3,
  ],
  [
    `G.V('ing1').ShortestPathTo(Metadata('Type','secret')).Dedup()`,
    ['ing1', 'ns1', 'sec1'],
  ],
  [
    `G.V('ing1').ShortestPathTo(Metadata('Type','secret')).SubGraph().E()`,
    ['ns1|contains|ing1', 'ns1|contains|sec1'],
  ],
  // Sums and groups.
  [`G.V().Has('Type','deployment').Sum('K8s.DesiredReplicas')`, 2],
  [`G.V().Sum('Nope')`, 0],
  [`G.V().Values('K8s.Ports.Port').Sum()`, 523],
  [`G.V().Min('K8s.Ports.Port')`, 80],
  [`G.V().Max('K8s.Ports.Port')`, 443],
  [`G.V().Mean('K8s.Ports.Port')`, 261.5],
  [`G.V().Max('Nope')`, null],
  [
    `G.V().Has('K8s.Namespace', 'shop').GroupCount('Type')`,
    {
      pod: 3,
      container: 1,
      deployment: 1,
      ingress: 1,
      networkpolicy: 1,
      replicaset: 1,
      secret: 1,
      service: 1,
    },
  ],
  [`G.V().groupCount().by('K8s.Labels.app')`, { web: 4, db: 1 }],
  [`G.V().Values('State').GroupCount()`, { UP: 2, DOWN: 1 }],
  // Lists of what was asked.
  [
    `G.V().Has('Type','pod').ValueMap('Name','State').Has('State', 'DOWN')`,
    [{ Name: 'web-6d4-b', State: 'DOWN' }],
  ],
  [
    `G.V().ValueMap('Name','K8s.ReadyReplicas').HasKey('K8s.ReadyReplicas').Count()`,
    1,
  ],
  [
    `G.V().Values('K8s.Ports').Has('Port', Gt(100))`,
    [
      [
        { Name: 'http', Port: 80 },
        { Name: 'https', Port: 443 },
      ],
    ],
  ],
  [
    `G.V().Values('Name').Is(Regex('^web'))`,
    ['web', 'web-6d4', 'web-6d4-a', 'web-6d4-b'],
  ],
];

const idOf = (each: Json): Json =>
  Array.isArray(each)
    ? each.map(idOf)
    : (each as { ID?: string } | null)?.ID ?? each;

const sorted = (value: Json) =>
  Array.isArray(value) && value.every(each => typeof each === 'string')
    ? [...value].sort()
    : value;

describe.each(databases.eachSupportedId())('on %s', id => {
  let knex: Knex;
  const run = (text: string) => runGremlin({ knex, text });

  beforeAll(async () => {
    knex = await testStore(databases, id, SKYDIVE_DICTIONARY, SKYDIVE_GRAPH);
  });

  it.each(FACTS)('%s', async (text, result) => {
    const { value, cut } = await run(text);
    const shown = Array.isArray(value)
      ? value.map(each => idOf(each as Json))
      : value;
    expect(cut).toBeUndefined();
    expect(sorted(shown as Json)).toEqual(sorted(result));
  });

  it('groups elements', async () => {
    const { value } = await run(`G.V().Has('Type', 'pod').Group('State')`);
    expect(
      Object.entries(value as { [name: string]: Json[] }).map(
        ([name, list]) => [name, list.map(idOf)],
      ),
    ).toEqual([
      ['UP', ['pod1', 'pod3']],
      ['DOWN', ['pod2']],
    ]);
  });

  it.each([
    [
      `G.V().Has('Type', 'depolyment')`,
      'no kind is called "depolyment"; did you mean deployment?',
    ],
    [`G.V().Has('Type', 'Pod')`, 'no kind is called "Pod"; did you mean pod?'],
    [
      `G.V().Has('Type', 'pods').Count()`,
      'no kind is called "pods"; did you mean pod?',
    ],
    [
      `G.V().Has('Type', 'svc').Out()`,
      'no kind is called "svc"; did you mean service?',
    ],
    [
      `G.V().Out('Type', Within('pod', 'cronyjob')).Has('Name', 'x')`,
      'no kind is called "cronyjob"',
    ],
    [
      `G.V().Has('type', 'pod')`,
      'no node has a field "type"; did you mean Type?',
    ],
    [
      `G.V().Has('k8s.Namespace', 'shop').SubGraph()`,
      'no node has a field "k8s"; did you mean K8s?',
    ],
  ])('hints at the misspelt word of %s', async (text, hint) => {
    expect((await run(text)).hint).toContain(hint);
  });

  it('has no hint where something is found, or nothing is misspelt', async () => {
    expect((await run(`G.V().Has('Type', 'pod')`)).hint).toBeUndefined();
    expect(await run(`G.V().Has('Type', 'pod', 'Name', 'x')`)).toEqual({
      value: [],
    });
  });

  it.each([
    [`G.V().Sum('Name')`, 'line 1, column 7: "cl" is not a number'],
    [
      `G.V().Descendants().Path()`,
      'Path() does not know by which way Descendants, Ascendants and Neighbors went; expected Repeat(Out()).Emit()',
    ],
    [
      `G.V().Impact().Path()`,
      'Path() does not know by which way Impact went; expected Repeat(In()).Emit()',
    ],
    [
      `G.At(NOW, FOREVER).V().Impact()`,
      'At with a span lists all revisions in it, and this step works on the graph of one moment',
    ],
    [
      `G.V().Repeat(Out().Where(Out())).Emit().Path()`,
      'Path() knows the way through this Repeat only when it has Times(n)',
    ],
    [
      `G.V().Repeat(Out()).Times(33)`,
      'Repeat follows 33 steps here, and 32 is the most that is counted',
    ],
    [
      `G.At(NOW, FOREVER).V().Where(Out())`,
      'At with a span lists all revisions in it, and this step works on the graph of one moment',
    ],
  ])('refuses %s', async (text, message) => {
    await expect(run(text)).rejects.toThrow(message);
  });

  it('sees a kind and a relation that are new, though it keeps plans', async () => {
    const count = async (text: string) => (await run(text)).value;
    const pods = `G.V().Has('Type', Without('pod')).Count()`;
    const jobs = `G.V().Has('Type', 'job').Count()`;
    const edges = `G.E().Has('RelationType', 'job').Count()`;
    const before = await count(pods);
    expect([await count(jobs), await count(edges)]).toEqual([0, 0]);
    await knex('kinds').insert({
      id: 99,
      api_group: 'batch',
      kind: 'Job',
      type: 'job',
      text: 'Job.batch',
    });
    await knex('relations').insert({
      id: 99,
      name: 'job-pod',
      relation_type: 'job',
      class: 'workload',
      suffers: 'none',
      strength: 'soft',
      metadata: '{}',
    });
    await knex('nodes').insert({
      id: 99,
      cluster_id: 1,
      kind_id: 99,
      name: 'migrate',
      key: 'job1',
      level: 'ok',
      labels: '{}',
      properties: '{}',
      verdict: '{}',
      hash: '',
      updated_at: 1,
      revision: 1,
    });
    await knex('edges').insert({
      src: 99,
      rel: 99,
      dst: 5,
      required: 1,
      created_at: 1,
    });
    expect([await count(pods), await count(jobs), await count(edges)]).toEqual([
      Number(before) + 1,
      1,
      1,
    ]);
  });

  it('keeps no plan of one caller for another', async () => {
    const text = `G.V().Has('Type', 'pod').Count()`;
    const none = { anyOf: [] };
    expect((await runGremlin({ knex, text })).value).toBe(3);
    expect((await runGremlin({ knex, text, filter: none })).value).toBe(0);
    expect((await runGremlin({ knex, text })).value).toBe(3);
  });
});
