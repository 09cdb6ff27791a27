import { CausalGraphNode } from './causalGraph';

/** Whether what the node says of itself names the other object: as a word of its own, not inside another name. */
export function isNamedBy(
  node: CausalGraphNode,
  other: CausalGraphNode,
): boolean {
  const texts = [
    node.verdict.message ?? '',
    ...node.verdict.evidence.map(({ value }) => value),
  ];
  return texts.some(text => hasWord(text, other.name));
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + word.length] ?? ' '}`;
    if (!/[A-Za-z0-9_-]/.test(around)) {
      return true;
    }
  }
  return false;
}
