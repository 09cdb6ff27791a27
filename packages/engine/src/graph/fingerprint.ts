import { Verdict, withoutHeartbeat } from '../kinds/status';

/**
 * A 53-bit hash of a text, in pieces that need not be joined: tells whether content changed without keeping the
 * content. Not for secrets, not against an adversary; two different states of one object collide once in 10^16. (cyrb53: two interleaved 32-bit
 * multiply-xor lanes, about 1 ns a character.)
 */
export function fingerprint(...texts: string[]): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const text of texts) {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507);
  high ^= Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507);
  low ^= Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

export function verdictPrint(verdict: Verdict): number {
  return fingerprint(JSON.stringify(withoutHeartbeat(verdict)));
}

/** JSON with sorted keys: PostgreSQL's jsonb forgets the order in which an object was written. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalJson).join()}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = value as Record<string, unknown>;
    let text = '{';
    for (const name of Object.keys(fields).sort()) {
      if (fields[name] !== undefined) {
        const comma = text === '{' ? '' : ',';
        text += `${comma}${JSON.stringify(name)}:${canonicalJson(
          fields[name],
        )}`;
      }
    }
    return `${text}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** The hash of a row of `nodes`: what was observed, and the verdict, which may change alone. */
export function rowHash(content: number, verdict: number): string {
  return `${content}.${verdict}`;
}

/** Both halves of `rowHash`; `NaN` (equal to nothing) for a text that it did not write. */
export function parseRowHash(hash: string): {
  content: number;
  verdict: number;
} {
  const match = /^(\d+)\.(\d+)$/.exec(hash);
  return match
    ? { content: Number(match[1]), verdict: Number(match[2]) }
    : { content: NaN, verdict: NaN };
}
