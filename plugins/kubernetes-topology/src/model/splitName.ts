/** Generated names differ at their end (`…-7d775cb4f6-nv2rb`): so many letters of it are always shown. */
const TAIL = 11;

/** A name in two parts, of which a narrow box may cut the first one. */
export function splitName(name: string): { head: string; tail: string } {
  return name.length <= 2 * TAIL
    ? { head: name, tail: '' }
    : { head: name.slice(0, -TAIL), tail: name.slice(-TAIL) };
}
