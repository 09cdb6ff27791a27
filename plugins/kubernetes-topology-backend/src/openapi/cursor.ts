import { InputError } from '@backstage/errors';

/**
 * Where the next page of a question begins. Callers only hand it back: what it says may change, and it is refused with
 * another question than its own. The same cursor always begins at the same place.
 */
export function cursorOf(
  question: readonly unknown[],
  place: Record<string, number>,
): string {
  return Buffer.from(
    JSON.stringify({ ...place, question: fingerprint(question) }),
  ).toString('base64url');
}

/**
 * @param names the numbers that the place consists of
 * @throws InputError for a text that is no cursor of this question
 */
export function placeOf<Name extends string>(
  cursor: string | undefined,
  question: readonly unknown[],
  names: readonly Name[],
): Record<Name, number> | undefined {
  if (cursor === undefined) {
    return undefined;
  }
  const place = read(cursor);
  if (
    place?.question !== fingerprint(question) ||
    !names.every(name => Number.isSafeInteger(place[name]))
  ) {
    throw new InputError(
      'The cursor does not belong to this request: pass nextCursor of the page before, with the same other parameters',
    );
  }
  return place as Record<Name, number>;
}

function read(cursor: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** FNV-1a: it tells questions apart, it protects nothing. */
function fingerprint(question: readonly unknown[]): number {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(question)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  }
  return hash;
}
