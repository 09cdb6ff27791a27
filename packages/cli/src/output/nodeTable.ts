import {
  GremlinEdge,
  GremlinNode,
  namedNode,
  nameText,
  statusOf,
} from '../objects/skydiveNode';
import { textTable } from '../textTable';
import { Style, statusText } from './style';

/** Nodes as kubectl prints objects; columns that are the same or empty in all rows are left out but the name. */
export function nodeTable(nodes: readonly GremlinNode[], style: Style): string {
  const rows = nodes.map(node => ({ node, ...namedNode(node) }));
  const clusters = new Set(rows.map(({ cluster }) => cluster));
  const isPlaced = rows.some(({ namespace }) => namespace !== '');
  const columns: [string, (row: (typeof rows)[number]) => string][] = [
    ...(clusters.size > 1
      ? [['CLUSTER', row => row.cluster] as (typeof columns)[number]]
      : []),
    ...(isPlaced
      ? [['NAMESPACE', row => row.namespace] as (typeof columns)[number]]
      : []),
    ['OBJECT', nameText],
    ['STATUS', ({ node }) => statusText(statusOf(node), style)],
  ];
  return textTable(
    columns.map(([header]) => header),
    rows.map(row => columns.map(([, cell]) => cell(row))),
    { isStyled: true },
  );
}

export function edgeTable(edges: readonly GremlinEdge[]): string {
  return textTable(
    ['PARENT', 'RELATION', 'CHILD'],
    edges.map(({ Parent, Child, Metadata }) => [
      Parent,
      String(Metadata.RelationType ?? ''),
      Child,
    ]),
  );
}
