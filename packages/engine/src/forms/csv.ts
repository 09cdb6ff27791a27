import { GremlinAnswer, GremlinEdge, GremlinNode } from '../gremlin/result';
import { Json } from '../kinds/observation';
import { isGremlinEdge, isGremlinGraph, isGremlinNode } from './drawableGraph';

const MOST_ROWS = 100_000;

/** A row of the table: cells by column. */
type Row = Map<string, Json>;

/**
 * A query's answer as one table (RFC 4180, UTF-8, CRLF, a header first). Elements have their attributes and whatever
 * they have of `Metadata`, a graph its nodes and edges below each other told apart by `Element`, paths a number and a
 * position, values the column `Value`. What is no text or number is written as JSON. More than `rows` rows are cut,
 * and the last line says so.
 */
export function csvForm(
  value: GremlinAnswer['value'],
  bounds: { rows?: number } = {},
): string {
  const most = bounds.rows ?? MOST_ROWS;
  const all = rowsOf(value as Json);
  const rows = all.slice(0, most);
  const columns = [...new Set(rows.flatMap(row => [...row.keys()]))];
  if (columns.length === 0) {
    return '';
  }
  const lines = [
    columns.map(csvCell),
    ...rows.map(row => columns.map(column => csvCell(row.get(column)))),
    ...(all.length > most
      ? [[csvCell(`${all.length - most} more rows are left out`)]]
      : []),
  ];
  return lines.map(cells => `${cells.join(',')}\r\n`).join('');
}

function rowsOf(value: Json): Row[] {
  if (!Array.isArray(value)) {
    return value === null ? [] : [new Map([['Value', value]])];
  }
  return value.flatMap((each, index): Row[] => {
    if (isGremlinEdge(each)) {
      return [edgeRow(each)];
    }
    if (isGremlinNode(each)) {
      return [nodeRow(each)];
    }
    if (isGremlinGraph(each)) {
      return [
        ...each.Nodes.map(node => marked('Element', 'node', nodeRow(node))),
        ...each.Edges.map(edge => marked('Element', 'edge', edgeRow(edge))),
      ];
    }
    if (Array.isArray(each) && each.length > 0 && each.every(isGremlinNode)) {
      return each.map((node, position) =>
        marked(
          'Path',
          index + 1,
          marked('Position', position + 1, nodeRow(node as GremlinNode)),
        ),
      );
    }
    return typeof each === 'object' && each !== null && !Array.isArray(each)
      ? [new Map(Object.entries(each))]
      : [new Map([['Value', each]])];
  });
}

function marked(column: string, value: Json, row: Row): Row {
  return new Map<string, Json>([[column, value], ...row]);
}

function nodeRow({ Metadata, ...node }: GremlinNode): Row {
  const { K8s, ...rest } = Metadata;
  const own =
    typeof K8s === 'object' && K8s !== null && !Array.isArray(K8s) ? K8s : {};
  return new Map<string, Json>([
    ['ID', node.ID],
    ...Object.entries(rest),
    ...Object.entries(own)
      .filter(([name]) => name !== 'Name')
      .map(([name, each]) => [`K8s.${name}`, each] as const),
    ['CreatedAt', node.CreatedAt],
    ['UpdatedAt', node.UpdatedAt],
    ['Revision', node.Revision],
  ]);
}

function edgeRow({ ID, Parent, Child, Metadata, CreatedAt }: GremlinEdge): Row {
  return new Map<string, Json>([
    ['ID', ID],
    ['Parent', Parent],
    ['Child', Child],
    ...Object.entries(Metadata),
    ['CreatedAt', CreatedAt],
  ]);
}

/**
 * A text that a spreadsheet would run as a formula gets an apostrophe before it: names and labels come from whoever may
 * write to a cluster.
 */
export function csvCell(value: Json | undefined): string {
  if (value === undefined || value === null) {
    return '';
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(inert)
    ? `"${inert.replace(/"/g, '""')}"`
    : inert;
}
