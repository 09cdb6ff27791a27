/** A text as it is written in a query. */
export function gremlinText(text: string): string {
  const escaped = text.replace(/[\\'\n\t\r]/g, character => {
    switch (character) {
      case '\n':
        return '\\n';
      case '\t':
        return '\\t';
      case '\r':
        return '\\r';
      default:
        return `\\${character}`;
    }
  });
  return `'${escaped}'`;
}

/** Characters of keys in one query; a query may have 10,000. */
const LENGTH = 8_000;

/** `V('a', 'b')` for all keys, in as many queries as it takes. */
export function verticesOf(keys: readonly string[]): string[] {
  const parts: string[] = [];
  let part: string[] = [];
  let length = 0;
  for (const key of keys) {
    const text = gremlinText(key);
    if (length + text.length > LENGTH && part.length > 0) {
      parts.push(`V(${part.join(',')})`);
      part = [];
      length = 0;
    }
    part.push(text);
    length += text.length + 1;
  }
  return part.length > 0 ? [...parts, `V(${part.join(',')})`] : parts;
}
