import { TopologyNode } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { NodeSort, nodeRows, nodesCsv } from './nodeRows';

function node(text: string, level = 'ok', createdAt?: number): TopologyNode {
  const [kind, namespace, name] = text.split('/');
  return {
    key: `demo/${text}`,
    cluster: 'demo',
    group: '',
    kind,
    namespace,
    name,
    verdict: { level: level as never, reason: 'Made', evidence: [] },
    createdAt,
  };
}

const NODES = [
  node('Pod/shop/web-10', 'ok', 3),
  node('Pod/shop/web-9', 'down', 1),
  node('Service/shop/web', 'degraded'),
  node('Secret/bank/key', 'missing', 2),
];
const names = (nodes: readonly TopologyNode[]) => nodes.map(({ name }) => name);

describe('rows of objects', () => {
  it.each<[string, string, NodeSort, string[]]>([
    [
      'the worst first',
      '',
      { column: 'status', descending: false },
      ['web-9', 'key', 'web', 'web-10'],
    ],
    [
      'numbers in names as numbers',
      'pod',
      { column: 'name', descending: false },
      ['web-9', 'web-10'],
    ],
    [
      'descending',
      'shop web',
      { column: 'name', descending: true },
      ['web-10', 'web-9', 'web'],
    ],
    [
      'all words, in any letter case',
      'BANK missing',
      { column: 'kind', descending: false },
      ['key'],
    ],
    ['none', 'nowhere', { column: 'created', descending: true }, []],
  ])('are %s', (_, filter, sort, expected) => {
    expect(names(nodeRows(NODES, filter, sort))).toEqual(expected);
  });

  it('leave as CSV that no spreadsheet runs', () => {
    expect(
      nodesCsv([node('Pod/shop/=1+1', 'down', 0), node('Pod/a,b/"x"')]),
    ).toBe(
      [
        'status,reason,kind,name,namespace,cluster,created',
        "down,Made,Pod,'=1+1,shop,demo,1970-01-01T00:00:00.000Z",
        'ok,Made,Pod,"""x""","a,b",demo,',
        '',
      ].join('\r\n'),
    );
  });
});
