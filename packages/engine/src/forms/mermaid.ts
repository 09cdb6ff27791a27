import {
  DrawableGraph,
  DrawableNode,
  FormBounds,
  withinBounds,
} from './drawableGraph';

/** Mermaid itself refuses more than 500 edges, and texts of more than 50,000 characters. */
const BOUNDS: FormBounds = { nodes: 400, edges: 500 };
const LONGEST_LABEL = 120;

/**
 * A Mermaid flowchart. Its nodes are numbered, so that no name can mean anything to Mermaid; what a bound left out
 * stands in a comment and in a node of its own.
 */
export function mermaidForm(
  graph: DrawableGraph,
  bounds: Partial<FormBounds> = {},
): string {
  const { nodes, edges, leftOut } = withinBounds(graph, {
    ...BOUNDS,
    ...bounds,
  });
  const numbers = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const down = nodes.flatMap(({ id, state }) =>
    state === 'DOWN' ? [numbers.get(id)!] : [],
  );
  return [
    'flowchart LR',
    ...(leftOut ? [`  %% ${leftOut}`] : []),
    ...nodes.map(node => `  ${numbers.get(node.id)}["${nodeLabel(node)}"]`),
    ...edges.map(({ source, target, relationType }) => {
      const label = relationType ? `|"${mermaidText(relationType)}"|` : '';
      return `  ${numbers.get(source)} -->${label} ${numbers.get(target)}`;
    }),
    ...(leftOut ? [`  leftOut["${mermaidText(leftOut)}"]`] : []),
    ...(down.length > 0
      ? [
          '  classDef down stroke:#d32f2f,stroke-width:2px',
          `  class ${down.join(',')} down`,
        ]
      : []),
    '',
  ].join('\n');
}

function nodeLabel({ name, type, namespace, status, state }: DrawableNode) {
  const place = namespace === '' ? type : `${type} in ${namespace}`;
  return [name, place, status ?? state ?? '']
    .filter(line => line !== '')
    .map(mermaidText)
    .join('<br/>');
}

/**
 * Text for a quoted label. Whatever could end the quote, begin a directive, a tag or Markdown is written as Mermaid's
 * character entity (`#34;`).
 */
export function mermaidText(text: string): string {
  const shown = [...text.slice(0, LONGEST_LABEL + 1)];
  const cut =
    shown.length > LONGEST_LABEL
      ? [...shown.slice(0, LONGEST_LABEL), '…']
      : shown;
  return cut
    .map((character, index) => entity(character, cut[index + 1]))
    .join('');
}

function entity(character: string, next: string | undefined): string {
  // "1. " and "- " would begin a list.
  const isMarker = next === ' ' && (character === '.' || character === '-');
  if (/^[\p{L}\p{M}\p{N} ._/:,=…-]$/u.test(character) && !isMarker) {
    return character;
  }
  return /^[\p{Cc}\p{Surrogate}]$/u.test(character)
    ? '#65533;'
    : `#${character.codePointAt(0)};`;
}
