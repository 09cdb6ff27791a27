import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { Json } from '../kinds/observation';
import { GremlinAnswer } from './result';
import { runGremlin } from './runGremlin';
import {
  SKYDIVE_DICTIONARY,
  SKYDIVE_GRAPH,
} from './__testUtils__/skydiveGraph';
import { testStore } from './__testUtils__/testStore';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

/**
 * The examples of `skydive.md` section 3 with their results: ids where elements come out (in any order), else the
 * value itself. An edge is written `parent|relation|child`.
 */
const EXAMPLES: [query: string, result: Json][] = [
  // 3.4 predicates
  [`G.V().Has('State',Ne('UP'))`, ['pod2']],
  [`G.V().Has('State',Nee('UP')).Count()`, 12],
  [`G.V().Has('K8s.DesiredReplicas',Gte(2))`, ['dep1']],
  [`G.V().Has('K8s.DesiredReplicas',Gt(2))`, []],
  [`G.V().Has('K8s.DesiredReplicas',Lt('3'))`, ['dep1']],
  [`G.V().Has('K8s.DesiredReplicas',Inside(1,3))`, ['dep1']],
  [`G.V().Has('K8s.DesiredReplicas',Between(2,3))`, ['dep1']],
  [`G.V().Has('Type',Within('secret','ingress'))`, ['sec1', 'ing1']],
  [`G.V().Has('Type',Without('pod','container')).Count()`, 10],
  [`G.V().Has('Name',Regex('web-.*'))`, ['rs1', 'pod1', 'pod2']],
  [`G.V().Has('K8s.IP',Ipv4Range('10.1.0.0/16'))`, ['pod1', 'pod3']],
  // 3.5 steps
  [`G.V('pod1').G.V().Count()`, 14],
  [`G.V().Count()`, 14],
  [`G.V('svc1')`, ['svc1']],
  [`G.E().Count()`, 26],
  [`G.E('np1|networkpolicy-begin|pod3')`, ['np1|networkpolicy-begin|pod3']],
  [`G.V().Has('Type','pod','State','DOWN')`, ['pod2']],
  [`G.V().Has('K8s.Labels.app')`, ['pod1', 'pod2', 'pod3', 'rs1', 'dep1']],
  [`G.V().HasEither('Type','service','Type','ingress')`, ['svc1', 'ing1']],
  [`G.V().HasEither('State','DOWN','K8s.ReadyReplicas',1)`, ['pod2', 'dep1']],
  [`G.V().HasKey('State')`, ['pod1', 'pod2', 'pod3']],
  [`G.V().HasNot('State').Count()`, 11],
  [`G.V('dep1').Out()`, ['rs1']],
  [`G.V('svc1').Out('State','DOWN')`, ['pod2']],
  [`G.V('sec1').In('Type','pod')`, ['pod3']],
  [`G.V('rs1').Both()`, ['ns1', 'dep1', 'pod1', 'pod2']],
  [
    `G.V('np1').OutE('PolicyPoint','end')`,
    ['np1|networkpolicy-end|pod1', 'np1|networkpolicy-end|pod2'],
  ],
  [`G.V('pod1').BothE().Count()`, 6],
  [`G.V('np1').OutE('PolicyPoint','begin').OutV()`, ['pod3']],
  [`G.E('np1|networkpolicy-begin|pod3').InV()`, ['np1']],
  [`G.V('pod1').InE('RelationType','node').InV()`, ['node1']],
  [`G.E().Has('RelationType','ingress').BothV()`, ['ing1', 'svc1']],
  [`G.V().Out().Count()`, 26],
  [`G.V().Out().Dedup().Count()`, 13],
  [`G.V().Dedup('Type').Count()`, 11],
  [
    `G.V().Has('Type','pod').Sort('Name').Limit(2).Values('@ID')`,
    ['pod3', 'pod1'],
  ],
  [
    `G.V().Has('Type','pod').Sort('Name').Range(1,3).Values('@ID')`,
    ['pod1', 'pod2'],
  ],
  [
    `G.V().Has('Type','pod').Sort(DESC,'Name').Values('Name')`,
    ['web-6d4-b', 'web-6d4-a', 'db-0'],
  ],
  [`G.V().Has('Type','pod').Count()`, 3],
  [`G.V().Has('Type','pod').Values('K8s.IP')`, ['10.1.0.5', '10.1.0.9']],
  // Skydive says null; a listed difference.
  [`G.V().Values('Nope')`, []],
  [
    `G.V().Has('Type','deployment').ValueMap('Name','K8s.ReadyReplicas')`,
    [{ Name: 'web', 'K8s.ReadyReplicas': 1 }],
  ],
  // ClusterName, Status and Labels besides Skydive's 14: every kind has them here.
  [
    `G.V('ns2').Keys()`,
    [
      '@CreatedAt',
      '@DeletedAt',
      '@Host',
      '@ID',
      '@Origin',
      '@Revision',
      '@UpdatedAt',
      'ClusterName',
      'K8s',
      'K8s.Labels',
      'K8s.Name',
      'K8s.Namespace',
      'K8s.Status',
      'Manager',
      'Name',
      'Status',
      'Type',
    ],
  ],
  [
    `G.V().Has('Type','service').As('s').Out('Type','pod').As('p').Select('s','p')`,
    ['svc1', 'pod1', 'pod2'],
  ],
  [
    `G.V().Has('Type',Within('pod','networkpolicy')).SubGraph()`,
    [
      'pod1',
      'pod2',
      'pod3',
      'np1',
      'np1|networkpolicy-begin|pod3',
      'np1|networkpolicy-end|pod1',
      'np1|networkpolicy-end|pod2',
    ],
  ],
  [
    `G.E().Has('RelationType','service').SubGraph().V()`,
    ['svc1', 'pod1', 'pod2'],
  ],
  [
    `G.V('cl').Descendants(2)`,
    'cl ns1 ns2 node1 dep1 rs1 pod1 pod2 pod3 svc1 ing1 np1 sec1'.split(' '),
  ],
  [
    `G.V('dep1').Descendants('RelationType','deployment','RelationType','replicaset',5)`,
    ['dep1', 'rs1', 'pod1', 'pod2'],
  ],
  [`G.V('ct1').Ascendants(0)`, ['ct1', 'pod1', 'ns1', 'cl']],
  [
    `G.V('pod1').Ascendants('RelationType',Within('node','service'))`,
    ['pod1', 'node1', 'svc1'],
  ],
  [
    `G.V('pod1').Neighbors('Manager','k8s')`,
    ['pod1', 'rs1', 'node1', 'svc1', 'np1'],
  ],
  [
    `G.V('ing1').Neighbors('Manager','k8s',2)`,
    ['ing1', 'svc1', 'pod1', 'pod2'],
  ],
  // 2.1: workload relations are not ownership.
  [`G.V('dep1').Descendants(3)`, ['dep1']],
  // 3.6: steps apply as written, so nothing is left to filter here (Skydive filters first).
  [`G.V().Limit(1).Has('Type','pod')`, []],
  [`G.V().Out().Has('Name','web').Count()`, 1],
  // Lists of maps, any element.
  [`G.V().Has('K8s.Ports.Port', 443)`, ['svc1']],
  [`G.V().Has('K8s.Data', 'user')`, ['sec1']],
  [`G.V('svc1').Values('K8s.Ports.Port')`, [80, 443]],
];

function shown({ value }: GremlinAnswer): Json {
  if (!Array.isArray(value)) {
    return value;
  }
  const graph = value[0] as { Nodes?: unknown[]; Edges?: unknown[] };
  const list = graph?.Nodes ? [...graph.Nodes, ...graph.Edges!] : value;
  return list.map(each => (each as { ID?: string })?.ID ?? (each as Json));
}

/** Elements come in any order, values in theirs. */
function comparable(query: string, result: Json): Json {
  return Array.isArray(result) && !/Values|Keys/.test(query)
    ? [...result].sort()
    : result;
}

describe.each(databases.eachSupportedId())('on %s', id => {
  let knex: Knex;

  beforeAll(async () => {
    knex = await testStore(databases, id, SKYDIVE_DICTIONARY, SKYDIVE_GRAPH);
  });

  it.each([
    ['as Skydive writes them', (text: string) => text],
    [
      'in TinkerPop spelling, with spaces',
      (text: string) =>
        text
          .split(/('[^']*')/)
          .map((part, index) =>
            index % 2 === 1
              ? part
              : part.toLowerCase().replace(/\./g, '\r\n\t .'),
          )
          .join(''),
    ],
  ])('answers the examples %s', async (_, write) => {
    for (const [query, result] of EXAMPLES) {
      const answer = await runGremlin({ knex, text: write(query) });
      expect({ query, result: comparable(query, shown(answer)) }).toEqual({
        query,
        result: comparable(query, result),
      });
    }
  });

  it('answers in the form of Skydive', async () => {
    const run = async (text: string) =>
      (await runGremlin({ knex, text })).value;

    expect(await run(`G.V('pod2')`)).toEqual([
      {
        ID: 'pod2',
        Metadata: {
          Manager: 'k8s',
          Type: 'pod',
          Name: 'web-6d4-b',
          ClusterName: 'cl',
          State: 'DOWN',
          Status: 'down',
          K8s: {
            Name: 'web-6d4-b',
            Namespace: 'shop',
            Labels: { app: 'web' },
            Status: 'Pending',
          },
        },
        Host: '',
        Origin: 'kubernetes-topology.cl',
        CreatedAt: 1007,
        UpdatedAt: 2000,
        DeletedAt: null,
        Revision: 1,
      },
    ]);
    const shared = {
      Host: '',
      Origin: 'kubernetes-topology.cl',
      CreatedAt: 2000,
      UpdatedAt: 2000,
      DeletedAt: null,
      Revision: 1,
    };
    expect(await run(`G.V('ct1').InE()`)).toEqual([
      {
        ID: 'pod1|contains|ct1',
        Parent: 'pod1',
        Child: 'ct1',
        Metadata: { RelationType: 'ownership' },
        ...shared,
      },
    ]);
    expect(await run(`G.V('np1').OutE('PolicyPoint', 'begin')`)).toEqual([
      {
        ID: 'np1|networkpolicy-begin|pod3',
        Parent: 'np1',
        Child: 'pod3',
        Metadata: {
          Manager: 'k8s',
          RelationType: 'networkpolicy',
          PolicyType: 'ingress',
          PolicyTarget: 'allow',
          PolicyPoint: 'begin',
        },
        ...shared,
      },
    ]);
    const [graph, ...others] = (await run('G')) as {
      Nodes: unknown[];
      Edges: unknown[];
    }[];
    expect([graph.Nodes.length, graph.Edges.length, others]).toEqual([
      14,
      26,
      [],
    ]);
    expect(await run(`G.V('nothing')`)).toEqual([]);
    expect(await run(`G.V('nothing').SubGraph()`)).toEqual([
      { Nodes: [], Edges: [] },
    ]);
  });
});
