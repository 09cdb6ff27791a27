import {
  DrawableGraph,
  DrawableNode,
  FormBounds,
  withinBounds,
} from './drawableGraph';

const BOUNDS: FormBounds = { nodes: 20_000, edges: 50_000 };

/**
 * Graphviz DOT, as Skydive draws it (`skydive.md` 4.1): a directed graph named `g`, the name in the label with a line
 * each for type, state and what else places a node; edges carry their relation type. What a bound left out is said in
 * a comment and as the graph's label.
 */
export function dotForm(
  graph: DrawableGraph,
  bounds: Partial<FormBounds> = {},
): string {
  const { nodes, edges, leftOut } = withinBounds(graph, {
    ...BOUNDS,
    ...bounds,
  });
  return [
    'digraph g {',
    ...(leftOut ? [`  // ${leftOut}`, `  label=${dotLabel([leftOut])}`] : []),
    ...nodes.map(
      node => `  ${dotId(node.id)} [${nodeAttributes(node).join(',')}]`,
    ),
    ...edges.map(({ source, target, relationType }) => {
      const attributes = relationType
        ? ` [label=${dotLabel([relationType])},dir=forward]`
        : '';
      return `  ${dotId(source)} -> ${dotId(target)}${attributes}`;
    }),
    '}',
    '',
  ].join('\n');
}

function nodeAttributes(node: DrawableNode): string[] {
  const lines = [
    node.name,
    ...(
      [
        ['Type', node.type],
        ['Namespace', node.namespace],
        ['Cluster', node.cluster],
        ['State', node.state],
        ['Status', node.status],
      ] as const
    ).flatMap(([name, value]) => (value ? [`${name} = ${value}`] : [])),
  ];
  return [
    `label=${dotLabel(lines)}`,
    ...(node.state === 'DOWN' ? ['color=red'] : []),
  ];
}

/**
 * A quoted identifier. The language itself knows one escape, `\"`; a backslash stays what it is, so that it is doubled
 * only to keep it from escaping the quote that follows it.
 */
export function dotId(text: string): string {
  return `"${escaped(text)}"`;
}

/** A label in lines. Its `\n`, `\N`, `\G` and `&amp;` mean something to Graphviz: none of it comes from the text. */
export function dotLabel(lines: readonly string[]): string {
  return `"${lines
    .map(line => escaped(line).replace(/&/g, '&amp;'))
    .join('\\n')}"`;
}

function escaped(text: string): string {
  return (
    text
      .replace(/[\\"]/g, character => `\\${character}`)
      // Graphviz reads C strings: a NUL would end them. Shown as text instead.
      .replace(
        /\p{Cc}/gu,
        character =>
          `\\\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
  );
}
