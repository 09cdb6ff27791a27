import { GremlinError, Place } from '../gremlinError';

const ESCAPES: Record<string, string> = {
  "'": "'",
  '"': '"',
  '\\': '\\',
  n: '\n',
  t: '\t',
  r: '\r',
};

/**
 * The text between quotes, escapes resolved. A backslash before anything else stays, so that a regular expression
 * such as `'web-\d+'` reads as it is written (Skydive has no escapes at all).
 */
export function textLiteral(query: string, image: string, at: Place): string {
  const value = image
    .slice(1, -1)
    .replace(
      /\\(?:u([0-9A-Fa-f]{4})|([\s\S]))/g,
      (written, code?: string, character?: string) =>
        code !== undefined
          ? String.fromCharCode(parseInt(code, 16))
          : ESCAPES[character!] ?? written,
    );
  if (!isStorable(value)) {
    throw new GremlinError({
      text: query,
      at,
      problem: 'a text holds a character that no database can (NUL or half)',
    });
  }
  return value;
}

/** Neither NUL nor half of a surrogate pair: what both databases keep as it is. */
export function isStorable(text: string): boolean {
  return !/[\0\uD800-\uDFFF]/u.test(text);
}
