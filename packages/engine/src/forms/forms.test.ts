import fc from 'fast-check';
import { GremlinAnswer, GremlinEdge, GremlinNode } from '../gremlin/result';
import { NodeKey } from '../kinds/identity';
import { Json } from '../kinds/observation';
import { Relation } from '../kinds/relation';
import { StoredEdge, StoredNode } from '../topology';
import { csvForm } from './csv';
import { dotForm } from './dot';
import {
  DrawableGraph,
  drawableAnswer,
  drawableSelection,
} from './drawableGraph';
import { graphMlForm } from './graphMl';
import { mermaidForm } from './mermaid';
import {
  readCsv,
  readDot,
  readGraphMl,
  readMermaid,
} from './__testUtils__/readForms';

function node(
  id: string,
  metadata: { [name: string]: Json } = {},
): GremlinNode {
  return {
    ID: id,
    Metadata: {
      Manager: 'k8s',
      Type: 'pod',
      Name: `name of ${id}`,
      ...metadata,
    },
    Host: '',
    Origin: 'kubernetes-topology.demo',
    CreatedAt: 1,
    UpdatedAt: 2,
    DeletedAt: null,
    Revision: 3,
  };
}

function edge(parent: string, child: string, type = 'pod'): GremlinEdge {
  return {
    ...node(`${parent}|${type}|${child}`),
    Parent: parent,
    Child: child,
    Metadata: { RelationType: type },
  };
}

const cart = node('demo/Pod/shop/cart', {
  Name: 'cart',
  ClusterName: 'demo',
  State: 'DOWN',
  Status: 'down',
  K8s: { Name: 'cart', Namespace: 'shop', Labels: { app: 'cart' } },
});
const key = node('demo/Secret/shop/key', {
  Type: 'secret',
  Name: 'key',
  State: 'UP',
  K8s: { Namespace: 'shop' },
});
const graphAnswer = [
  { Nodes: [cart, key], Edges: [edge(cart.ID, key.ID)] },
] as GremlinAnswer['value'];

const drawn = (value: GremlinAnswer['value']) =>
  drawableAnswer(value) as DrawableGraph;

describe('what can be drawn of an answer', () => {
  it.each<[string, GremlinAnswer['value'], string[], string[]]>([
    ['a graph', graphAnswer, ['cart', 'key'], ['cart -pod-> key']],
    ['nodes, each once', [cart, key, cart], ['cart', 'key'], []],
    [
      'edges with the ends that their ids name',
      [edge('demo/Pod/shop/a', 'no key at all')],
      ['a', 'no key at all'],
      ['a -pod-> no key at all'],
    ],
    ['a path as a chain', [[cart, key]], ['cart', 'key'], ['cart -> key']],
    ['no nodes', [], [], []],
    [
      'a graph without the edges whose ends it lacks',
      [{ Nodes: [cart], Edges: [edge(cart.ID, key.ID)] }],
      ['cart'],
      [],
    ],
  ])('%s', (_, value, nodes, edges) => {
    const graph = drawn(value);
    const name = new Map(graph.nodes.map(each => [each.id, each.name]));
    expect(graph.nodes.map(each => each.name)).toEqual(nodes);
    expect(
      graph.edges.map(
        ({ source, target, relationType }) =>
          `${name.get(source)} -${
            relationType ? `${relationType}-` : ''
          }> ${name.get(target)}`,
      ),
    ).toEqual(edges);
  });

  it.each<[GremlinAnswer['value']]>([
    [7],
    ['text'],
    [null],
    [{ a: 1 }],
    [['a', 'b']],
    [[{ Name: 'x' }]],
    [[[1]]],
  ])('nothing of %j', value => {
    expect(drawableAnswer(value)).toBeUndefined();
  });

  it('is the same of a selected graph', () => {
    const stored: StoredNode = {
      key: cart.ID as NodeKey,
      cluster: 'demo',
      kind: { group: '', kind: 'Pod' },
      namespace: 'shop',
      name: 'cart',
      labels: {},
      properties: {},
      verdict: { level: 'down', reason: 'CrashLoopBackOff', evidence: [] },
      updatedAt: 2,
      revision: 3,
    };
    const hidden: StoredEdge = {
      source: stored.key,
      target: key.ID as NodeKey,
      relation: { relationType: 'pod' } as Relation,
      required: true,
    };
    const loop: StoredEdge = { ...hidden, target: stored.key };
    expect(
      drawableSelection({ nodes: [stored], edges: [hidden, loop] }),
    ).toEqual({
      nodes: drawn([cart]).nodes,
      edges: [{ source: cart.ID, target: cart.ID, relationType: 'pod' }],
    });
  });
});

describe('the forms', () => {
  it('DOT', () => {
    expect(dotForm(drawn(graphAnswer))).toBe(`digraph g {
  "demo/Pod/shop/cart" [label="cart\\nType = pod\\nNamespace = shop\\nCluster = demo\\nState = DOWN\\nStatus = down",color=red]
  "demo/Secret/shop/key" [label="key\\nType = secret\\nNamespace = shop\\nState = UP"]
  "demo/Pod/shop/cart" -> "demo/Secret/shop/key" [label="pod",dir=forward]
}
`);
  });

  it('Mermaid', () => {
    expect(mermaidForm(drawn(graphAnswer))).toBe(`flowchart LR
  n0["cart<br/>pod in shop<br/>down"]
  n1["key<br/>secret in shop<br/>UP"]
  n0 -->|"pod"| n1
  classDef down stroke:#d32f2f,stroke-width:2px
  class n0 down
`);
  });

  it('GraphML', () => {
    expect(readGraphMl(graphMlForm(drawn(graphAnswer)))).toEqual({
      nodes: [
        {
          id: cart.ID,
          text: ['cart', 'pod', 'shop', 'demo', 'DOWN', 'down'],
        },
        { id: key.ID, text: ['key', 'secret', 'shop', 'UP'] },
      ],
      edges: [{ source: cart.ID, target: key.ID, label: 'pod' }],
    });
  });

  it.each<[string, GremlinAnswer['value'], string[]]>([
    [
      'nodes',
      [cart, key],
      [
        'ID,Manager,Type,Name,ClusterName,State,Status,K8s.Namespace,K8s.Labels,CreatedAt,UpdatedAt,Revision',
        'demo/Pod/shop/cart,k8s,pod,cart,demo,DOWN,down,shop,"{""app"":""cart""}",1,2,3',
        'demo/Secret/shop/key,k8s,secret,key,,UP,,shop,,1,2,3',
      ],
    ],
    [
      'edges',
      [edge('a', 'b')],
      ['ID,Parent,Child,RelationType,CreatedAt', 'a|pod|b,a,b,pod,1'],
    ],
    ['a number', 7, ['Value', '7']],
    ['values', ['a', 2, true, null], ['Value', 'a', '2', 'true', '']],
    ['maps', [{ A: 1 }, { B: ['x'] }], ['A,B', '1,', ',"[""x""]"']],
    ['nothing', [], []],
    ['no answer', null, []],
  ])('CSV of %s', (_, value, lines) => {
    expect(csvForm(value)).toBe(lines.map(line => `${line}\r\n`).join(''));
  });

  it('CSV of a graph and of paths tells rows apart', () => {
    const elements = readCsv(csvForm(graphAnswer)).map(row => row[0]);
    expect(elements).toEqual(['Element', 'node', 'node', 'edge']);
    const paths = readCsv(csvForm([[cart, key], [key]]));
    expect(paths.map(row => row.slice(0, 3))).toEqual([
      ['Path', 'Position', 'ID'],
      ['1', '1', cart.ID],
      ['1', '2', key.ID],
      ['2', '1', key.ID],
    ]);
  });

  it('keeps a spreadsheet from running what a cluster contains', () => {
    expect(readCsv(csvForm(['=1+1', '@SUM(A1)', '-2', -2]))).toEqual([
      ['Value'],
      ["'=1+1"],
      ["'@SUM(A1)"],
      ["'-2"],
      ['-2'],
    ]);
  });

  it('says what a bound leaves out', () => {
    const three = drawn([
      {
        Nodes: [node('a'), node('b'), node('c')],
        Edges: [edge('a', 'b'), edge('b', 'a'), edge('b', 'c')],
      },
    ]);
    const bounds = { nodes: 2, edges: 1 };
    const words = '1 of the nodes and 2 of the edges are left out';
    for (const form of [dotForm, mermaidForm, graphMlForm]) {
      expect(form(three, bounds)).toContain(words);
      expect(form(three)).not.toContain('left out');
    }
    expect(readDot(dotForm(three, bounds)).nodes).toHaveLength(2);
    expect(readGraphMl(graphMlForm(three, bounds)).edges).toHaveLength(1);
    expect(csvForm([1, 2, 3], { rows: 2 })).toBe(
      'Value\r\n1\r\n2\r\n1 more rows are left out\r\n',
    );
  });
});

describe('what is written reads back, whatever names hold', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({
      unit: fc.constantFrom(
        ...'"\'\\n<>&#;`{}[]()|%\n\r\t\u0000\ud800=+-@,/ é🚀'.split(''),
      ),
      maxLength: 12,
    }),
    fc.constantFrom(
      '\\',
      '\\"',
      '"]\n}',
      '%%{init: {}}%%',
      '<script>alert(1)</script>',
      ']]>',
      '&#10;',
      '1. one',
      '\ufffe',
    ),
  );
  const graphs = fc
    .uniqueArray(hostile, { minLength: 1, maxLength: 6 })
    .chain(ids =>
      fc.record({
        nodes: fc.tuple(
          ...ids.map(id =>
            fc.record({
              id: fc.constant(id),
              name: hostile.map(name => `x${name}`),
              type: fc.constant('pod'),
              namespace: hostile,
              cluster: fc.constant(''),
            }),
          ),
        ),
        edges: fc.array(
          fc.record({
            source: fc.constantFrom(...ids),
            target: fc.constantFrom(...ids),
            relationType: hostile,
          }),
          { maxLength: 6 },
        ),
      }),
    );

  /** Control characters are shown as text where the form cannot hold them. */
  const dotText = (text: string) =>
    text.replace(
      /\p{Cc}/gu,
      each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  const xml = (text: string) =>
    text.replace(
      /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
      '\ufffd',
    );
  const mermaid = (text: string) =>
    text.replace(/[\p{Cc}\p{Surrogate}]/gu, '\ufffd');

  it('as DOT', () => {
    fc.assert(
      fc.property(graphs, graph => {
        const read = readDot(dotForm(graph));
        expect(read.nodes.map(each => [each.id, each.text[0]])).toEqual(
          graph.nodes.map(each => [dotText(each.id), dotText(each.name)]),
        );
        expect(read.edges).toEqual(
          graph.edges.map(({ source, target, relationType }) => ({
            source: dotText(source),
            target: dotText(target),
            label: dotText(relationType),
          })),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('as Mermaid', () => {
    fc.assert(
      fc.property(graphs, graph => {
        const read = readMermaid(mermaidForm(graph));
        const ids = graph.nodes.map(each => each.id);
        expect(read.nodes.map(each => each.text[0])).toEqual(
          graph.nodes.map(each => mermaid(each.name)),
        );
        expect(read.edges).toEqual(
          graph.edges.map(({ source, target, relationType }) => ({
            source: `n${ids.indexOf(source)}`,
            target: `n${ids.indexOf(target)}`,
            label: mermaid(relationType),
          })),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('as GraphML', () => {
    fc.assert(
      fc.property(graphs, graph => {
        const read = readGraphMl(graphMlForm(graph));
        expect(read.nodes.map(each => [each.id, each.text[0]])).toEqual(
          graph.nodes.map(each => [xml(each.id), xml(each.name)]),
        );
        expect(read.edges).toEqual(
          graph.edges.map(({ source, target, relationType }) => ({
            source: xml(source),
            target: xml(target),
            label: xml(relationType),
          })),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('as CSV', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1 }), values => {
        expect(readCsv(csvForm(values))).toEqual([
          ['Value'],
          ...values.map(value => [
            /^[=+\-@\t\r]/.test(value) ? `'${value}` : value,
          ]),
        ]);
      }),
      { numRuns: 1000 },
    );
  });
});
