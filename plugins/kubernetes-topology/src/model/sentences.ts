/** The first sentence of a text and what follows it: a headline and its proof. */
export function firstSentence(text: string): { first: string; rest: string } {
  const end = /[.!?]["”’)]?\s+(?=["“(]?[A-Z])/.exec(text);
  return end
    ? {
        first: text.slice(0, end.index + end[0].trimEnd().length),
        rest: text.slice(end.index + end[0].length),
      }
    : { first: text, rest: '' };
}
