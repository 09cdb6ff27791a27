/**
 * A name that fits: the middle goes, because generated names differ at their end (`…-7d775cb4f6-nv2rb`).
 */
export function shortName(name: string, length: number): string {
  if (name.length <= length) {
    return name;
  }
  const tail = Math.min(12, Math.floor((length - 1) / 2));
  return `${name.slice(0, length - 1 - tail)}…${name.slice(-tail)}`;
}
