const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;
const UNSTORABLE =
  // eslint-disable-next-line no-control-regex
  /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * JSON that PostgreSQL stores: it refuses NUL and half characters, both of which a container's termination message
 * may hold. They become U+FFFD.
 */
export function postgresJson(value: unknown): string {
  const text = JSON.stringify(value);
  return SUSPICIOUS.test(text) ? JSON.stringify(storable(value)) : text;
}

/** The same for JSON that is text already. */
export function storableJson(text: string): string {
  return SUSPICIOUS.test(text)
    ? JSON.stringify(storable(JSON.parse(text)))
    : text;
}

/** A text as PostgreSQL stores it. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD');
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') {
    return storableText(value);
  }
  if (Array.isArray(value)) {
    return value.map(storable);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        storableText(name),
        storable(field),
      ]),
    );
  }
  return value;
}
