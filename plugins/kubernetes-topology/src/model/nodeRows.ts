import { TopologyNode } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { severity } from './statusLevel';

export const NODE_COLUMNS = [
  'status',
  'kind',
  'name',
  'namespace',
  'cluster',
  'created',
] as const;
export type NodeColumn = (typeof NODE_COLUMNS)[number];
export interface NodeSort {
  column: NodeColumn;
  descending: boolean;
}

/** Worst first. */
export const FIRST_NODE_SORT: NodeSort = {
  column: 'status',
  descending: false,
};

const VALUE: Record<NodeColumn, (node: TopologyNode) => string | number> = {
  status: ({ verdict }) => severity(verdict.level),
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  namespace: ({ namespace }) => namespace,
  cluster: ({ cluster }) => cluster,
  created: ({ createdAt }) => createdAt ?? 0,
};

/** Those in whose kind, name, place or state the words all occur, in order. */
export function nodeRows(
  nodes: readonly TopologyNode[],
  filter: string,
  { column, descending }: NodeSort,
): TopologyNode[] {
  const words = filter.toLocaleLowerCase('en-US').split(/\s+/).filter(Boolean);
  const value = VALUE[column];
  const sign = descending ? -1 : 1;
  return nodes
    .filter(node => {
      const text = textOf(node);
      return words.every(word => text.includes(word));
    })
    .sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      const order =
        typeof x === 'number' && typeof y === 'number'
          ? x - y
          : String(x).localeCompare(String(y), undefined, { numeric: true });
      return sign * order || (a.key < b.key ? -1 : 1);
    });
}

function textOf({ kind, name, namespace, cluster, verdict }: TopologyNode) {
  return [kind, name, namespace, cluster, verdict.level, verdict.reason]
    .join(' ')
    .toLocaleLowerCase('en-US');
}

/** RFC 4180; what a spreadsheet would take for a formula is made a text. */
export function nodesCsv(nodes: readonly TopologyNode[]): string {
  const lines = [
    ['status', 'reason', 'kind', 'name', 'namespace', 'cluster', 'created'],
    ...nodes.map(node => [
      node.verdict.level,
      node.verdict.reason,
      node.kind,
      node.name,
      node.namespace,
      node.cluster,
      node.createdAt === undefined
        ? ''
        : new Date(node.createdAt).toISOString(),
    ]),
  ];
  return lines.map(cells => `${cells.map(cellText).join(',')}\r\n`).join('');
}

function cellText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
