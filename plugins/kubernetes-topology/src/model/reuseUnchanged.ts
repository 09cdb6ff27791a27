/**
 * The new list with every item that says the same as before taken from the old one, so that React leaves what did
 * not change alone.
 */
export function reuseUnchanged<T>(
  former: readonly T[],
  current: readonly T[],
  identity: (item: T) => string,
): T[] {
  const known = new Map(former.map(item => [identity(item), item]));
  return current.map(item => {
    const same = known.get(identity(item));
    return same !== undefined && JSON.stringify(same) === JSON.stringify(item)
      ? same
      : item;
  });
}
