import { GremlinAnswer } from '../result';
import { openSavedGraph } from './openSavedGraph';
import { skydiveExport } from './skydiveExport';

/** As an agent's probes write them: a host, its namespaces and interfaces; keys taken apart at dots, lists, parallel edges. */
const HOST = {
  ID: 'h1',
  Metadata: {
    Type: 'host',
    Name: 'worker-1',
    TID: 'x',
    CPU: [
      { CPU: 0, Cores: 2 },
      { CPU: 1, Cores: 4 },
    ],
    OS: 'linux',
    Virtual: false,
  },
  Host: 'worker-1',
  Origin: 'agent.worker-1',
  CreatedAt: 1700000000000,
  UpdatedAt: 1700000001000,
  DeletedAt: null,
  Revision: 3,
};
const NETNS = {
  ...HOST,
  ID: 'n1',
  Metadata: {
    Type: 'netns',
    Name: 'cni-1',
    Path: '/var/run/netns/cni-1',
    Inode: 4026532281,
  },
};
const ETH0 = {
  ...HOST,
  ID: 'i1',
  Metadata: {
    Type: 'veth',
    Name: 'eth0',
    MTU: 1500,
    IPV4: ['10.1.0.5/24', '10.2.0.5/24'],
    State: 'UP',
    Neighbors: [{ MAC: 'aa', IfIndex: 2 }],
    Empty: null,
    Labels: { app: { kubernetes: { 'io/name': 'web' } }, tier: 'front' },
  },
};
const ETH1 = {
  ...HOST,
  ID: 'i2',
  Metadata: {
    Type: 'veth',
    Name: 'eth1',
    MTU: 9000,
    State: 'DOWN',
    // Not taken apart, and beside a label that is the beginning of it.
    Labels: { app: 'x', 'app.kubernetes.io/name': 'web', tier: 'back' },
  },
};
const edge = (ID: string, Parent: string, Child: string, Metadata: object) => ({
  ...HOST,
  ID,
  Parent,
  Child,
  Metadata,
});
const EDGES = [
  edge('e1', 'h1', 'n1', { RelationType: 'ownership' }),
  edge('e2', 'n1', 'i1', { RelationType: 'ownership' }),
  edge('e3', 'n1', 'i2', { RelationType: 'ownership' }),
  edge('e4', 'i1', 'i2', { RelationType: 'layer2', Type: 'veth' }),
  edge('e5', 'i1', 'i2', { RelationType: 'layer2', Bandwidth: 10 }),
];
const GRAPH = { Nodes: [HOST, NETNS, ETH0, ETH1], Edges: EDGES };

const ids = ({ value }: GremlinAnswer) =>
  (value as { ID: string }[]).map(each => each.ID);

const ANSWERS: [query: string, ids: string[]][] = [
  [`G.V()`, ['h1', 'n1', 'i1', 'i2']],
  [`G.E()`, ['e1', 'e2', 'e3', 'e4', 'e5']],
  [`G.V('i1', 'nothing')`, ['i1']],
  [`G.E('e5')`, ['e5']],
  [`G.V().Has('Type', 'veth', 'MTU', Gt(1500))`, ['i2']],
  [
    `G.V().Has('Metadata.Virtual', false)`,
    ['h1', 'n1', 'i1', 'i2'].slice(0, 1),
  ],
  [`G.V().Has('IPV4', '10.2.0.5/24')`, ['i1']],
  [`G.V().Has('IPV4', Ipv4Range('10.2.0.0/16'))`, ['i1']],
  [`G.V().Has('CPU.Cores', 4)`, ['h1']],
  [`G.V().Has('Name', Regex('^eth'))`, ['i1', 'i2']],
  [`G.V().Has('Inode', 4026532281)`, ['n1']],
  [`G.V().HasKey('Empty')`, ['i1']],
  [`G.V().HasNot('MTU')`, ['h1', 'n1']],
  [`G.V().Has('State', Nee('UP'))`, ['h1', 'n1', 'i2']],
  [`G.V().Has('@Host', 'worker-1', '@Revision', 3).Limit(1)`, ['h1']],
  [`G.V().Has('@ID', 'n1')`, ['n1']],
  [`G.V().Has('Labels.app.kubernetes.io/name', 'web')`, ['i1', 'i2']],
  [`G.V().Has('Labels["app.kubernetes.io/name"]', Regex('we'))`, ['i1', 'i2']],
  [`G.V().Has('Labels.app', 'x')`, ['i2']],
  [`G.V().Sort(DESC, 'MTU').Limit(2)`, ['i2', 'i1']],
  [`G.V().Dedup('Type')`, ['h1', 'n1', 'i1']],
  [`G.V('h1').Out('Type', 'netns')`, ['n1']],
  [`G.V('h1').Descendants(2)`, ['h1', 'n1', 'i1', 'i2']],
  [`G.V('i1').OutE('RelationType', 'layer2')`, ['e4', 'e5']],
  [`G.E().Has('Bandwidth', 10)`, ['e5']],
  [`G.E().Has('Parent', 'h1')`, ['e1']],
  [`g.E().Has('RelationType', 'layer2').BothV().Dedup()`, ['i1', 'i2']],
  [`g.V().Has('Type', 'netns').OutE().BothV().Dedup()`, ['n1', 'i1', 'i2']],
];

describe('openSavedGraph', () => {
  it.each([
    ['a graph', GRAPH],
    ['an answer or export', [GRAPH]],
    ['a message', { Namespace: 'Graph', Type: 'SyncReply', Obj: GRAPH }],
    ['elements', { Elements: [...GRAPH.Nodes, ...EDGES] }],
    ['a list', [...GRAPH.Nodes, ...EDGES]],
  ])('answers over %s', async (_, document) => {
    const graph = await openSavedGraph(JSON.stringify(document));
    expect(graph).toMatchObject({ nodes: 4, edges: 5, omitted: [] });
    for (const [query, found] of ANSWERS) {
      expect({ query, ids: ids(await graph.query(query)) }).toEqual({
        query,
        ids: found,
      });
    }
    await graph.close();
  });

  it('answers with what was given, and writes what reads in equal', async () => {
    const graph = await openSavedGraph(Buffer.from(JSON.stringify(GRAPH)));
    const answer = await graph.query('G');
    expect(answer).toEqual({ value: [GRAPH] });
    const written = skydiveExport(answer);
    const again = await openSavedGraph(JSON.stringify(written));
    expect(await again.query('G')).toEqual(answer);
    const run = async (text: string) => (await graph.query(text)).value;
    expect(await run(`G.V().Values('CPU.Cores')`)).toEqual([2, 4]);
    expect(await run(`G.V().Values('Labels.app.kubernetes.io/name')`)).toEqual([
      'web',
      'web',
    ]);
    expect(
      await run(`G.V().ValueMap('MTU', 'Labels.app.kubernetes.io/name')`),
    ).toEqual([
      { MTU: 1500, 'Labels.app.kubernetes.io/name': 'web' },
      { MTU: 9000, 'Labels.app.kubernetes.io/name': 'web' },
    ]);
    expect(skydiveExport(await graph.query(`G.V('h1')`))).toEqual([
      { Nodes: [HOST], Edges: [] },
    ]);
    const noGraph = await graph.query('G.V().Count()');
    expect(() => skydiveExport(noGraph)).toThrow('end the query with SubGraph');
    await again.close();
    await graph.close();
  });

  it('has no past', async () => {
    const graph = await openSavedGraph(JSON.stringify(GRAPH));
    await expect(graph.query("G.At('-10m').V()")).rejects.toThrow(
      'line 1, column 3: a saved graph has no history',
    );
    await expect(graph.query('G.V().Impact()')).rejects.toThrow(
      'line 1, column 7: a saved graph does not say what needs what',
    );
    await graph.close();
  });

  it('fills in what a node lacks, and takes null for no list', async () => {
    const graph = await openSavedGraph('{"Nodes":[{"ID":"a"}],"Edges":null}');
    expect((await graph.query('G.V()')).value).toEqual([
      {
        ID: 'a',
        Metadata: {},
        Host: '',
        Origin: '',
        CreatedAt: 0,
        UpdatedAt: 0,
        DeletedAt: null,
        Revision: 1,
      },
    ]);
    await graph.close();
  });

  it('says what it leaves out', async () => {
    const graph = await openSavedGraph(
      JSON.stringify({
        Nodes: [HOST, { ...HOST, Revision: 4, Host: 'later' }, HOST],
        Edges: [edge('e9', 'h1', 'gone', {})],
      }),
    );
    expect(graph.omitted).toEqual([
      '2 nodes with an ID that is there already (the latest revision stays): h1, h1',
      '1 edge whose Parent or Child is no node of the graph: e9',
    ]);
    expect((await graph.query('G.V()')).value).toMatchObject([
      { ID: 'h1', Revision: 4, Host: 'later' },
    ]);
    await graph.close();
  });

  it.each([
    ['', 'the saved graph is empty; expected {"Nodes": […], "Edges": […]}'],
    ['{"Nodes":', 'the saved graph is no JSON: '],
    ['5', 'the document is 5; expected a graph'],
    ['null', 'the document is null; expected a graph'],
    ['[[]]', '[0] is a list; expected a graph'],
    ['{"items":[]}', 'the document has neither Nodes and Edges nor an ID'],
    ['{"Nodes":{}}', 'Nodes is an object, not a list'],
    ['{"Nodes":[5]}', 'Nodes[0] is 5, not an object'],
    ['{"Nodes":[{"Metadata":{}}]}', 'Nodes[0] has no ID'],
    ['[{"Nodes":[{"ID":5}]}]', '[0].Nodes[0].ID is 5, not a text'],
    ['{"Nodes":[{"ID":""}]}', 'Nodes[0].ID is empty'],
    [
      '{"Nodes":[{"ID":"a","Metadata":[]}]}',
      'Nodes[0].Metadata is a list, not an object',
    ],
    ['{"Nodes":[{"ID":"a","Host":1}]}', 'Nodes[0].Host is 1, not a text'],
    [
      '{"Nodes":[{"ID":"a","CreatedAt":"now"}]}',
      'Nodes[0].CreatedAt is "now", not a whole number',
    ],
    ['{"Nodes":[],"Edges":[{"ID":"e"}]}', 'Edges[0] has no Parent'],
  ])('refuses %s', async (json, problem) => {
    const opened = openSavedGraph(json);
    await expect(opened).rejects.toThrow(problem);
    await expect(opened).rejects.toMatchObject({ name: 'SavedGraphError' });
  });
});
