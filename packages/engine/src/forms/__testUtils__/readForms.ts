import { SaxesParser } from 'saxes';

/** What is read back of a written picture: nodes by id with their label or data, edges by their ends. */
export interface ReadGraph {
  nodes: { id: string; text: string[] }[];
  edges: { source: string; target: string; label: string }[];
}

/** In a label `\n` ends a line; any other escape but of quote and backslash would be Graphviz' own. */
const quotedLabel = String.raw`"((?:\\\\|\\"|\\n|[^"\\])*)"`;

/** DOT as Graphviz' scanner and its label escapes read it; throws for what is no statement. */
export function readDot(text: string): ReadGraph {
  const quoted = String.raw`"((?:\\\\|\\"|[^"\\])*)"`;
  const node = new RegExp(
    `^  ${quoted} \\[label=${quotedLabel}(?:,color=red)?\\]$`,
  );
  const edge = new RegExp(
    `^  ${quoted} -> ${quoted}(?: \\[label=${quotedLabel},dir=forward\\])?$`,
  );
  const lines = text.split('\n');
  if (
    lines.shift() !== 'digraph g {' ||
    lines.pop() !== '' ||
    lines.pop() !== '}'
  ) {
    throw new Error('no digraph');
  }
  const read: ReadGraph = { nodes: [], edges: [] };
  for (const line of lines) {
    const asNode = node.exec(line);
    const asEdge = edge.exec(line);
    if (asNode) {
      read.nodes.push({ id: plain(asNode[1]), text: labelLines(asNode[2]) });
    } else if (asEdge) {
      read.edges.push({
        source: plain(asEdge[1]),
        target: plain(asEdge[2]),
        label: labelLines(asEdge[3] ?? '').join('\n'),
      });
    } else if (!/^ {2}(\/\/ |label=)/.test(line)) {
      throw new Error(`no statement: ${line}`);
    }
  }
  return read;
}

function labelLines(text: string): string[] {
  return text
    .split(/(?<=(?<!\\)(?:\\\\)*)\\n/)
    .map(line => plain(line.replace(/&amp;/g, '&')));
}

function plain(text: string): string {
  return text.replace(/\\(["\\])/g, '$1');
}

/** A Mermaid flowchart in the form that we write; throws for a line that is none of it. */
export function readMermaid(text: string): ReadGraph {
  const read: ReadGraph = { nodes: [], edges: [] };
  const [first, ...lines] = text.split('\n');
  if (first !== 'flowchart LR' || lines.pop() !== '') {
    throw new Error('no flowchart');
  }
  for (const line of lines) {
    const node = /^ {2}(\w+)\["([^"]*)"\]$/.exec(line);
    const edge = /^ {2}(n\d+) -->(?:\|"([^"]*)"\|)? (n\d+)$/.exec(line);
    if (node) {
      read.nodes.push({
        id: node[1],
        text: node[2].split('<br/>').map(mermaidPlain),
      });
    } else if (edge) {
      read.edges.push({
        source: edge[1],
        target: edge[3],
        label: mermaidPlain(edge[2] ?? ''),
      });
    } else if (!/^ {2}(%% [^{]|classDef down |class n)/.test(line)) {
      throw new Error(`no statement: ${line}`);
    }
  }
  return read;
}

function mermaidPlain(text: string): string {
  if (/[<>"`{}|[\]()\\&%;]/.test(text.replace(/#\d+;/g, ''))) {
    throw new Error(`Mermaid would read more than text in ${text}`);
  }
  return text.replace(/#(\d+);/g, (_, code) =>
    String.fromCodePoint(Number(code)),
  );
}

/** GraphML by a strict XML parser. */
export function readGraphMl(text: string): ReadGraph {
  const read: ReadGraph = { nodes: [], edges: [] };
  const parser = new SaxesParser({ xmlns: true });
  let data = '';
  parser.on('error', error => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    data = '';
    if (name === 'node') {
      read.nodes.push({ id: attributes.id.value, text: [] });
    } else if (name === 'edge') {
      const { source, target } = attributes;
      read.edges.push({
        source: source.value,
        target: target.value,
        label: '',
      });
    }
  });
  parser.on('text', piece => {
    data += piece;
  });
  parser.on('closetag', ({ name }) => {
    const edge = read.edges[read.edges.length - 1];
    if (name === 'data' && edge) {
      edge.label = data;
    } else if (name === 'data') {
      read.nodes[read.nodes.length - 1].text.push(data);
    }
  });
  parser.write(text).close();
  return read;
}

/** CSV by RFC 4180; throws for a quote where none may be. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text;
  while (rest !== '') {
    const cell = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest);
    if (!cell) {
      throw new Error(`no cell: ${rest.slice(0, 40)}`);
    }
    row.push(cell[1]?.replace(/""/g, '"') ?? cell[2]);
    if (cell[3] !== ',') {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(cell[0].length);
  }
  return rows;
}
