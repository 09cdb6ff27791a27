import {
  DrawableGraph,
  DrawableNode,
  FormBounds,
  withinBounds,
} from './drawableGraph';

const BOUNDS: FormBounds = { nodes: 100_000, edges: 250_000 };

/** Column by column what yEd, Gephi and NetworkX read of a node. */
const NODE_DATA = [
  ['name', node => node.name],
  ['type', node => node.type],
  ['namespace', node => node.namespace],
  ['cluster', node => node.cluster],
  ['state', node => node.state],
  ['status', node => node.status],
] as const satisfies readonly [
  string,
  (node: DrawableNode) => string | undefined,
][];

/** GraphML: a directed graph, the nodes' ids are their keys. What a bound left out stands in the graph's `desc`. */
export function graphMlForm(
  graph: DrawableGraph,
  bounds: Partial<FormBounds> = {},
): string {
  const { nodes, edges, leftOut } = withinBounds(graph, {
    ...BOUNDS,
    ...bounds,
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...NODE_DATA.map(([name]) => key(name, 'node')),
    key('relationType', 'edge'),
    '  <graph id="g" edgedefault="directed">',
    ...(leftOut ? [`    <desc>${xmlText(leftOut)}</desc>`] : []),
    ...nodes.map(node => {
      const data = NODE_DATA.map(([name, of]) => datum(name, of(node)));
      return `    <node id="${xmlText(node.id)}">${data.join('')}</node>`;
    }),
    ...edges.map(
      ({ source, target, relationType }) =>
        `    <edge source="${xmlText(source)}" target="${xmlText(
          target,
        )}">${datum('relationType', relationType)}</edge>`,
    ),
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n');
}

function key(name: string, of: 'node' | 'edge'): string {
  return `  <key id="${name}" for="${of}" attr.name="${name}" attr.type="string"/>`;
}

function datum(name: string, value: string | undefined): string {
  return value ? `<data key="${name}">${xmlText(value)}</data>` : '';
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // An attribute's white space becomes a space when it is read, and a return a line feed: unless they are references.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** For content and quoted attributes. What XML 1.0 cannot hold at all becomes U+FFFD. */
export function xmlText(text: string): string {
  return text
    .replace(
      /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
      '\ufffd',
    )
    .replace(/[&<>"\t\n\r]/g, character => ENTITIES[character]);
}
