/** The letters that Kubernetes builds names from: no vowels, no look-alikes. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** Names and ids out of one source of randomness, so that a seed makes them repeatable. */
export class RandomNames {
  readonly #random: () => number;

  /** @param random in [0, 1) */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** What follows `generateName`. */
  suffix(length: number = 5): string {
    return Array.from(
      { length },
      () => LETTERS[Math.floor(this.#random() * LETTERS.length)],
    ).join('');
  }

  uid(): string {
    const hex = this.hex(32);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `a${hex.slice(17, 20)}`,
      hex.slice(20),
    ].join('-');
  }

  hex(length: number): string {
    return Array.from({ length }, () =>
      Math.floor(this.#random() * 16).toString(16),
    ).join('');
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

/** The short hash that Kubernetes puts into names of ReplicaSets and revisions (its letters, not its function). */
export function nameHash(value: unknown): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(value)) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  }
  return [...String(hash)]
    .map(digit => LETTERS[digit.charCodeAt(0) % LETTERS.length])
    .join('');
}

/** A repeatable source of randomness (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
